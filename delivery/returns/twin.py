"""The xlsx twin of an xls, csv, ods or HTML file: its cells in their places, laid out to be read and printed.

What the cells mean is asked of ``ingest`` only to find the header: below it, rows of a text file may be too long.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from delivery.spreadsheet.text import put_text
from ingest.files import grid
from ingest.monthly_report.layout import Header
from ingest.monthly_report.read import MonthlyReport

SHEET_NAME_LENGTH = 31
# Text that a spreadsheet would show unchanged as a number; not five 0 and 1 (拟创各星), nor a code of twelve digits.
NUMBER = re.compile(r"(?![01]{5}$)-?(?:0|[1-9]\d{0,8})(?:\.\d{0,5}[1-9])?")
NARROWEST, WIDEST = 9, 18
PAGES_WIDE, A4 = 3, 9
HEAD_HEIGHT = 76
FONT = "宋体"
_SIDE = Side(style="thin", color="FFBFBFBF")
_FRAME = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)
_MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)


def twin_of(workbook: grid.Workbook) -> Workbook:
    """The workbook with the same text in the same cells; of a row that is too long the rest is one cell behind it."""
    table = MonthlyReport(workbook).table
    book = Workbook()
    book.remove(book.active)
    for number, sheet in enumerate(workbook.sheets):
        header = table[1] if table is not None and table[0] is sheet else None
        target = book.create_sheet((sheet.name or f"Sheet{number + 1}")[:SHEET_NAME_LENGTH])
        _copy(sheet, target, header)
        _set_widths(sheet, target, header)
        if header is not None:
            _lay_out(target, header)
    return book


def _copy(sheet: grid.Sheet, target: Any, header: Header | None) -> None:
    if sheet.hidden:
        target.sheet_state = "hidden"
    for row, cells in enumerate(sheet.rows, start=1):
        for column, value in enumerate(_aligned(sheet, cells, header), start=1):
            if isinstance(value, str | grid.CellError):
                _put(target.cell(row, column), grid.text_of(value), sheet.delimited)
            elif value is not None:
                target.cell(row, column).value = _whole(value)
    for top, left, bottom, right in sheet.merged:
        if (top, left) != (bottom, right):
            target.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)


def _aligned(sheet: grid.Sheet, cells: list[grid.Value], header: Header | None) -> list[grid.Value]:
    """The cells under the header, and what is too much for it as one text in the column after it."""
    if header is None or not sheet.delimited:
        return cells
    surplus = [grid.text_of(value) for value in cells[header.width :] if not grid.is_blank(value)]
    return [*cells[: header.width], f"多出的内容：{'，'.join(surplus)}"] if surplus else cells


def _put(cell: Any, text: str, from_text: bool) -> None:
    """Text files have no numbers: what is plainly one becomes one, so that a corrected twin can be added up."""
    if from_text and NUMBER.fullmatch(text):
        cell.value = float(text) if "." in text else int(text)
    else:
        put_text(cell, text)


def _whole(value: float | bool | date) -> float | bool | date:
    """873.0 as 873: the readers give every number as a float."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else value


def _set_widths(sheet: grid.Sheet, target: Any, header: Header | None) -> None:
    """As wide as the figures below the header, whose texts are wrapped; titles stand alone in their rows."""
    widths: dict[int, int] = {}
    for row in range(header.last_row + 1 if header else 0, len(sheet.rows)):
        if sheet.filled[row] > 1:
            for column, value in enumerate(sheet.rows[row]):
                widths[column] = max(widths.get(column, 0), _width(grid.text_of(value)))
    for column, width in widths.items():
        target.column_dimensions[get_column_letter(column + 1)].width = min(max(width + 2, NARROWEST), WIDEST)


def _width(text: str) -> int:
    """Columns of a screen: a Chinese character takes two. The longest line counts."""
    return max((len(line) + sum(not char.isascii() for char in line) for line in text.splitlines()), default=0)


def _lay_out(target: Any, header: Header) -> None:
    for row in target.iter_rows(header.first_row + 1, max_col=header.width):
        if row[0].row <= header.last_row + 1 or sum(cell.value is not None for cell in row) > 1:
            for cell in row:
                cell.alignment, cell.border = _MIDDLE, _FRAME
                cell.font = Font(name=FONT, size=10, bold=row[0].row <= header.last_row + 1)
    target.row_dimensions[header.leaf_row + 1].height = HEAD_HEIGHT
    target.freeze_panes = target.cell(header.last_row + 2, max(header.keys.values(), default=-1) + 2)
    target.print_title_rows = f"{header.first_row + 1}:{header.last_row + 1}"
    target.page_setup.orientation, target.page_setup.paperSize = "landscape", A4
    target.page_setup.fitToWidth, target.page_setup.fitToHeight = PAGES_WIDE, 0
    target.sheet_properties.pageSetUpPr.fitToPage = True
