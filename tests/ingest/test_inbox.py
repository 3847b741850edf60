from __future__ import annotations

import os
import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from ingest import inbox
from ingest.data_root import DataRoot
from ingest.inbox import InboxProgress, ingest_inbox, unseen
from ingest.raw.read import load_first_versions, load_month, months, receipts, refusals
from ingest.raw.snapshot import link_known
from ingest.reference import ReferenceTableError
from tests.ingest.support import CLEAN, COMMUNITIES, CORRECTED, FILES, NOW, OTHER, edited, new_root, send

MARCH = date(2024, 3, 1)


def visible(root: DataRoot) -> dict[str, list[dict[str, Any]]]:
    """All visible rows, without the name of the batch they came in."""
    return {
        f"{month}{name}": [{**row, "batch_id": ""} for row in table.to_pylist()]
        for month in months(root)
        for name, table in load_month(root, month).items()
    }


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_workbook_becomes_rows_that_remember_their_cells(root: DataRoot) -> None:
    report = send(root, CLEAN)
    (accepted,) = report.accepted
    assert accepted.submission_id == "monthly_report-2024-03-990101001000-v1"
    assert accepted.cells_found == accepted.cells_loaded == 502
    tables = load_month(root, MARCH)
    row = tables[COMMUNITIES].to_pylist()[0]
    headers = {header["item_code"]: header for header in tables["headers"].to_pylist()}
    assert (row["community_name"], row["operating_surplus__text"], str(row["operating_surplus"])) == (
        "甲一社区",
        "40.32",
        "40.32",
    )
    assert (row["sheet"], headers["E06"]["column_letter"], row["row_number"]) == ("社区月报", "AC", 5)
    assert (headers["S01"]["sheet"], headers["S01"]["column_letter"], headers["S01"]["row_number"]) == (
        "街道汇总",
        "D",
        5,
    )


def test_the_same_bytes_again_change_nothing(root: DataRoot, tmp_path: Path) -> None:
    send(root, CLEAN)
    before = files(root.raw)
    shutil.copy(CLEAN, root.inbox / "又一份.xlsx")
    report = ingest_inbox(root, NOW + timedelta(days=1))
    assert (report.accepted, report.refused, report.unchanged, report.months) == ([], [], 2, [])
    assert files(root.raw) == before
    assert unseen(root) == []


def test_a_correction_becomes_the_next_version_and_says_what_changed(root: DataRoot) -> None:
    send(root, CLEAN, OTHER)
    report = send(root, CORRECTED)
    assert [accepted.version for accepted in report.accepted] == [2]
    tables, first = load_month(root, MARCH), load_first_versions(root, MARCH)
    assert _participations(tables) == 144
    assert _participations(first) == 132
    assert len(tables[COMMUNITIES]) == 20
    said = [row["message"] for row in tables["problems"].to_pylist() if row["kind"] == "corrected"]
    assert said == ["更正：版本 2，与上一版本有 1 处不同（甲二社区 V03），不重复累计"]


def _participations(tables: dict[str, Any]) -> int:
    rows = tables[COMMUNITIES].to_pylist()
    return next(row["volunteer_participations"] for row in rows if row["community_code"] == "990101001002")


def test_several_files_of_a_unit_in_one_scan_are_versions_by_their_age(root: DataRoot) -> None:
    for age, path in ((2, CLEAN), (1, CORRECTED)):
        target = root.inbox / ("甲" * age + ".xlsx")
        shutil.copy(path, target)
        os.utime(target, (1_700_000_000 - age, 1_700_000_000 - age))
    ingest_inbox(root, NOW)
    found = {row["workbook"]: row["version"] for row in receipts(root).to_pylist()}
    assert found == {"甲甲.xlsx": 1, "甲.xlsx": 2}
    assert _participations(load_month(root, MARCH)) == 144


def test_versions_are_counted_over_the_batches_of_a_run(root: DataRoot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "BATCH_FILES", 1)
    for age, path in ((3, CLEAN), (2, CORRECTED), (1, CLEAN)):
        target = root.inbox / ("甲" * age + ".xlsx")
        shutil.copy(path, target)
        os.utime(target, (1_700_000_000 - age, 1_700_000_000 - age))
    report = ingest_inbox(root, NOW)
    assert [(accepted.workbook, accepted.version) for accepted in report.accepted] == [
        ("甲甲甲.xlsx", 1),
        ("甲甲.xlsx", 2),
    ]
    assert report.unchanged == 1
    assert _participations(load_month(root, MARCH)) == 144


