"""The first sheet of a receipt, 《审核意见》: all findings in a list, each linked to its first cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.page import PageMargins

from delivery.console.words import FORMS, SEVERITIES
from delivery.returns.marks import sheet_of
from delivery.returns.originals import Original
from delivery.returns.palette import fill
from delivery.returns.remarks import CELLS, Answer, Place, Remark
from delivery.spreadsheet.text import put_text
from ingest.opinions import EXPLANATION, SHEET

HEADS = ("序号", "级别", "表", "单元格", "单位", "问题", "建议", "接受条件", EXPLANATION)
WIDTHS = (5, 8, 10, 11, 11, 42, 30, 28, 24)  # 169 characters: the most that can be read on A4
FIRST_HEAD_ROW = 6  # later where more is to be said above it
STARS_LISTED = 8
A4 = 9
FONT = "宋体"  # a font without a name is drawn in another one by LibreOffice
LINE_HEIGHT, CELL_PADDING = 15, 5
_SIDE = Side(style="thin", color="FFBFBFBF")
_FRAME = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)
_MIDDLE = Alignment(horizontal="center", vertical="top", wrap_text=True)
_TOP = Alignment(vertical="top", wrap_text=True)


def add_opinions(original: Original, answer: Answer) -> None:
    """Put the sheet before the sender's own and show it first."""
    book = original.book
    sheet = book.create_sheet(SHEET, 0)
    lines = _lines(original, answer)
    for row, text in enumerate(lines, start=1):
        put_text(sheet.cell(row, 1), text)
        sheet.cell(row, 1).alignment = _TOP
        sheet.row_dimensions[row].height = _height([text], [sum(WIDTHS)])
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=len(HEADS))
    sheet["A1"].font = Font(name=FONT, size=16, bold=True)
    head_row = max(FIRST_HEAD_ROW, len(lines) + 1)
    _heads(sheet, head_row)
    for number, remark in enumerate(answer.remarks, start=1):
        _row(sheet, book, head_row, number, remark)
    _layout(sheet, head_row, len(answer.remarks))
    for other in book.worksheets:
        other.sheet_view.tabSelected = other is sheet
    book.active = 0


def _lines(original: Original, answer: Answer) -> list[str]:
    receipt = answer.receipt
    month = f"{receipt['month'].year}年{receipt['month'].month}月"
    counted = Counter(remark.severity for remark in answer.remarks)
    counts = "，".join(f"{name} {counted[severity]} 条" for severity, name in SEVERITIES.items() if counted[severity])
    lines = [
        f"{SHEET}　{answer.unit_name}{month}{FORMS[receipt['form']]}",
        f"针对 {receipt['workbook']}（版本 {receipt['version']}）：共 {len(answer.remarks)} 条，{counts}。",
        "怎么办：在后面的表里直接改正标色的单元格，保存后把本文件整份发回，就是重报；本表和批注会自动忽略。"
        "数据只能由填报单位修改，建议仅供参考。",
        "颜色：红＝强制性（必须改正），黄＝核实性（改正，或在“说明”栏写明原因），蓝＝提示性；浅色是只与此相关、不像填错的格。",
    ]
    if answer.stars:
        more = "等" if len(answer.stars) > STARS_LISTED else ""
        listed = "；".join(answer.stars[:STARS_LISTED])
        lines.insert(2, f"与上一版本相比，星级变动 {len(answer.stars)} 处：{listed}{more}。")
    if original.is_twin:
        lines.append(
            "本回执由原件的文字转成 xlsx，格式和公式没有保留；单元格位置不变，过长的行多出的内容在表后的一格里。"
        )
    elif original.loses:
        lines.append("原件中的图片、图形、图表、控件或宏没有带入本回执。")
    return lines


def _heads(sheet: Any, row: int) -> None:
    for column, text in enumerate(HEADS, start=1):
        cell = sheet.cell(row, column)
        put_text(cell, text)
        cell.font, cell.border = Font(name=FONT, bold=True), _FRAME
        cell.fill = PatternFill("solid", fgColor="FFF2F2F2")
        cell.alignment = Alignment(horizontal="center", vertical="center")


def _row(sheet: Any, book: Any, head_row: int, number: int, remark: Remark) -> None:
    row = head_row + number
    first = next((place for place in remark.places if place.suspected), remark.places[0] if remark.places else None)
    sheets = "、".join(dict.fromkeys(place.sheet for place in remark.places))
    cells = "、".join(place.cells for place in remark.places)
    texts = (
        SEVERITIES[remark.severity], sheets, cells, remark.unit,
        remark.sentence, remark.suggestion, remark.accepted, "",
    )  # fmt: skip
    sheet.cell(row, 1).value = number
    for column, text in enumerate(texts, start=2):
        put_text(sheet.cell(row, column), text)
    for column in range(1, len(HEADS) + 1):
        sheet.cell(row, column).alignment, sheet.cell(row, column).border = _TOP, _FRAME
    sheet.cell(row, 1).alignment = sheet.cell(row, 2).alignment = _MIDDLE
    sheet.cell(row, 2).fill = fill(remark.severity, suspected=True)
    if first is not None:
        _link(sheet.cell(row, 4), book, first)
    sheet.row_dimensions[row].height = _height(texts, WIDTHS[1:])


def _height(texts: Sequence[str], widths: Sequence[int]) -> float:
    """What a row of wrapped texts needs, in points."""
    longest = max(len(text) * 2.3 / width for text, width in zip(texts, widths, strict=True))
    return LINE_HEIGHT * (1 + int(longest)) + CELL_PADDING


def _link(cell: Any, book: Any, place: Place) -> None:
    target, position = sheet_of(book, place), CELLS.search(place.cells)
    if target is None or position is None:
        return
    name = target.title.replace("'", "''")
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{name}'!{position[1]}{position[2]}")
    cell.font = Font(name=FONT, color="FF0563C1", underline="single")


def _layout(sheet: Any, head_row: int, count: int) -> None:
    for column, width in enumerate(WIDTHS):
        sheet.column_dimensions["ABCDEFGHI"[column]].width = width
    sheet.row_dimensions[1].height = 26
    sheet.freeze_panes = f"A{head_row + 1}"
    sheet.auto_filter.ref = f"A{head_row}:I{head_row + max(count, 1)}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{head_row}:{head_row}"
    sheet.page_setup.paperSize = A4
    sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.8)
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
