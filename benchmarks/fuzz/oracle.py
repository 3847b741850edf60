"""Whether an accepted mutant lost something in silence: what differs from its original must be said, or stand so in it.

A second, independent reader looks into the mutant: where it finds the same text in the same cell, the mutation was an
edit like a clerk's, and nothing was lost.
"""

from __future__ import annotations

import io
import re
import struct
from collections import Counter
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import openpyxl
import xlrd

from ingest.files.grid import Value, is_blank, parse_address, text_of
from ingest.files.text_reader import decode
from ingest.reference import items
from ingest.submission import Submission
from tests.ingest.formats import STRICT, parts_of, zipped
from tests.ingest.support import rows_of

CELL = re.compile(r"[A-Z]{1,3}[0-9]+")
XLS_CELL = re.compile(rb"(?:\xfd\x00\x0a\x00|\x7e\x02\x0a\x00|\x03\x02\x0e\x00).{4}", re.DOTALL)
Cell = tuple[str, str]  # unit, item
Place = tuple[str, int, int]  # sheet, row, column, from 0
COLUMNS = {item.item_code: item.column_name for item in items()}
TABLES = {"monthly_report_communities": "community", "monthly_report_subdistricts": "subdistrict"}


def values(submission: Submission) -> dict[Cell, tuple[object, str | None]]:
    """Value and text as sent of every (unit, item) that the submission holds."""
    found: dict[Cell, tuple[object, str | None]] = {}
    for name in TABLES:
        for row in rows_of(submission, name):
            unit = row.get("community_code", submission.unit_code)
            for code, column in COLUMNS.items():
                if column in row:
                    found[(unit, code)] = (row[column], row[f"{column}__text"])
    return found


def places(submission: Submission) -> dict[Cell, Place]:
    """Where each (unit, item) stood."""
    found: dict[Cell, Place] = {}
    headers = {header["item_code"]: header for header in rows_of(submission, "headers")}
    for name in TABLES:
        for row in rows_of(submission, name):
            for code, header in headers.items():
                if header["raw_table"] == name:
                    number = header["row_number"] or row["row_number"]
                    place = parse_address(f"{header['column_letter']}{number}")
                    found[(row.get("community_code", submission.unit_code), code)] = (row["sheet"], *place)
    return found


def unaccounted(submission: Submission) -> list[str]:
    counts = submission.counts
    wrong = counts.found != counts.loaded + counts.blank + counts.rejected or submission.cells_label < 0
    return [f"accounts: {counts}, labels {submission.cells_label}"] if wrong else []


def silent_losses(original: Submission, mutant: Submission, content: bytes) -> list[str]:
    """Each value of the original that the mutant's submission lost without a word."""
    before, after = values(original), values(mutant)
    differing = [
        cell for cell in before if before[cell][0] is not None and after.get(cell, (None,))[0] != before[cell][0]
    ]
    if not differing or original.month != mutant.month or original.unit_code != mutant.unit_code:
        return unaccounted(mutant)  # another month or unit is read from what stands in the mutant
    said, stood, stood_before = _said(mutant), places(mutant), places(original)
    named = _named_ranges(mutant)
    second = _second_reader(content)
    lost = []
    for unit, item in differing:
        if (unit, item) in said or (unit, "*") in said or ("*", item) in said:
            continue
        if _is_named(stood_before.get((unit, item)), named):
            continue
        text = after.get((unit, item), (None, None))[1]
        if not second(stood.get((unit, item)), text):
            lost.append(f"{unit} {item}: {before[(unit, item)]} → {text!r}")
    return [*unaccounted(mutant), *lost]


def _said(submission: Submission) -> set[Cell]:
    """The cells, rows and columns that a problem names; ``*`` stands for all."""
    whole = {"item_list_missing", "cells_repeated", "cells_damaged"}
    found = {(problem.unit_code or "*", problem.item_code or "*") for problem in submission.problems}
    found.discard(("*", "*"))
    return found | {("*", code) for code in COLUMNS} if whole & {p.kind for p in submission.problems} else found


def _named_ranges(submission: Submission) -> list[tuple[str, int, int, int, int]]:
    """Sheet, first row, first column, last row, last column of each range that a problem of severity rejected names."""
    found = []
    for problem in submission.problems:
        first, _, last = (problem.cell or "").partition(":")
        if problem.severity == "rejected" and problem.sheet and CELL.fullmatch(first):
            found.append((problem.sheet, *parse_address(first), *parse_address(last or first)))
    return found


def _is_named(place: Place | None, ranges: list[tuple[str, int, int, int, int]]) -> bool:
    if place is None:
        return False
    sheet, row, column = place
    return any(
        name == sheet and top <= row <= bottom and left <= column <= right for name, top, left, bottom, right in ranges
    )