def test_raw_can_be_linked_as_it_was_known(root: DataRoot, tmp_path: Path) -> None:
    send(root, CLEAN)
    send(root, CORRECTED, now=NOW + timedelta(days=3))
    then = DataRoot(tmp_path / "then")
    for until, participations in ((timedelta(days=1), 132), (timedelta(days=4), 144), (timedelta(days=3), 132)):
        link_known(root, then, NOW + until)
        assert _participations(load_month(then, MARCH)) == participations
    assert len(receipts(then)) == 1
    assert _participations(load_month(root, MARCH)) == 144


def test_a_month_is_not_visible_before_its_receipts(root: DataRoot) -> None:
    send(root, CLEAN, OTHER)
    whole = visible(root)
    for receipt in (root.raw / "receipts").glob("month=*/*.parquet"):
        receipt.unlink()
    assert months(root) == []
    assert all(len(table) == 0 for table in load_month(root, MARCH).values())
    ingest_inbox(root, NOW)
    assert visible(root) == whole


def test_a_receipt_that_was_lost_with_one_month_brings_back_that_month_alone(root: DataRoot) -> None:
    february = FILES / "甲街道2024年2月.xlsx"
    send(root, CLEAN, february)
    whole = visible(root)
    next((root.raw / "receipts" / "month=2024-02").glob("*.parquet")).unlink()
    report = ingest_inbox(root, NOW)
    assert [accepted.workbook for accepted in report.accepted] == [february.name]
    assert visible(root) == whole


def test_rows_of_a_crashed_batch_stay_invisible_beside_those_of_the_next(root: DataRoot) -> None:
    send(root, CLEAN)
    next((root.raw / "receipts" / "month=2024-03").glob("*.parquet")).unlink()
    shutil.copy(OTHER, root.inbox)
    ingest_inbox(root, NOW)
    assert len(list((root.raw / COMMUNITIES / "month=2024-03").iterdir())) == 2
    assert len(load_month(root, MARCH)[COMMUNITIES]) == 20


def test_originals_are_kept_under_their_hash(root: DataRoot) -> None:
    send(root, CLEAN)
    (sha256,) = receipts(root).column("sha256").to_pylist()
    assert (root.archive / f"{sha256}.xlsx").read_bytes() == CLEAN.read_bytes()


def test_refused_files_are_kept_with_their_reason_and_answered_once(root: DataRoot) -> None:
    refused = [
        FILES / name
        for name in ("zero_bytes.xlsx", "zip_archive.zip", "wrong_subdistrict.xlsx", "~$甲街道2024年3月.xlsx")
    ]
    report = send(root, *refused)
    assert {each.kind for each in report.refused} == {
        "empty_file",
        "archive_file",
        "unit_contradicts",
        "temporary_file",
    }
    reasons = sorted(root.quarantine.glob("*.reason.txt"))
    assert len(reasons) == len(refused)
    assert len(refusals(root)) == len(refused)
    again = send(root)
    assert (again.refused, again.unchanged) == ([], len(refused))


def test_an_empty_file_of_another_sender_is_answered_too(root: DataRoot) -> None:
    send(root, FILES / "zero_bytes.xlsx")
    (root.inbox / "乙街道.xlsx").write_bytes(b"")
    assert [each.workbook for each in send(root).refused] == ["乙街道.xlsx"]


def test_names_of_any_length_and_bytes_are_archived_and_quarantined(root: DataRoot) -> None:
    long_name = root.inbox / ("很" * 83 + ".xlsx")
    long_name.write_bytes(b"")
    (root.inbox / os.fsdecode(b"\xc4\xea.xlsx")).write_bytes(CLEAN.read_bytes())
    (root.inbox / "深" / "处").mkdir(parents=True)
    shutil.copy(OTHER, root.inbox / "深" / "处" / "乙.xlsx")
    report = ingest_inbox(root, NOW)
    assert len(report.accepted) == 2
    assert all(len(os.fsencode(path.name)) <= 255 for path in root.quarantine.iterdir())
    assert sum(path.name.endswith(".reason.txt") for path in root.quarantine.iterdir()) == 1


def test_what_is_no_regular_file_is_left_alone(root: DataRoot) -> None:
    os.mkfifo(root.inbox / "管道.xlsx")
    (root.inbox / "链接.xlsx").symlink_to(CLEAN)
    report = ingest_inbox(root, NOW)
    assert (report.accepted, report.refused, report.unchanged) == ([], [], 0)


