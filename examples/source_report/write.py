"""Writes 概况表.xlsx from figures.csv: ``python -m examples.source_report.write``.

Source: the published figures of the field report of March 2024 from which the project was asked for, cell by cell as
printed, contradictions included; nothing is corrected or filled in. The names 示例市, 甲街道 and 乙街道 are invented,
for the report withholds its places. ``—`` is a dash in the report; an empty cell is a figure that it does not give.
Synthetic community values do not belong here (``examples/synthetic``).
"""

from __future__ import annotations

import csv
import re
import zipfile
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from ingest.reference import profile_figures

FOLDER = Path(__file__).parent
FIGURES = FOLDER / "figures.csv"
WORKBOOK = FOLDER / "概况表.xlsx"

TITLE = "示例市创建“五星”支部概况表"
SUBTITLE = "报告期：2024年3月　　填报单位：示例市"
UNITS = ("甲街道", "乙街道", "合计")
WIDTHS = (6, 44, 10, 14, 14, 14)

_STAMP = "2024-04-01T00:00:00Z"
_ZIP_TIME = (2024, 4, 1, 0, 0, 0)  # a zip entry otherwise holds the clock's time, and the bytes change at each writing


def read_figures(path: Path = FIGURES) -> dict[str, tuple[str, ...]]:
    """Figure code → the printed text of 甲街道, 乙街道 and 合计; ``""`` where nothing is printed."""
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["figure_code"]: tuple(row[unit] for unit in UNITS) for row in csv.DictReader(lines)}


def write_workbook(path: Path = WORKBOOK) -> Path:
    """Write the sheet; the same figures give the same bytes."""
    book = Workbook()
    book.properties.creator = None
    sheet = book.active
    sheet.title = "概况表"
    for row in _rows(read_figures()):
        sheet.append(row)
    _lay_out(sheet)
    buffer = BytesIO()
    book.save(buffer)
    path.write_bytes(_with_fixed_times(buffer))
    return path


def _rows(printed: dict[str, tuple[str, ...]]) -> list[list[str | int | None]]:
    head: list[list[str | int | None]] = [[TITLE], [SUBTITLE], ["序号", "指标", "单位", *UNITS]]
    return head + [
        [number, figure.name_zh, figure.unit or None, *map(_cell, printed[figure.figure_code])]
        for number, figure in enumerate(profile_figures(), start=1)
    ]


def _cell(text: str) -> str | int | None:
    if not text:
        return None
    return int(text) if text.isdecimal() else text


def _lay_out(sheet) -> None:  # an openpyxl Worksheet
    for row in (1, 2):
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(WIDTHS))
    for cell in (sheet["A1"], *sheet[3]):
        cell.font = Font(bold=True)
    for column, width in enumerate(WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "D4"


def _with_fixed_times(saved: BytesIO) -> bytes:
    fixed = BytesIO()
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(fixed, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", _STAMP.encode(), content)
            entry = zipfile.ZipInfo(name, _ZIP_TIME)
            target.writestr(entry, content, zipfile.ZIP_STORED)  # deflated bytes differ between zlib and zlib-ng
    return fixed.getvalue()


if __name__ == "__main__":
    print(write_workbook())
