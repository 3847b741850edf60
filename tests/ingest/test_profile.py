from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ingest.data_root import DataRoot
from ingest.raw.read import load_month
from ingest.reference import profile_figures
from tests.ingest.support import NOW, edited, kinds, read_one, send

COUNTY, FIRST, SECOND = "990101000000", "990101001000", "990101002000"
HEADER = ["序号", "指标", "单位", "甲街道", "乙街道", "合计"]
PRINTED = {
    "T08": ["28,905", "1.9万", None],
    "T14": [None, None, "30.1%"],
    "T09": [3, "—", None],
    "T58": [None, None, "7–8"],
}


def profile(path: Path, header: list[str] | None = None) -> Path:
    """A small 概况表: a title, the reporting month, a row per figure."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "概况表"
    sheet.append(["两街道基层治理概况表"])
    sheet.append(["报告期：2024年3月"])
    sheet.append(header or HEADER)
    for number, figure in enumerate(profile_figures(), start=1):
        sheet.append([number, figure.name_zh, figure.unit, *PRINTED.get(figure.figure_code, [None] * 3)])
    book.save(path)
    return path


def cells(rows: list[dict[str, Any]]) -> dict[tuple[str, str], Any]:
    return {(row["figure_code"], row["unit_code"]): row for row in rows}


def test_each_printed_cell_is_a_row_with_its_unit_and_its_place(root: DataRoot, tmp_path: Path) -> None:
    report = send(root, profile(tmp_path / "概况.xlsx"))
    assert [accepted.submission_id for accepted in report.accepted] == [f"profile-2024-03-{COUNTY}-v1"]
    assert [(a.cells_found, a.cells_loaded, a.cells_blank) for a in report.accepted] == [(183, 5, 178)]
    found = cells(load_month(root, date(2024, 3, 1))["profile_figures"].to_pylist())
    assert found.keys() == {
        ("T08", FIRST),
        ("T08", SECOND),
        ("T14", COUNTY),
        ("T09", FIRST),
        ("T09", SECOND),
        ("T58", COUNTY),
    }
    row = found[("T08", SECOND)]
    assert (row["text"], row["value"], row["step"]) == ("1.9万", Decimal(19000), Decimal(1000))
    assert (row["sheet"], row["column_letter"], row["row_number"]) == ("概况表", "E", 11)
    assert (found[("T09", SECOND)]["text"], found[("T09", SECOND)]["value"]) == ("—", None)


@pytest.mark.parametrize(
    "header",
    [
        ["序号", "指标", "单位", "甲", "乙", "全市"],
        ["编号", "指标名称", "计量单位", "甲街道办事处", "示例市乙街道", "示例市"],
    ],
)
def test_columns_are_known_by_name_short_name_and_alias(header: list[str], root: DataRoot, tmp_path: Path) -> None:
    expected = read_one(root, profile(tmp_path / "a.xlsx")).rows["profile_figures"]
    assert read_one(root, profile(tmp_path / "b.xlsx", header)).rows["profile_figures"] == expected


def test_moved_rows_and_columns_give_the_same_figures(root: DataRoot, tmp_path: Path) -> None:
    def move(book: Any) -> None:
        sheet = book["概况表"]
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
        sheet.delete_rows(3, len(rows) + 1)
        sheet.append(["指标", "合计", "乙街道", "单位", "甲街道"])
        for _, name, unit, first, second, county in reversed(rows):
            sheet.append([name, county, second, unit, first])

    plain = cells(read_one(root, profile(tmp_path / "a.xlsx")).rows["profile_figures"])
    moved = cells(read_one(root, edited(tmp_path / "b.xlsx", move, tmp_path / "a.xlsx")).rows["profile_figures"])
    assert {key: row["value"] for key, row in moved.items()} == {key: row["value"] for key, row in plain.items()}


def test_a_column_of_nobody_and_a_row_of_nothing_are_rejected(root: DataRoot, tmp_path: Path) -> None:
    def widen(book: Any) -> None:
        sheet = book["概况表"]
        sheet["G3"], sheet["G4"] = "丙街道", 12
        sheet["B70"], sheet["D70"] = "幸福指数", 99

    profile(tmp_path / "a.xlsx")
    submission = read_one(root, edited(tmp_path / "b.xlsx", widen, tmp_path / "a.xlsx"))
    assert {"column_unknown", "item_unknown"} <= kinds(submission)
    assert submission.counts.rejected == 2


def test_the_report_as_printed_is_read_without_a_loss(root: DataRoot) -> None:
    source = Path(__file__).parents[2] / "examples" / "source_report" / "概况表.xlsx"
    (accepted,) = send(root, source).accepted
    assert accepted.cells_rejected == 0
    found = cells(load_month(root, date(2024, 3, 1))["profile_figures"].to_pylist())
    assert (found[("T02", SECOND)]["value"], found[("T02", SECOND)]["qualifier"]) == (Decimal(50), "nearly")
    assert (found[("T58", COUNTY)]["value"], found[("T58", COUNTY)]["value_to"]) == (Decimal(7), Decimal(8))
    assert (found[("T60", COUNTY)]["value"], found[("T60", COUNTY)]["qualifier"]) == (Decimal(1600), "over")
    assert found[("T11", COUNTY)]["value"] == Decimal(1861)


def test_a_changed_figure_is_a_new_version_that_says_so(root: DataRoot, tmp_path: Path) -> None:
    send(root, profile(tmp_path / "a.xlsx"))

    def correct(book: Any) -> None:
        book["概况表"]["D11"] = "28,906"

    send(root, edited(tmp_path / "b.xlsx", correct, tmp_path / "a.xlsx"), now=NOW)
    problems = load_month(root, date(2024, 3, 1))["problems"].to_pylist()
    said = [problem["message"] for problem in problems if problem["kind"] == "corrected"]
    assert said == [f"更正：版本 2，与上一版本有 1 处不同（{FIRST} T08），不重复累计"]