def test_progress_counts_every_new_file_its_cells_and_the_refused(root: DataRoot) -> None:
    for place, source in enumerate((CLEAN, OTHER)):
        shutil.copy(source, root.inbox)
        os.utime(root.inbox / source.name, (place, place))
    (root.inbox / "空.xlsx").write_bytes(b"")
    steps: list[InboxProgress] = []
    report = ingest_inbox(root, NOW, steps.append)
    assert [(step.done, step.total) for step in steps] == [(1, 3), (2, 3), (3, 3)]
    first, second = (accepted.cells_found for accepted in report.accepted)
    assert [step.cells for step in steps] == [first, first + second, first + second]
    assert [step.refused for step in steps] == [0, 0, 1]


def test_unseen_names_files_before_they_are_read_and_none_after(root: DataRoot) -> None:
    shutil.copy(CLEAN, root.inbox)
    assert [path.name for path, _ in unseen(root)] == [CLEAN.name]
    ingest_inbox(root, NOW)
    assert unseen(root) == []


def test_the_same_inbox_gives_the_same_bytes(tmp_path: Path) -> None:
    roots = [new_root(tmp_path / name) for name in ("one", "two")]
    for each in roots:
        send(each, CLEAN, OTHER, CORRECTED, FILES / "zero_bytes.xlsx")
    assert files(roots[0].raw) == files(roots[1].raw)


def test_formulas_in_text_are_kept_as_text(root: DataRoot) -> None:
    send(root, FILES / "formula_injection.xlsx")
    rows = load_month(root, MARCH)[COMMUNITIES].to_pylist()
    assert rows[0]["honours_three_years__text"] == "=cmd|' /C calc'!A0"
    assert rows[0]["honours_three_years"] is None


def test_tables_can_be_opened_before_the_first_file(root: DataRoot) -> None:
    ingest_inbox(root, NOW)
    assert pq.read_table(root.raw / COMMUNITIES / "schema.parquet").num_rows == 0
    assert months(root) == []


def test_problems_carry_severity_place_and_sentence(root: DataRoot, tmp_path: Path) -> None:
    def blot(book: Any) -> None:
        book["社区月报"]["F5"] = "三千多"

    send(root, edited(tmp_path / "甲.xlsx", blot))
    (problem,) = load_month(root, MARCH)["problems"].to_pylist()
    assert (problem["severity"], problem["sheet"], problem["cell"]) == ("rejected", "社区月报", "F5")
    assert (problem["unit_code"], problem["item_code"], problem["text"]) == ("990101001001", "P03", "三千多")
    assert problem["message"] == "社区月报 F5：“三千多”不是数值，未入库，请填数字"


def test_a_file_that_the_register_did_not_know_is_read_again_when_the_register_has_changed(root: DataRoot) -> None:
    whole = root.units_file.read_text(encoding="utf-8")
    without = [line for line in whole.splitlines() if "乙" not in line]
    root.units_file.write_text("\n".join(without), encoding="utf-8")
    assert [each.kind for each in send(root, OTHER).refused] == ["unit_unknown"]
    assert (unseen(root), len(send(root).refused)) == ([], 0)

    root.units_file.write_text("\n".join([*without, ""]) + "\n", encoding="utf-8")
    assert [each.kind for each in send(root).refused] == ["unit_unknown"]
    assert unseen(root) == []

    root.units_file.write_text(whole, encoding="utf-8")
    assert [path.name for path, _ in unseen(root)] == [OTHER.name]
    [accepted] = send(root).accepted
    assert (accepted.unit_code, accepted.version) == ("990101002000", 1)
    assert (unseen(root), list(root.quarantine.iterdir())) == ([], [])
    assert len(refusals(root)) == 2


def test_a_file_that_vanishes_while_the_inbox_is_listed_stops_nothing(
    root: DataRoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy2(CLEAN, root.inbox)
    walk = os.walk
    monkeypatch.setattr(os, "walk", lambda top: [(folder, [], [*names, "~$gone"]) for folder, _, names in walk(top)])
    assert len(send(root).accepted) == 1


def test_a_wrong_register_is_said_whether_or_not_there_is_something_to_read(root: DataRoot) -> None:
    root.units_file.write_text(root.units_file.read_text("utf-8").replace("county", "shire"), encoding="utf-8")
    with pytest.raises(ReferenceTableError, match=r"units\.csv 第 2 行"):
        ingest_inbox(root, NOW)
    shutil.copy2(CLEAN, root.inbox)
    with pytest.raises(ReferenceTableError, match=r"units\.csv 第 2 行"):
        ingest_inbox(root, NOW)
    assert unseen(root)
