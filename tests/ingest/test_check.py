from __future__ import annotations

from datetime import date
from pathlib import Path

from ingest.batch import Refused
from ingest.check import Checked, read_for_check
from ingest.data_root import DataRoot
from ingest.raw.read import load_month
from ingest.raw.schema import TABLES
from tests.ingest.support import CLEAN, CORRECTED, FILES, NOW, send

MARCH = date(2024, 3, 1)


def _files(root: DataRoot) -> set[Path]:
    return {path for path in root.path.rglob("*") if path.is_file()}


def test_a_check_reads_as_the_inbox_would_and_writes_nothing(root: DataRoot) -> None:
    before = _files(root)
    checked = read_for_check(root, CLEAN, NOW)
    assert isinstance(checked, Checked)
    assert _files(root) == before
    assert (checked.form, checked.month, checked.unit_code) == ("monthly_report", MARCH, "990101001000")
    send(root, CLEAN)
    loaded = load_month(root, MARCH)
    assert checked.tables.keys() == loaded.keys()
    for name, table in checked.tables.items():
        assert table.schema == TABLES[name]
        assert table.drop_columns(["batch_id"]).num_rows == loaded[name].num_rows


def test_a_checked_correction_is_the_next_version(root: DataRoot) -> None:
    send(root, CLEAN)
    checked = read_for_check(root, CORRECTED, NOW)
    assert isinstance(checked, Checked)
    assert checked.tables["receipts"].column("version").to_pylist() == [2]


def test_a_check_says_why_a_file_would_be_refused(root: DataRoot) -> None:
    for name, kind in (
        ("zero_bytes.xlsx", "empty_file"),
        ("phone_column.xlsx", "personal_data"),
        ("没有.xlsx", "file_unreadable"),
    ):
        refused = read_for_check(root, FILES / name, NOW)
        assert isinstance(refused, Refused)
        assert refused.kind == kind
