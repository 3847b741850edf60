"""Lays a month out as the workbook that clerks send: 封面, 社区月报, 街道汇总, each labelled as synthetic.

The layout follows the form, not this project's reader: two header rows (a group over its items), a unit row, a 合计 row
and a footer. Figures are not made here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, NamedStyle, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from delivery.spreadsheet.save import to_bytes
from examples.synthetic.model import Value
from examples.synthetic.report import COMMUNITY_ITEMS, SUBDISTRICT_ITEMS, Report, Row
from ingest.reference import Item

LABEL = "合成数据：本表由程序生成，不反映任何真实社区"
GROUPS = {
    "P": "基本情况",
    "D": "党组织和党员",
    "B": "班子队伍",
    "E": "集体经济",
    "W": "生态宜居",
    "F": "平安法治",
    "H": "医保养老",
    "V": "志愿服务",
    "R": "表彰",
    "X": "拟创星级",
}
_LABELS = ("序号", "社区代码", "社区名称")
_FIRST_ROW = 5
_WIDTHS = (6, 15, 14)
_ITEM_WIDTH = 11


def write_workbook(report: Report, path: Path) -> Path:
    """Write ``report`` to ``path``; the same report gives the same bytes."""
    book = Workbook()
    _add_styles(book)
    cover = book.active
    cover.title = "封面"
    _cover(cover, report)
    _communities(book.create_sheet("社区月报"), report)
    _summary(book.create_sheet("街道汇总"), report)
    book.properties.creator = "synthetic"
    path.write_bytes(to_bytes(book, _day_of_filling(report.month)))
    return path


def in_chinese(month: date) -> str:
    return f"{month.year}年{month.month}月"


def _day_of_filling(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 2)


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
    shown = ("是" if value else "否") if isinstance(value, bool) else value
    sheet.cell(row=row, column=column, value=shown).style = style


def _band(sheet: Worksheet, row: int, width: int, text: str, style: str = "note") -> None:
    _put(sheet, row, 1, text, style)
    _merge(sheet, row, row, 1, width)


def _merge(sheet: Worksheet, top: int, bottom: int, left: int, right: int) -> None:
    """Merge, but do not draw the frame cell by cell: in ``Worksheet.merge_cells`` that is half of all writing time."""
    sheet.merged_cells.add(f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom}")


def _cover(sheet: Worksheet, report: Report) -> None:
    _put(sheet, 2, 2, "“五星”支部创建社区月报", "title")
    _merge(sheet, 2, 2, 2, 3)
    lines = (
        ("街道名称", report.subdistrict.name),
        ("街道代码", report.subdistrict.code),
        ("报告期", in_chinese(report.month)),
        ("表号", "五星月报01表"),
        ("模板版本", "V1.0"),
    )
    for row, (label, value) in enumerate(lines, start=4):
        _put(sheet, row, 2, label, "head")
        _put(sheet, row, 3, value)
    _put(sheet, 10, 2, LABEL, "note")
    instruction = "填报说明：本表每月报送一次，次月5日前由街道报送；金额单位为万元，收支类指标填年初至本月累计数。"
    _put(sheet, 11, 2, instruction, "note")
    sheet.row_dimensions[2].height = 30
    sheet.column_dimensions["B"].width = 22
    sheet.column_dimensions["C"].width = 34


def _communities(sheet: Worksheet, report: Report) -> None:
    width = len(_LABELS) + len(COMMUNITY_ITEMS)
    name, month = report.subdistrict.name, in_chinese(report.month)
    _band(sheet, 1, width, f"{name}{month}社区月报表", "title")
    _band(sheet, 2, width, f"填报单位（盖章）：{name}办事处    报告期：{month}    金额单位：万元")
    _header(sheet)
    total_row = _rows(sheet, report)
    _total(sheet, total_row, report)
    filled = _day_of_filling(report.month)
    signed = f"填表人：            审核人：            填表日期：{filled.year}年{filled.month}月{filled.day}日"
    _band(sheet, total_row + 1, width, f"{signed}        {LABEL}")
    _band(sheet, total_row + 2, width, "注：1. 收支为年初至本月累计数；2. 空白表示未填，没有发生的填 0。")
    _set_widths(sheet, [*_WIDTHS, *[_ITEM_WIDTH] * len(COMMUNITY_ITEMS)])
    sheet.row_dimensions[1].height = 30
    sheet.row_dimensions[4].height = 48
    sheet.freeze_panes = "D5"


def _header(sheet: Worksheet) -> None:
    for column, label in enumerate(_LABELS, start=1):
        _put(sheet, 3, column, label, "head")
        _merge(sheet, 3, 4, column, column)
    column = len(_LABELS) + 1
    for letter, members in groupby(COMMUNITY_ITEMS, key=lambda item: item.item_code[0]):
        first = column
        _put(sheet, 3, first, GROUPS[letter], "head")
        for column, item in enumerate(members, start=first):
            _put(sheet, 4, column, f"{item.name_zh}（{item.unit}）", "head")
        if column > first:
            _merge(sheet, 3, 3, first, column)
        column += 1


def _rows(sheet: Worksheet, report: Report) -> int:
    """Write the communities; the number of the row after the last."""
    for number, community in enumerate(report.subdistrict.communities, start=1):
        row = _FIRST_ROW + number - 1
        labels: Sequence[Value] = (number, community.code, community.name)
        for column, value in enumerate(labels, start=1):
            _put(sheet, row, column, value)
        _values(sheet, row, report.communities[community.code])
    return _FIRST_ROW + len(report.subdistrict.communities)


def _values(sheet: Worksheet, row: int, values: Row) -> None:
    for column, item in enumerate(COMMUNITY_ITEMS, start=len(_LABELS) + 1):
        _put(sheet, row, column, values[item.item_code], _style_of(item))


def _total(sheet: Worksheet, row: int, report: Report) -> None:
    _put(sheet, row, 1, "合计")
    _merge(sheet, row, row, 1, len(_LABELS))
    for column, item in enumerate(COMMUNITY_ITEMS, start=len(_LABELS) + 1):
        _put(sheet, row, column, report.total(item), _style_of(item))


def _summary(sheet: Worksheet, report: Report) -> None:
    heads = ("序号", "指标", "单位", "数值")
    _band(sheet, 1, len(heads), f"{report.subdistrict.name}汇总表（{in_chinese(report.month)}）", "title")
    for column, head in enumerate(heads, start=1):
        _put(sheet, 2, column, head, "head")
    for number, item in enumerate(SUBDISTRICT_ITEMS, start=1):
        line: Sequence[Value | None] = (number, item.name_zh, item.unit, report.summary[item.item_code])
        for column, value in enumerate(line, start=1):
            _put(sheet, number + 2, column, value)
    _set_widths(sheet, (6, 26, 9, 14))
    sheet.row_dimensions[1].height = 30


def _style_of(item: Item) -> str:
    return "money" if item.value_type == "money" else "cell"


def _set_widths(sheet: Worksheet, widths: Sequence[int]) -> None:
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
