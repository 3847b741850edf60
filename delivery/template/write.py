"""Makes the workbook of a sub-district and month: prefilled, checked, locked where nothing is asked."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from openpyxl.comments import Comment
from openpyxl.styles import Alignment, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from delivery.spreadsheet.save import to_bytes
from delivery.spreadsheet.text import put_text
from delivery.template.checks import definition, limits, validation
from delivery.template.layout import (
    COMMUNITIES,
    COMMUNITY_ITEMS,
    COVER,
    COVER_NOTES_ROW,
    FIRST_ROW,
    HEAD_ROW,
    LABELS,
    SUMMARY,
    SUMMARY_HEADS,
    Content,
    Line,
    group_columns,
    in_chinese,
    item_columns,
    lay_out,
    summary_rows,
)
from delivery.template.prefill import Prefilled, prefill
from expectations.catalogue import Catalogue, load_catalogue
from ingest.data_root import DataRoot
from ingest.reference import Item, read_units
from ingest.units import Register

AUTHOR = "五星数仓"
OPEN, PREFILLED = PatternFill("solid", fgColor="FFFFFFFF"), PatternFill("solid", fgColor="FFE2EFDA")
LOCKED = PatternFill("solid", fgColor="FFEDEDED")
NOTE_WIDTH, NOTE_LINE = 300, 18
GAP = " {4,}"  # between the parts of a band
BODY_POINTS, CHARACTER_WIDTH, LINE_SPACING = 10, 2.2, 1.5  # widths of columns count digits of the body's size
NUMBER_FORMATS = {"integer": "0", "money": "0.00", "mean": "0.0", "bits": "@"}
A3, SCALE = 8, 69  # percent: 18 items beside the names fill the width of A3
ITEMS_ON_A_PAGE = 18  # 45 items on one sheet of A3 could not be read


class NoUnit(ValueError):
    """The register has no such sub-district in that month."""


def template(root: DataRoot, subdistrict: str, month: date) -> bytes:
    """The xlsx for ``subdistrict`` to fill for ``month``; the same data give the same bytes.

    Raises NoUnit for a code that is no sub-district of that month, ReferenceTableError or CatalogueError for wrong
    configuration.
    """
    register, catalogue = Register(read_units(root)), load_catalogue(root)
    unit = register.get(subdistrict, month)
    if unit is None or unit.level != "subdistrict" or not register.children(subdistrict, month):
        known = "、".join(f"{code} {name}" for code, name in _subdistricts(register, month))
        raise NoUnit(f"名册里 {month:%Y-%m} 没有街道 {subdistrict}（或其下没有社区）；可选：{known}")
    content = _content(unit.unit_name, subdistrict, month, register, prefill(root, subdistrict, month, register))
    book = lay_out(content)
    book.properties.creator = AUTHOR
    _finish_cover(book[COVER], content)
    _finish_communities(book[COMMUNITIES], content, catalogue)
    _finish_summary(book[SUMMARY], catalogue, month)
    for sheet in book.worksheets:
        _protect(sheet)
    book.active = book.sheetnames.index(COMMUNITIES)
    book[COVER].sheet_view.tabSelected = False
    book.calculation.fullCalcOnLoad = True
    return to_bytes(book, month, {COMMUNITIES: _results(content)})


def _subdistricts(register: Register, month: date) -> list[tuple[str, str]]:
    units = [unit for versions in register.versions.values() for unit in versions if unit.holds_on(month)]
    return sorted((unit.unit_code, unit.unit_name) for unit in units if unit.level == "subdistrict")


def _content(name: str, code: str, month: date, register: Register, known: Prefilled) -> Content:
    communities = register.children(code, month)
    last = FIRST_ROW + len(communities) - 1
    source = f"浅绿格已预填{in_chinese(known.month)}的数" if known.month else "没有上月数可预填，浅绿格请填写"
    return Content(
        name,
        code,
        month,
        [Line(unit.unit_code, unit.unit_name, known.communities.get(unit.unit_code, {})) for unit in communities],
        known.summary,
        {item.item_code: _sum(column, last) for column, item in item_columns() if item.additive},
        cover_notes=(
            f"填报说明：白格每月填写；{source}，有变化才改；灰格不用填，合计自动计算。",
            "金额单位为万元，收支类指标填年初至本月累计数；没有发生填 0，空白表示未填。光标停在表头可看口径。",
        ),
        footers=(
            "填表人：            审核人：            填表日期：",
            "注：1. 收支为年初至本月累计数；2. 空白表示未填，没有发生的填 0。",
        ),
    )


def _sum(column: int, last: int) -> str:
    letter = get_column_letter(column)
    return f"=SUM({letter}{FIRST_ROW}:{letter}{last})"


def _results(content: Content) -> dict[str, Any]:
    """What the totals' formulas give as long as nothing is filled in."""
    row = FIRST_ROW + len(content.lines)
    return {
        f"{get_column_letter(column)}{row}": sum(line.values.get(item.item_code) or 0 for line in content.lines)
        for column, item in item_columns()
        if item.additive
    }


