"""The layout of 五星月报: 封面, 社区月报 (a group over its items, a 合计 row, a footer), 街道汇总."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import groupby
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, NamedStyle, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from delivery.spreadsheet.text import put_text
from ingest.forms.load import monthly_report_form
from ingest.reference import Item, items

#: A figure, an answer, or a formula.
Value = int | Decimal | bool | str
Row = Mapping[str, Value | None]

COVER, COMMUNITIES, SUMMARY = "封面", "社区月报", "街道汇总"
COMMUNITY_ITEMS = tuple(item for item in items() if item.sheet == "community")
SUBDISTRICT_ITEMS = tuple(item for item in items() if item.sheet == "subdistrict")
LABELS = ("序号", "社区代码", "社区名称")
GROUP_ROW, HEAD_ROW, FIRST_ROW = 3, 4, 5
COVER_NOTES_ROW = 10
SUMMARY_HEADS = ("序号", "指标", "单位", "数值")
SUMMARY_FIRST_ROW = 3
_WIDTHS = (6, 15, 14)
_ITEM_WIDTH = 11


@dataclass(frozen=True)
class Line:
    """One community and its values by item code."""

    code: str
    name: str
    values: Row


@dataclass(frozen=True)
class Content:
    """What stands in one workbook; ``totals`` are figures or formulas by item code."""

    name: str
    code: str
    month: date
    lines: Sequence[Line]
    summary: Row
    totals: Row
    cover_notes: Sequence[str] = ()
    footers: Sequence[str] = ()


def lay_out(content: Content) -> Workbook:
    """The workbook of ``content``, its three sheets filled and styled."""
    book = Workbook()
    _add_styles(book)
    cover = book.active
    cover.title = COVER
    _cover(cover, content)
    _communities(book.create_sheet(COMMUNITIES), content)
    _summary(book.create_sheet(SUMMARY), content)
    return book


def in_chinese(month: date) -> str:
    return f"{month.year}年{month.month}月"


def item_columns() -> Iterator[tuple[int, Item]]:
    """The column number, from 1, of each item of 社区月报."""
    return enumerate(COMMUNITY_ITEMS, start=len(LABELS) + 1)


def summary_rows() -> Iterator[tuple[int, Item]]:
    """The row number of each item of 街道汇总."""
    return enumerate(SUBDISTRICT_ITEMS, start=SUMMARY_FIRST_ROW)


def _add_styles(book: Workbook) -> None:
    thin = Side(style="thin")
    frame = Border(left=thin, right=thin, top=thin, bottom=thin)
    middle = Alignment(horizontal="center", vertical="center", wrap_text=True)
    song = Font(name="宋体", size=10)
    styles = (
        NamedStyle("title", font=Font(name="宋体", size=16, bold=True), alignment=middle),
        NamedStyle("note", font=song, alignment=Alignment(vertical="center")),
        NamedStyle("head", font=Font(name="宋体", size=10, bold=True), alignment=middle, border=frame),
        NamedStyle("cell", font=song, alignment=middle, border=frame),
        NamedStyle("money", font=song, alignment=middle, border=frame, number_format="0.00"),
    )
    for style in styles:
        book.add_named_style(style)


def _put(sheet: Worksheet, row: int, column: int, value: Value | None, style: str = "cell") -> None:
    """Write a figure or a text, which is never taken for a formula."""
    shown = ("是" if value else "否") if isinstance(value, bool) else value
    cell: Any = sheet.cell(row=row, column=column)
    cell.style = style
    if isinstance(shown, str):
        put_text(cell, shown)
    else:
        cell.value = shown


def _band(sheet: Worksheet, row: int, width: int, text: str, style: str = "note") -> None:
    _put(sheet, row, 1, text, style)
    _merge(sheet, row, row, 1, width)


def _merge(sheet: Worksheet, top: int, bottom: int, left: int, right: int) -> None:
    """Merge, but do not draw the frame cell by cell: in ``Worksheet.merge_cells`` that is half of all writing time."""
    sheet.merged_cells.add(f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom}")


def _cover(sheet: Worksheet, content: Content) -> None:
    _put(sheet, 2, 2, "“五星”支部创建社区月报", "title")
    _merge(sheet, 2, 2, 2, 3)
    lines = (
        ("街道名称", content.name),
        ("街道代码", content.code),
        ("报告期", in_chinese(content.month)),
        ("表号", "五星月报01表"),
        ("模板版本", "V1.0"),
    )
    for row, (label, value) in enumerate(lines, start=4):
        _put(sheet, row, 2, label, "head")
        _put(sheet, row, 3, value)
    for row, note in enumerate(content.cover_notes, start=COVER_NOTES_ROW):
        _put(sheet, row, 2, note, "note")
    sheet.row_dimensions[2].height = 30
    sheet.column_dimensions["B"].width = 22
    sheet.column_dimensions["C"].width = 34


def _communities(sheet: Worksheet, content: Content) -> None:
    width = len(LABELS) + len(COMMUNITY_ITEMS)
    name, month = content.name, in_chinese(content.month)
    _band(sheet, 1, width, f"{name}{month}社区月报表", "title")
    _band(sheet, 2, width, f"填报单位（盖章）：{name}办事处    报告期：{month}    金额单位：万元")
    _header(sheet)
    for number, line in enumerate(content.lines, start=1):
        _line(sheet, FIRST_ROW + number - 1, number, line)
    total_row = FIRST_ROW + len(content.lines)
    _total(sheet, total_row, content)
    for row, footer in enumerate(content.footers, start=total_row + 1):
        _band(sheet, row, width, footer)
    _set_widths(sheet, [*_WIDTHS, *[_ITEM_WIDTH] * len(COMMUNITY_ITEMS)])
    sheet.row_dimensions[1].height = 30
    sheet.row_dimensions[HEAD_ROW].height = 48
    sheet.freeze_panes = f"D{FIRST_ROW}"


@cache
def _group_names() -> dict[str, str]:
    return {code: group.name for group in monthly_report_form().communities.groups for code in group.items}


def group_columns() -> list[list[int]]:
    """The columns of each group of items, in their order."""
    return [
        [column for column, _ in members]
        for _, members in groupby(item_columns(), key=lambda each: _group_names()[each[1].item_code])
    ]


def _header(sheet: Worksheet) -> None:
    for column, label in enumerate(LABELS, start=1):
        _put(sheet, GROUP_ROW, column, label, "head")
        _merge(sheet, GROUP_ROW, HEAD_ROW, column, column)
    items_at = dict(item_columns())
    for columns in group_columns():
        for column in columns:
            _put(sheet, HEAD_ROW, column, f"{items_at[column].name_zh}（{items_at[column].unit}）", "head")
        _put(sheet, GROUP_ROW, columns[0], _group_names()[items_at[columns[0]].item_code], "head")
        if len(columns) > 1:
            _merge(sheet, GROUP_ROW, GROUP_ROW, columns[0], columns[-1])


def _line(sheet: Worksheet, row: int, number: int, line: Line) -> None:
    labels: Sequence[Value] = (number, line.code, line.name)
    for column, value in enumerate(labels, start=1):
        _put(sheet, row, column, value)
    for column, item in item_columns():
        _put(sheet, row, column, line.values.get(item.item_code), _style_of(item))


def _total(sheet: Worksheet, row: int, content: Content) -> None:
    _put(sheet, row, 1, "合计")
    _merge(sheet, row, row, 1, len(LABELS))
    for column, item in item_columns():
        total: Any = sheet.cell(row=row, column=column, value=content.totals.get(item.item_code))
        total.style = _style_of(item)


def _summary(sheet: Worksheet, content: Content) -> None:
    _band(sheet, 1, len(SUMMARY_HEADS), f"{content.name}汇总表（{in_chinese(content.month)}）", "title")
    for column, head in enumerate(SUMMARY_HEADS, start=1):
        _put(sheet, 2, column, head, "head")
    for row, item in summary_rows():
        number = row - SUMMARY_FIRST_ROW + 1
        line: Sequence[Value | None] = (number, item.name_zh, item.unit, content.summary.get(item.item_code))
        for column, value in enumerate(line, start=1):
            _put(sheet, row, column, value)
    _set_widths(sheet, (6, 26, 9, 14))
    sheet.row_dimensions[1].height = 30


def _style_of(item: Item) -> str:
    return "money" if item.value_type == "money" else "cell"


def _set_widths(sheet: Worksheet, widths: Sequence[int]) -> None:
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