def _second_reader(content: bytes) -> Callable[[Place | None, str | None], bool]:
    if content.startswith(b"PK"):
        return _zip_reader(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return _xls_reader(content)
    text = decode(content)[0]
    if "<Worksheet" in text:
        return _xml_reader(text, "Row", "Cell")
    return _xml_reader(text, "tr", "td") if "<table>" in text else _by_words(text)


def _xml_reader(text: str, row_name: str, cell_name: str) -> Callable[[Place | None, str | None], bool]:
    """Any table of the file may be the cell's: HTML tables have no names."""
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError:
        return _by_words(text)
    tables = [part for part in root.iter() if _local(part.tag) in ("table", "Table")]
    grids = [[_cells(row, cell_name) for row in _placed(table, row_name)] for table in tables]
    return lambda place, found: place is not None and any(_holds(grid, place, found) for grid in grids)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _placed(parent: ElementTree.Element | None, name: str) -> list[ElementTree.Element | None]:
    """The children of a name, each at its Index where it has one."""
    found: list[ElementTree.Element | None] = []
    for part in parent if parent is not None else ():
        if _local(part.tag) == name:
            index = next((value for key, value in part.attrib.items() if _local(key) == "Index"), "")
            found += [None] * (int(index) - 1 - len(found) if index.isdigit() and len(index) < 6 else 0)
            found.append(part)
    return found


def _cells(row: ElementTree.Element | None, name: str) -> list[set[str]]:
    """What each cell may mean: its text, or the value in its attribute."""
    return [
        {"".join(cell.itertext()).strip(), *cell.attrib.values()} if cell is not None else {""}
        for cell in _placed(row, name)
    ]


def _holds(grid: list[list[set[str]]], place: Place, found: str | None) -> bool:
    _, row, column = place
    cell = grid[row][column] if row < len(grid) and column < len(grid[row]) else {""}
    return "" in cell if found is None else found.strip() in cell


def _xls_reader(content: bytes) -> Callable[[Place | None, str | None], bool]:
    grid = _xls_grid(content)
    if grid:
        return _by_cell(grid)
    records = _cell_records(content)
    return lambda place, found: (
        place is not None and (place[1], place[2]) not in records if found is None else _stands_in_bytes(content, found)
    )


def _cell_records(content: bytes) -> Counter[tuple[int, int]]:
    """Where single-cell records of any sheet stand, in an .xls that the second reader cannot open."""
    found: Counter[tuple[int, int]] = Counter()
    for match in XLS_CELL.finditer(content):
        found[struct.unpack_from("<HH", match[0], 4)] += 1
    return found


def _stands_in_bytes(content: bytes, found: str | None) -> bool:
    """Whether a number is stored in an .xls that the second reader cannot open: as a double or as an RK number."""
    try:
        number = float(found or "")
    except ValueError:
        return False
    stored = [struct.pack("<d", number), struct.pack("<d", number)[4:]]
    for scale, flag in ((1, 2), (100, 3)):
        if (number * scale).is_integer() and abs(number * scale) < 2**29:
            stored.append(struct.pack("<i", int(number * scale) << 2 | flag))
    double = bytearray(struct.pack("<d", number * 100)[4:])
    double[0] |= 1
    return any(piece in content for piece in [*stored, bytes(double)])


def _by_words(text: str) -> Callable[[Place | None, str | None], bool]:
    """For formats without a second reader here: what was read stands somewhere in the mutant."""
    return lambda place, found: found is not None and found in text


def _zip_reader(content: bytes) -> Callable[[Place | None, str | None], bool]:
    try:
        parts = parts_of(content)
        if "content.xml" in parts:
            return _xml_reader(parts["content.xml"].decode("utf-8", "replace"), "table-row", "table-cell")
        for transitional, strict in STRICT:
            parts = {name: part.replace(strict, transitional) for name, part in parts.items()}
        book = openpyxl.load_workbook(io.BytesIO(zipped(parts)), data_only=True)
    except Exception:  # noqa: BLE001 - the oracle's reader may fail in any way on a mutant; then it says nothing
        return lambda place, found: False
    return _by_cell(
        {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets}
    )


def _xls_grid(content: bytes) -> dict[str, list[list[Any]]]:
    try:
        book = xlrd.open_workbook(file_contents=content, logfile=io.StringIO())
    except Exception:  # noqa: BLE001 - as above
        return {}
    return {sheet.name: [sheet.row_values(row) for row in range(sheet.nrows)] for sheet in book.sheets()}


def _by_cell(grid: dict[str, list[list[Any]]]) -> Callable[[Place | None, str | None], bool]:
    def agrees(place: Place | None, found: str | None) -> bool:
        if place is None or place[0] not in grid:
            return False
        rows, row, column = grid[place[0]], place[1], place[2]
        value = rows[row][column] if row < len(rows) and column < len(rows[row]) else None
        return is_blank(value) if found is None else _text(value) == found.strip()

    return agrees


def _text(value: Any) -> str:
    known: Value = float(value) if isinstance(value, int) and not isinstance(value, bool) else value
    return text_of(known).strip() if not hasattr(value, "hour") else value.date().isoformat()
