"""Reads xlsx and xls into grids: plain sheets from their XML, others with python-calamine. In worker processes only."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta
from typing import Any

import python_calamine

from ingest.files import biff, ole, ooxml
from ingest.files.grid import Sheet, Value, Workbook
from ingest.files.look import FileRefused
from ingest.files.ooxml import Package

Type = python_calamine.SheetTypeEnum


def read_workbook(content: bytes, kind: str, package: Package | None) -> Workbook:
    """All sheets, hidden ones too. Raises FileRefused where the file is encrypted or damaged."""
    stream = ole.workbook_streams(content)[0] if kind == "xls" else b""
    if kind == "xls":
        biff.refuse_unreadable(stream)
    for name, part in package.sheet_parts.items() if package is not None else ():
        if "macrosheets/" in part:  # python-calamine takes such a file for a damaged one
            raise FileRefused("macro_sheet", sheet=name)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [_read_sheet(book, meta, package) for meta in book.sheets_metadata if meta.typ == Type.WorkSheet]
    except python_calamine.PasswordError as error:
        raise FileRefused("file_encrypted") from error
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise FileRefused("file_damaged") from error
    notices = _macro_sheets(book, sheets)
    if kind == "xls" and not biff.annotate(sheets, stream):
        notices.append("cells_damaged")
    for sheet in sheets:
        sheet.trim()
    return Workbook(sheets, notices=notices)


def _macro_sheets(book: Any, sheets: list[Sheet]) -> list[str]:
    """The notice on sheets of macros, which are not read. Raises FileRefused where nothing stands in the others."""
    names = [meta.name for meta in book.sheets_metadata if meta.typ == Type.MacroSheet]
    if names and not any(any(sheet.filled) for sheet in sheets):
        raise FileRefused("macro_sheet", sheet=names[0])
    return ["macro_sheet_skipped"] if names else []


def _read_sheet(book: Any, meta: Any, package: Package | None) -> Sheet:
    """One sheet, with all that the XML of an xlsx says of it."""
    plain = ooxml.read_sheet(package, meta.name) if package is not None else None
    if package is not None and plain is None:
        ooxml.prepare(package, meta.name)
    sheet = plain[0] if plain else read_by_calamine(book, meta.name)
    if package is not None:
        ooxml.annotate(sheet, package, plain[1] if plain else None)
    sheet.hidden = meta.visible != python_calamine.SheetVisibleEnum.Visible
    return sheet


def read_by_calamine(book: Any, name: str) -> Sheet:
    """One sheet's values, whatever way it is written."""
    sheet = book.get_sheet_by_name(name)
    merged = [(*first, *last) for first, last in sheet.merged_cell_ranges or []]
    rows = [
        # One stray cell far below makes a million blank rows, which must not be carried on cell by cell.
        []
        if row.count("") == len(row)
        else [cell if cell.__class__ is float or (cell.__class__ is str and cell) else _value(cell) for cell in row]
        for row in sheet.to_python(skip_empty_area=False)
    ]
    return Sheet(name, rows, merged=merged)


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
