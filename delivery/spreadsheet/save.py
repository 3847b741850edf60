"""Saves a workbook so that the same content gives the same bytes: openpyxl stamps the clock into two places."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from datetime import date
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter

from delivery.spreadsheet.results import with_results

_STAMP = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_SHEET = re.compile(r"xl/worksheets/sheet(\d+)\.xml")


def to_bytes(book: Workbook, day: date, results: Mapping[str, Mapping[str, Any]] | None = None) -> bytes:
    """The xlsx as if it had been saved on ``day`` at nine o'clock.

    ``results`` are known results of formulas by sheet and cell: openpyxl writes none, and a reader that does not
    compute would see blanks.
    """
    unpacked, packed = BytesIO(), BytesIO()
    ExcelWriter(book, zipfile.ZipFile(unpacked, "w", zipfile.ZIP_STORED)).save()
    with zipfile.ZipFile(unpacked) as source, zipfile.ZipFile(packed, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, (day.year, day.month, day.day, 9, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, _final(name, source.read(name), day, book, results or {}))
    return packed.getvalue()


def _final(name: str, content: bytes, day: date, book: Workbook, results: Mapping[str, Mapping[str, Any]]) -> bytes:
    if name == "docProps/core.xml":
        return _STAMP.sub(f"{day}T09:00:00Z".encode(), content)
    sheet = _SHEET.fullmatch(name)
    if sheet is None:
        return content
    title = book.worksheets[int(sheet[1]) - 1].title
    return with_results(content, results[title]) if results.get(title) else content
