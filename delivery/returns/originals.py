"""The sender's workbook, ready to be written on: the original itself, or a twin of what no xlsx writer can keep."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException

from delivery.returns.erase import cells_of, erase_opinions
from delivery.returns.twin import twin_of
from ingest.data_root import DataRoot
from ingest.files.pool import FileToRead, ReaderPool

# What openpyxl raises on parts it does not understand; a twin is then made instead.
NOT_OPENED = (KeyError, ValueError, TypeError, AttributeError, IndexError, OSError, SyntaxError)
NOT_KEPT = ("xl/media/", "xl/charts/", "xl/drawings/drawing", "xl/ctrlProps/", "xl/vbaProject", "xl/slicers/")


class OriginalLost(FileNotFoundError):
    """The archive has no file of a submission that raw has."""


@dataclass
class Original:
    """``results`` are the last results of formulas by sheet and cell; ``loses`` says that something is not kept."""

    book: Any
    results: dict[str, dict[str, Any]] = field(default_factory=dict)
    is_twin: bool = False
    loses: bool = False


def original_file(root: DataRoot, sha256: str) -> Path:
    """The archived file. Raises OriginalLost."""
    found = sorted(root.archive.glob(f"{sha256}*"))
    if not found:
        raise OriginalLost(f"{root.archive} 里没有原件 {sha256}：请恢复存档后重试")
    return found[0]


def open_original(path: Path, pool: ReaderPool) -> Original:
    """The workbook at ``path``, without what an earlier receipt wrote into it."""
    content = path.read_bytes()
    opened = _open(content) if zipfile.is_zipfile(BytesIO(content)) else None
    if opened is None:
        return Original(_twin(path, pool), is_twin=True)
    erase_opinions(opened.book)
    return opened


def _open(content: bytes) -> Original | None:
    try:
        book = load_workbook(BytesIO(content), rich_text=True)
    except (*NOT_OPENED, zipfile.BadZipFile, InvalidFileException):
        return None
    if not book.worksheets:  # strict OOXML
        return None
    with zipfile.ZipFile(BytesIO(content)) as package:
        loses = any(name.startswith(NOT_KEPT) for name in package.namelist())
    return Original(book, _results(book, content), loses=loses)


def _results(book: Any, content: bytes) -> dict[str, dict[str, Any]]:
    """The file is parsed again only for formulas: of one with 240,000 styled blanks each parse takes some 20 s."""
    formulas = [
        (sheet.title, cell.coordinate) for sheet in book.worksheets for cell in cells_of(sheet) if cell.data_type == "f"
    ]
    if not formulas:
        return {}
    found: dict[str, dict[str, Any]] = {}
    computed = load_workbook(BytesIO(content), data_only=True)
    for title, coordinate in formulas:
        found.setdefault(title, {})[coordinate] = computed[title][coordinate].value
    return found


def _twin(path: Path, pool: ReaderPool) -> Any:
    """Raises OriginalLost where the archived file cannot be read any more."""
    read = next(pool.read([FileToRead(path, path.name)]))
    if read.workbook is None:
        raise OriginalLost(f"原件 {path} 读不出来：请核对存档后重试")
    return twin_of(read.workbook)


def bounds(cells: str) -> tuple[int, int, int, int]:
    """First column, first row, last column, last row of ``B2`` or ``B2:C5``, counted from 1."""
    left, top, right, bottom = range_boundaries(cells)
    return left, top, right, bottom
