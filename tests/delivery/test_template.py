from __future__ import annotations

import shutil
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from openpyxl.cell.cell import MergedCell

from delivery.spreadsheet.save import to_bytes
from delivery.template import NoUnit, template
from delivery.template.layout import (
    COMMUNITY_ITEMS,
    FIRST_ROW,
    SUBDISTRICT_ITEMS,
    group_columns,
    item_columns,
    summary_rows,
)
from ingest.data_root import DataRoot
from ingest.inbox import ingest_inbox
from ingest.raw.read import load_month
from orchestration.cli import main
from tests.ingest.support import FILES, NOW, new_root, read_one, rows_of

SUBDISTRICT, MARCH = "990101001000", date(2024, 3, 1)
TABLE, LIST = "社区月报", "街道汇总"
TOTAL_ROW = 15


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> DataRoot:
    """February of 甲街道 is in; tests only read."""
    root = new_root(tmp_path_factory.mktemp("template") / "data")
    shutil.copy(FILES / "甲街道2024年2月.xlsx", root.inbox)
    ingest_inbox(root, NOW)
    return root


@pytest.fixture(scope="module")
def content(root: DataRoot) -> bytes:
    return template(root, SUBDISTRICT, MARCH)


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(BytesIO(content))


def test_items_that_seldom_change_are_prefilled_and_the_others_blank(root: DataRoot, content: bytes) -> None:
    sheet = opened(content)[TABLE]
    [sent] = [
        row
        for row in load_month(root, date(2024, 2, 1))["monthly_report_communities"].to_pylist()
        if row["community_code"] == "990101001001"
    ]
    for column, item in item_columns():
        value, before = sheet.cell(FIRST_ROW, column).value, sent[item.column_name]
        if item.asked == "monthly":
            assert value is None, item.item_code
        else:
            assert value == ({True: "是", False: "否"}[before] if isinstance(before, bool) else before), item.item_code


def test_only_asked_cells_are_open(content: bytes) -> None:
    book = opened(content)
    sheet = book[TABLE]
    cells = [cell for row in sheet.iter_rows() for cell in row if not isinstance(cell, MergedCell)]
    open_cells = {cell.coordinate for cell in cells if not cell.protection.locked}
    asked = {sheet.cell(row, column).coordinate for row in range(FIRST_ROW, TOTAL_ROW) for column, _ in item_columns()}
    assert open_cells == asked | {"A16"}
    assert {cell.coordinate for row in book[LIST].iter_rows() for cell in row if not cell.protection.locked} == {
        f"D{row}" for row, _ in summary_rows()
    }
    assert all(each.protection.sheet and each.protection.password is None for each in book.worksheets)


def test_totals_are_formulas_and_what_is_asked_is_typed(content: bytes) -> None:
    sheet = opened(content)[TABLE]
    for column, item in item_columns():
        letter = sheet.cell(TOTAL_ROW, column).column_letter
        wanted = f"=SUM({letter}5:{letter}14)" if item.additive else None
        assert sheet.cell(TOTAL_ROW, column).value == wanted
        assert not str(sheet.cell(FIRST_ROW, column).value).startswith("=")


def test_every_asked_cell_is_checked_with_a_chinese_prompt(content: bytes) -> None:
    book = opened(content)
    for sheet, items in ((book[TABLE], COMMUNITY_ITEMS), (book[LIST], SUBDISTRICT_ITEMS)):
        checks = sheet.data_validations.dataValidation
        assert len(checks) == len(items)
        for item, check in zip(items, checks, strict=True):
            assert check.promptTitle.startswith(item.item_code)
            assert check.error.startswith(item.name_zh)
            assert len(check.promptTitle) <= 32
            assert max(len(check.prompt), len(check.error)) <= 255
    by_code = {check.promptTitle.split()[0]: check for check in book[TABLE].data_validations.dataValidation}
    assert by_code["F01"].formula1 == '"是,否"'
    assert (by_code["P01"].type, by_code["P01"].formula1, by_code["P01"].errorStyle) == ("whole", "1", "stop")
    assert (by_code["E01"].formula1, by_code["E01"].errorStyle) == ("0", "warning")


def test_every_header_carries_its_definition(content: bytes) -> None:
    sheet = opened(content)[TABLE]
    for column, item in item_columns():
        assert sheet.cell(4, column).comment.text.startswith(f"{item.item_code} {item.name_zh}")
    [surplus] = [column for column, item in item_columns() if item.item_code == "E06"]
    assert "经营收益应等于三项收入减两项支出" in sheet.cell(4, surplus).comment.text


