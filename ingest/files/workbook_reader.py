"""Reads xlsx, xlsb and xls into grids with python-calamine. Runs in a worker process only."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta
from typing import Any

import python_calamine

from ingest.files import biff, ole, ooxml
from ingest.files.grid import Sheet, Value, Workbook, trim
from ingest.files.look import FileRefused
from ingest.files.ooxml import Package


def read_workbook(content: bytes, kind: str, package: Package | None) -> Workbook:
    """All sheets, hidden ones too. Raises FileRefused where the file is encrypted or damaged."""
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [_read_sheet(book, meta) for meta in book.sheets_metadata if _is_worksheet(meta)]
    except python_calamine.PasswordError as error:
        raise FileRefused("file_encrypted") from error
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise FileRefused("file_damaged") from error
    whole = kind != "xls" or biff.annotate(sheets, ole.workbook_streams(content)[0])
    for sheet in sheets:
        if kind == "xlsx" and package is not None:
            ooxml.annotate(sheet, package)
        sheet.rows = trim(sheet.rows)
    return Workbook(sheets, notices=[] if whole else ["cells_damaged"])


def _is_worksheet(meta: Any) -> bool:
    return bool(meta.typ == python_calamine.SheetTypeEnum.WorkSheet)


def _read_sheet(book: Any, meta: Any) -> Sheet:
    sheet = book.get_sheet_by_name(meta.name)
    merged = [(*first, *last) for first, last in sheet.merged_cell_ranges or []]
    rows = [
        [cell if cell.__class__ is float or (cell.__class__ is str and cell) else _value(cell) for cell in row]
        for row in sheet.to_python(skip_empty_area=False)
    ]
    hidden = meta.visible != python_calamine.SheetVisibleEnum.Visible
    return Sheet(meta.name, rows, hidden=hidden, merged=merged)


def _value(cell: Any) -> Value:
    if cell == "" or cell is None:
        return None
    if isinstance(cell, str | float | bool):
        return cell
    if isinstance(cell, int):
        return float(cell)
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    return _clock_text(cell)


def _clock_text(cell: time | timedelta) -> str:
    return cell.isoformat() if isinstance(cell, time) else str(cell)
