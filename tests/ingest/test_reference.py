from __future__ import annotations

import csv
from dataclasses import fields
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from ingest.data_root import DataRoot
from ingest.forms.load import FormError, monthly_report_form, profile_form, read_form
from ingest.forms.models import ProfileForm
from ingest.inbox import ingest_inbox
from ingest.problems import REFUSALS, SENTENCES
from ingest.reference import REFERENCE_TABLES, ReferenceTableError, Unit, read_units
from ingest.reference.publish import DERIVED_TABLES, write_reference
from ingest.reference.star_items import star_items
from ingest.units import Register
from tests.ingest.support import NOW, PROJECT, register

UNIT = TypeAdapter(Unit)


def test_every_reference_table_is_published_with_types(root: DataRoot) -> None:
    write_reference(root)
    folder = root.raw / "reference"
    assert {path.stem for path in folder.iterdir()} == {*REFERENCE_TABLES, *DERIVED_TABLES}
    criteria = pq.read_table(folder / "star_criteria.parquet")
    assert criteria.schema.field("threshold").type == pa.decimal128(18, 4)
    assert criteria.schema.field("valid_from").type == pa.date32()
    units = pq.read_table(folder / "units.parquet").to_pylist()
    assert units[1]["aliases"] == "甲街道办事处;示例市甲街道"
    assert units[1]["valid_to"] is None


def test_an_item_knows_the_stars_that_read_it_in_the_month_and_scheme(root: DataRoot) -> None:
    march = date(2024, 3, 1)
    assert star_items(root, march)["village", "H01"] == ("文明幸福",)
    assert star_items(root, march)["village", "F04"] == ("平安法治",)
    assert ("village", "P02") not in star_items(root, march)
    assert star_items(root, date(2019, 1, 1)) == {}


def test_an_unchanged_reference_table_stays_untouched(root: DataRoot) -> None:
    write_reference(root)
    before = {path: path.stat().st_mtime_ns for path in (root.raw / "reference").iterdir()}
    root.units_file.write_text(root.units_file.read_text(encoding="utf-8").replace("东渠", "冬渠"), encoding="utf-8")
    write_reference(root)
    changed = [path.name for path, time in before.items() if path.stat().st_mtime_ns != time]
    assert changed == ["units.parquet"]


def test_an_empty_own_table_keeps_its_columns(root: DataRoot) -> None:
    (root.reference / "reporting_calendar.csv").write_text(
        "form,due_day,note_zh,valid_from,valid_to\n", encoding="utf-8"
    )
    write_reference(root)
    table = pq.read_table(root.raw / "reference" / "reporting_calendar.parquet")
    assert (table.num_rows, table.schema.field("due_day").type) == (0, pa.int64())


@pytest.mark.parametrize("rows", [0, 400])
def test_a_register_that_is_not_utf_8_says_so_however_long_it_is(root: DataRoot, rows: int) -> None:
    text = root.units_file.read_text(encoding="utf-8")
    line = text.splitlines()[-1]
    root.units_file.write_bytes((text + f"{line}\n" * rows).encode() + line.encode("gbk"))
    with pytest.raises(ReferenceTableError, match="不是 UTF-8 编码"):
        read_units(root)


def test_a_missing_register_says_what_to_do(root: DataRoot) -> None:
    root.units_file.unlink()
    with pytest.raises(ReferenceTableError, match="wuxing init"):
        ingest_inbox(root, NOW)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("990101001999,新社区,village,990101001000,,,2020-01-01,,,", "，level 列："),
        ("990101001999,新社区,community,990101001000,,,2020-13-01,,,", "，valid_from 列："),
        ("990101001999,新社区", "，valid_from 列："),
        ("990101001999,新社区,community,990101001000,,,2020-01-01,,,,备注", "：比表头多出 1 格"),
    ],
)
def test_a_wrong_row_is_named_by_the_line_and_column_that_excel_shows(root: DataRoot, line: str, said: str) -> None:
    text = root.units_file.read_text(encoding="utf-8")
    root.units_file.write_text(f"{text}\n{line}\n", encoding="utf-8")
    row = len(text.splitlines()) + 2  # behind an empty line
    with pytest.raises(ReferenceTableError, match=rf"units\.csv 第 {row} 行{said}"):
        read_units(root)


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("unit_code", "缺少列 level；多出或重复的列 unit_code"),
        ("level,level", "多出或重复的列 level"),
        ("level,备注", "多出或重复的列 备注"),
    ],
)
def test_a_header_says_which_columns_it_lacks_or_has_too_many(root: DataRoot, header: str, said: str) -> None:
    text = root.units_file.read_text(encoding="utf-8")
    root.units_file.write_text(text.replace("level", header, 1), encoding="utf-8")
    with pytest.raises(ReferenceTableError, match=rf"units\.csv 第 1 行：.*{said}"):
        read_units(root)


@given(st.permutations([field.name for field in fields(Unit)]), st.booleans(), st.booleans())
def test_columns_stand_in_any_order_and_blanks_at_the_end_may_be_left_out(
    tmp_path_factory: pytest.TempPathFactory, names: list[str], shortened: bool, spaced: bool
) -> None:
    root = DataRoot(tmp_path_factory.mktemp("register"))
    root.units_file.parent.mkdir(parents=True)
    with (PROJECT / "examples" / "units.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    lines = [",".join(row[name] for name in names) for row in rows]
    lines = [line.rstrip(",") for line in lines] if shortened else lines
    text = ("\n\n" if spaced else "\n").join([",".join(names), *lines])
    root.units_file.write_text(text, encoding="utf-8")
    assert [vars(unit) for unit in read_units(root)] == [vars(UNIT.validate_python(row)) for row in rows]


def test_the_forms_describe_every_item_once() -> None:
    assert monthly_report_form().form == "monthly_report"
    assert profile_form().form == "profile"


def test_a_wrong_form_description_is_refused_with_its_file(tmp_path: Path) -> None:
    path = tmp_path / "profile.yml"
    text = (PROJECT / "ingest" / "forms" / "profile.yml").read_text(encoding="utf-8")
    path.write_text(text + "\ncolour: red\n", encoding="utf-8")
    with pytest.raises(FormError, match=r"profile\.yml.*colour"):
        read_form(path, ProfileForm)


def test_every_sentence_for_the_clerk_is_chinese() -> None:
    sentences = [sentence for _, sentence in SENTENCES.values()] + list(REFUSALS.values())
    assert all(any("一" <= mark <= "鿿" for mark in sentence) for sentence in sentences)
    assert {severity for severity, _ in SENTENCES.values()} == {"rejected", "flagged", "note"}


def test_a_unit_is_known_only_while_it_exists(root: DataRoot) -> None:
    text = root.units_file.read_text(encoding="utf-8")
    text = text.replace(
        "990101001204,沙塘村,community,990101001000,城郊村,village,2020-01-01,,,",
        "990101001204,沙塘村,community,990101001000,城郊村,village,2020-01-01,2023-12-31,990101001203,",
    )
    root.units_file.write_text(text, encoding="utf-8")
    units: Register = register(root)
    assert units.get("990101001204", date(2023, 12, 1)) is not None
    assert units.get("990101001204", date(2024, 1, 1)) is None
    assert units.by_name("沙塘村", date(2024, 1, 1), "community") == []