def fill_in(content: bytes, folder: Path) -> Path:
    """Type what the sample of March says into the open cells, as a spreadsheet program saves it."""
    book, sample = opened(content), openpyxl.load_workbook(FILES / "甲街道2024年3月.xlsx")
    results = {}
    for column, item in item_columns():
        for row in range(FIRST_ROW, TOTAL_ROW):
            book[TABLE].cell(row, column).value = sample[TABLE].cell(row, column).value
        if item.additive:
            results[book[TABLE].cell(TOTAL_ROW, column).coordinate] = sample[TABLE].cell(TOTAL_ROW, column).value
    for row, _ in summary_rows():
        book[LIST].cell(row, 4).value = sample[LIST].cell(row, 4).value
    path = folder / "甲街道2024年3月.xlsx"
    path.write_bytes(to_bytes(book, MARCH, {TABLE: results}))
    return path


def test_a_filled_template_is_accepted_without_a_word(root: DataRoot, content: bytes, tmp_path: Path) -> None:
    submission = read_one(root, fill_in(content, tmp_path))
    sample = read_one(root, FILES / "甲街道2024年3月.xlsx")
    assert submission.problems == []
    assert (submission.month, submission.unit_code) == (MARCH, SUBDISTRICT)
    for name in ("monthly_report_communities", "monthly_report_subdistricts", "monthly_report_totals"):
        assert rows_of(submission, name) == rows_of(sample, name)
    assert rows_of(submission, "monthly_report_communities")[0]["operating_surplus"] == Decimal("40.32")


def test_an_empty_template_reads_as_blanks_only(root: DataRoot, content: bytes, tmp_path: Path) -> None:
    (tmp_path / "空白.xlsx").write_bytes(content)
    assert read_one(root, tmp_path / "空白.xlsx").problems == []


def test_the_same_data_give_the_same_bytes(root: DataRoot, content: bytes) -> None:
    assert template(root, SUBDISTRICT, MARCH) == content


def test_without_an_earlier_report_nothing_is_prefilled(root: DataRoot) -> None:
    book = opened(template(root, "990101002000", MARCH))
    assert book[TABLE].cell(FIRST_ROW, 4).value is None
    assert "没有上月数" in book["封面"]["B10"].value


def test_an_unknown_subdistrict_is_answered_with_those_there_are(root: DataRoot) -> None:
    with pytest.raises(NoUnit, match="990101001000 甲街道"):
        template(root, "990101009000", MARCH)


def test_an_existing_file_is_not_overwritten(root: DataRoot, tmp_path: Path) -> None:
    target = tmp_path / "有.xlsx"
    target.write_bytes(b"mine")
    wanted = ["--subdistrict", SUBDISTRICT, "--month", "2024-03", "-o", str(target)]
    result = CliRunner().invoke(main, ["--data", str(root.path), "template", *wanted])
    assert result.exit_code != 0
    assert "已存在" in result.output
    assert target.read_bytes() == b"mine"


def test_a_name_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    root = new_root(tmp_path / "data")
    root.units_file.write_text(root.units_file.read_text(encoding="utf-8-sig").replace("甲一社区,", "=1+1,"), "utf-8")
    cell = opened(template(root, SUBDISTRICT, MARCH))[TABLE].cell(FIRST_ROW, 3)
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=1+1", "s", True)


def test_pages_end_where_groups_of_items_do(content: bytes) -> None:
    sheet = opened(content)[TABLE]
    ends = {columns[-1] for columns in group_columns()}
    breaks = [each.id for each in sheet.col_breaks.brk]
    assert set(breaks) < ends
    assert len(breaks) == 2


def test_what_stands_above_and_below_the_table_is_whole_on_every_printed_page(content: bytes) -> None:
    """Later pages repeat only the columns of the names: nothing is merged beyond them, and each line has its height."""
    sheet = opened(content)[TABLE]
    bands = [1, 2, TOTAL_ROW + 1, TOTAL_ROW + 2]
    assert sheet.print_title_cols == "$A:$C"
    assert {f"A{row}:C{row}" for row in bands} <= {str(merged) for merged in sheet.merged_cells.ranges}
    assert sheet["A2"].value.splitlines() == ["填报单位（盖章）：甲街道办事处", "报告期：2024年3月", "金额单位：万元"]
    for row in bands:
        cell = sheet.cell(row, 1)
        assert cell.alignment.wrap_text
        assert sheet.row_dimensions[row].height >= cell.font.size * len(cell.value.splitlines())
