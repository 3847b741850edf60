"""Reads xlsx and xls into grids: plain sheets from their XML, others with python-calamine. In worker processes only."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

import python_calamine

from ingest.files import biff, ole, ooxml
from ingest.files.grid import Sheet, Value, Workbook
from ingest.files.look import FileRefused
from ingest.files.ooxml import Package
from ingest.files.plain_workbook import Listed, plain_sheets

Type = python_calamine.SheetTypeEnum


def read_workbook(content: bytes, kind: str, package: Package | None) -> Workbook:
    """All sheets, hidden ones too. Raises FileRefused where the file is encrypted or damaged."""
    stream = ole.workbook_streams(content)[0] if kind == "xls" else b""
    if kind == "xls":
        biff.refuse_unreadable(stream)
    for name, part in package.sheet_parts.items() if package is not None else ():
        if "macrosheets/" in part:  # python-calamine takes such a file for a damaged one
            raise FileRefused("macro_sheet", sheet=name)
    book = _Book(content)
    try:
        listed = _listed(package) if package is not None else None
        names = [(sheet.name, sheet.hidden) for sheet in listed] if listed else book.worksheets()
        if len(dict(names)) < len(names):  # read by name, one of them would be lost
            raise FileRefused("file_damaged")
        sheets = [_read_sheet(book, name, hidden, package) for name, hidden in names]
        macros = [] if listed else book.macro_sheets()
    except python_calamine.PasswordError as error:
        raise FileRefused("file_encrypted") from error
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise FileRefused("file_damaged") from error
    if macros and not any(any(sheet.filled) for sheet in sheets):
        raise FileRefused("macro_sheet", sheet=macros[0])
    notices = ["macro_sheet_skipped"] if macros else []
    if kind == "xls" and not biff.annotate(sheets, stream):
        notices.append("cells_damaged")
    for sheet in sheets:
        sheet.trim()
    return Workbook(sheets, notices=notices)


def _listed(package: Package) -> tuple[Listed, ...] | None:
    """The sheets of a workbook all of whose parts are plain, where both derivations of their parts agree."""
    listed = plain_sheets(package.parts) if package.has_plain_texts else None
    agreed = listed and all(package.sheet_parts.get(sheet.name) == sheet.part for sheet in listed)
    return listed if agreed else None


class _Book:
    """The file as python-calamine has it, opened when it is first asked for something."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    @cached_property
    def opened(self) -> Any:
        return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(self.content))

    def worksheets(self) -> list[tuple[str, bool]]:
        """Each with its name, and whether it is hidden."""
        visible = python_calamine.SheetVisibleEnum.Visible
        sheets = self.opened.sheets_metadata
        return [(sheet.name, sheet.visible != visible) for sheet in sheets if sheet.typ == Type.WorkSheet]

    def macro_sheets(self) -> list[str]:
        """Their names; they are not read."""
        return [sheet.name for sheet in self.opened.sheets_metadata if sheet.typ == Type.MacroSheet]


def _read_sheet(book: _Book, name: str, hidden: bool, package: Package | None) -> Sheet:
    """One sheet, with all that the XML of an xlsx says of it."""
    plain = ooxml.read_sheet(package, name) if package is not None else None
    if package is not None and plain is None:
        ooxml.prepare(package, name)
    sheet = plain[0] if plain else read_by_calamine(book.opened, name)
    if package is not None:
        ooxml.annotate(sheet, package, plain[1] if plain else None)
    sheet.hidden = hidden
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
