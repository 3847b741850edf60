"""Saves a workbook so that the same content gives the same bytes: openpyxl stamps the clock into two places."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter

_STAMP = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def save_with_fixed_times(book: Workbook, path: Path, day: date) -> Path:
    """Write ``book`` to ``path`` as if it had been saved on ``day`` at nine o'clock."""
    book.properties.creator = "synthetic"
    unpacked = BytesIO()
    ExcelWriter(book, zipfile.ZipFile(unpacked, "w", zipfile.ZIP_STORED)).save()
    with zipfile.ZipFile(unpacked) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, (day.year, day.month, day.day, 9, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, _stamped(name, source.read(name), day))
    return path


def _stamped(name: str, content: bytes, day: date) -> bytes:
    return _STAMP.sub(f"{day}T09:00:00Z".encode(), content) if name == "docProps/core.xml" else content