def _finish_communities(sheet: Worksheet, content: Content, catalogue: Catalogue) -> None:
    first, last = FIRST_ROW, FIRST_ROW + len(content.lines) - 1
    for column, item in item_columns():
        letter = get_column_letter(column)
        _note(sheet.cell(HEAD_ROW, column), item, catalogue, content.month)
        _open(sheet, f"{letter}{first}:{letter}{last}", item, catalogue, content.month)
    total, width = last + 1, len(LABELS) + len(COMMUNITY_ITEMS)
    for column in range(1, width + 1):
        sheet.cell(total, column).fill = LOCKED
    for row in range(first, total):
        for column in range(1, len(LABELS) + 1):
            sheet.cell(row, column).fill = LOCKED
    sheet.cell(total + 1, 1).protection = Protection(locked=False)
    sheet.row_dimensions[HEAD_ROW].height = 66
    sheet.print_area = f"A1:{get_column_letter(width)}{total + len(content.footers)}"
    sheet.print_title_rows, sheet.print_title_cols = f"1:{HEAD_ROW}", "A:C"
    for row in (1, 2, *range(total + 1, total + 1 + len(content.footers))):
        _into_names(sheet, row, width)
    sheet.oddFooter.center.text = f"{content.name}{in_chinese(content.month)}社区月报表　第 &P 页，共 &N 页"
    _page(sheet, "landscape")
    _break_between_groups(sheet)


def _into_names(sheet: Worksheet, row: int, width: int) -> None:
    """Narrow a band to the columns that every printed page repeats: over all 48 it is whole on none but the first."""
    last = get_column_letter(len(LABELS))
    sheet.merged_cells.remove(f"A{row}:{get_column_letter(width)}{row}")
    sheet.merged_cells.add(f"A{row}:{last}{row}")
    cell = sheet.cell(row, 1)
    put_text(cell, re.sub(GAP, "\n", cell.value))
    cell.alignment = Alignment(horizontal="left", vertical="center", wrap_text=True)
    held = sum(sheet.column_dimensions[letter].width for letter in "ABC") * BODY_POINTS / cell.font.size
    lines = sum(1 + int(len(line) * CHARACTER_WIDTH / held) for line in cell.value.splitlines())
    sheet.row_dimensions[row].height = lines * LINE_SPACING * cell.font.size


def _finish_summary(sheet: Worksheet, catalogue: Catalogue, month: date) -> None:
    column = len(SUMMARY_HEADS)
    letter, last = get_column_letter(column), 0
    for row, item in summary_rows():
        _note(sheet.cell(row, 2), item, catalogue, month)
        _open(sheet, f"{letter}{row}", item, catalogue, month)
        last = row
    sheet.print_area = f"A1:{letter}{last}"
    _page(sheet, "portrait")


def _open(sheet: Worksheet, cells: str, item: Item, catalogue: Catalogue, month: date) -> None:
    """Unlock the item's cells and give them their check, colour and number format."""
    check = validation(item, limits(item, catalogue, month))
    check.add(cells)
    sheet.add_data_validation(check)
    found = sheet[cells]
    for cell in [row[0] for row in found] if isinstance(found, tuple) else [found]:
        cell.protection = Protection(locked=False)
        cell.fill = PREFILLED if item.asked == "prefilled" else OPEN
        cell.number_format = NUMBER_FORMATS.get(item.value_type, "General")


def _note(cell: Any, item: Item, catalogue: Catalogue, month: date) -> None:
    text = definition(item, catalogue, month)
    lines = sum(1 + len(line) // 22 for line in text.splitlines()) + 1
    cell.comment = Comment(text, AUTHOR, height=lines * NOTE_LINE, width=NOTE_WIDTH)


def _protect(sheet: Worksheet) -> None:
    """Against slips, not against people: there is no password, and columns may be widened."""
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False


def _finish_cover(sheet: Worksheet, content: Content) -> None:
    for row in range(COVER_NOTES_ROW, COVER_NOTES_ROW + len(content.cover_notes)):
        sheet.merge_cells(start_row=row, start_column=2, end_row=row, end_column=3)
        sheet.cell(row, 2).alignment = Alignment(vertical="top", wrap_text=True)
        sheet.row_dimensions[row].height = 44
    _page(sheet, "portrait")


def _page(sheet: Worksheet, orientation: str) -> None:
    sheet.page_setup.orientation = orientation
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _break_between_groups(sheet: Worksheet) -> None:
    """Pages of A3 that end where a group of items does; “fit to pages” would cut groups, and ignores breaks."""
    sheet.sheet_properties.pageSetUpPr.fitToPage = False
    sheet.page_setup.paperSize, sheet.page_setup.scale = A3, SCALE
    sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.6, bottom=0.8)
    on_page = 0
    for columns in group_columns():
        if on_page + len(columns) > ITEMS_ON_A_PAGE:
            sheet.col_breaks.append(Break(id=columns[0] - 1))
            on_page = 0
        on_page += len(columns)
