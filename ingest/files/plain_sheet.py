"""Reads a sheet whose XML is as programs write it, row by row: what is written around the contents of a row's cells is
proven sound once, for all workbooks that have it in common; then only the contents are read.

Here belongs how rows make a sheet; what a piece of a row means does not (``ingest.files.plain_cells`` and
``plain_values``). A sheet that holds anything else (dates, rich texts, cells without an address, whatever is broken) is
None here, and python-calamine's to read. So the patterns may be too strict, but never too lax: the tests hold one
reader against the other, cell by cell, and the patterns against a parser.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from operator import call
from typing import NamedTuple

from ingest.files.grid import Value
from ingest.files.look import MAX_CELLS, FileRefused
from ingest.files.plain_cells import Cell, RowTags, Styles, read_cells, read_row_tags
from ingest.files.plain_values import (
    TEXT_READERS,
    Kept,
    NotPlainError,
    Read,
    behind_formula,
    is_long,
    long_numbers,
    short_numbers,
)
from ingest.files.sound import refuse_broken

START, END, ROW_END = b"<sheetData>", b"</sheetData>", b"</row>"
CELL_START, CELL_END = b"<c ", b"</c>"
CONTENT = b'"><'  # where a cell's tag ends and its content begins: no text and no blank cell's tag holds it
SHORT = len(b"v>1234567890</v>")  # a content that is no longer holds no number of eleven digits
OTHER_ENCODING = re.compile(rb"encoding=.(?!utf-8)", re.IGNORECASE)
MOST_ROWS = 2_000


class Found(NamedTuple):
    """A cell with its content."""

    head: bytes  # what is written before the content
    cell: Cell
    read: Read | None
    value: Value
    is_blank: bool
    has_formula: bool

    @property
    def column(self) -> int:
        return self.cell.cells.column

    @property
    def is_looked_at(self) -> bool:
        return self.cell.is_odd or self.has_formula


@dataclass(frozen=True)
class Layout:
    """How to read the cells of a row: one head, one column and one reader for each."""

    number: int
    hidden: int  # rows: this one, and those without a cell before it
    heads: Sequence[bytes] = ()
    columns: Sequence[int] = ()
    readers: Sequence[Read | None] = ()
    has_shared: bool = False  # a shared text, whose reader is the workbook's
    width: int = 0  # up to the last cell that is not blank
    is_dense: bool = True  # a cell in each column up to there, and none behind
    numbers: int = 0  # how many cells hold a number or a boolean
    texts: Sequence[int] = ()  # the columns of texts
    has_long_number: bool = False
    looked_at: Sequence[tuple[int, bytes]] = ()  # place among the cells, and attributes

    @classmethod
    def of(cls, number: int, hidden: int, cells: Sequence[Found]) -> Layout:
        columns = [cell.column for cell in cells]
        width = max([cell.column + 1 for cell in cells if not cell.is_blank], default=0)
        return cls(
            number,
            hidden,
            heads=[cell.head for cell in cells],
            columns=columns,
            readers=[cell.read for cell in cells],
            has_shared=any(cell.read is None for cell in cells),
            width=width,
            is_dense=columns == list(range(width)),
            numbers=sum([isinstance(cell.value, float | bool) for cell in cells]),
            texts=[cell.column for cell in cells if cell.read in TEXT_READERS and not cell.is_blank],
            has_long_number=any(cell.read is long_numbers for cell in cells),
            looked_at=[(place, cell.cell.cells.attributes) for place, cell in enumerate(cells) if cell.is_looked_at],
        )


@dataclass(frozen=True)
class _Known:
    """What was read before, in sheets with the same styles."""

    cells: Kept
    layouts: dict[tuple[bytes, int, bytes], Layout] = field(default_factory=dict)

    def keep(self, written: tuple[bytes, int, bytes], layout: Layout) -> None:
        if len(self.layouts) >= MOST_ROWS:
            self.layouts.clear()
        self.layouts[written] = layout


@lru_cache(maxsize=20)
def _known(styles: Styles) -> _Known:
    return _Known(Kept(styles.cell))


@dataclass(frozen=True)
class PlainSheet:
    """``rows`` as python-calamine gives them; ``texts``, ``filled`` and ``long_numbers`` as a sheet's attributes."""

    around: bytes  # what is written before and behind the rows
    rows: list[list[Value]]
    texts: list[list[tuple[int, str]]]
    filled: list[int]
    long_numbers: list[int]
    hidden_rows: int
    looked_at: list[tuple[bytes, bytes]]  # cells with a formula, an error or an odd style: attributes and elements


def read_plain(xml: bytes, shared: Read, styles: Styles) -> PlainSheet | None:
    """The sheet, or None where it is another reader's. ``shared`` reads the content of a cell with a shared text."""
    start, end = xml.find(START) + len(START), xml.rfind(END)
    around = xml[:start] + xml[end:]
    if not len(START) <= start <= end or not _is_sound(around):
        return None
    reader = _Reader(shared, _known(styles))
    try:
        *rows, rest = xml[start:end].split(ROW_END)
        for written in rows:
            reader.read_row(written)
        return reader.sheet(around, read_row_tags(rest))
    except (NotPlainError, LookupError, ValueError):
        return None


class _Reader:
    """Reads the rows of one sheet. The methods raise NotPlainError, LookupError or ValueError."""

    def __init__(self, shared: Read, known: _Known) -> None:
        self.shared, self.known = shared, known
        self.rows: list[tuple[Layout, list[Value]]] = []
        self.looked_at: list[tuple[bytes, bytes]] = []

    def read_row(self, written: bytes) -> None:
        first = written.find(CELL_START)
        tags, cells = (written[:first], written[first:]) if first >= 0 else (written, b"")
        pieces = cells.split(CELL_END)
        key = (tags, len(pieces), pieces.pop())  # nearly always tells rows with other blank cells apart
        layout = self.known.layouts.get(key)
        values = self._values(layout, pieces) if layout is not None else None
        if layout is None or values is None:
            layout, values = self._look_at_row(key, pieces)
        for place, attributes in layout.looked_at:
            content = pieces[place][len(layout.heads[place]) :]
            self.looked_at.append((attributes, b"<" + content if content else b""))
        self.rows.append((layout, values))

    def _values(self, layout: Layout, pieces: list[bytes]) -> list[Value] | None:
        """None where the row has another layout: a head that is not the layout's stays, and no reader takes it."""
        readers = [read or self.shared for read in layout.readers] if layout.has_shared else layout.readers
        try:
            return list(map(call, readers, map(bytes.removeprefix, pieces, layout.heads)))
        except (NotPlainError, LookupError):
            return None

    def _look_at_row(self, key: tuple[bytes, int, bytes], pieces: list[bytes]) -> tuple[Layout, list[Value]]:
        """A row whose layout is not known: each of its cells is looked up by itself."""
        tags, _, tail = key
        number, hidden = read_row_tags(tags)
        cells = [self._found(piece) for piece in pieces]
        spans = [cell.cell.cells for cell in cells] + ([read_cells(tail)] if tail else [])
        if number < 0 or any(span.row != number for span in spans) or (tail and not spans[-1].ends):
            raise NotPlainError
        if any(span.first_column <= before.column for before, span in pairwise(spans)):
            raise NotPlainError
        layout = Layout.of(number, hidden, cells)
        if not any(cell.has_formula for cell in cells):
            self.known.keep(key, layout)
        return layout, [cell.value for cell in cells]

    def _found(self, piece: bytes) -> Found:
        head, opened, content = piece.partition(CONTENT)
        head += opened
        cell: Cell = self.known.cells[head]
        has_formula = content.startswith(b"f")
        held = behind_formula(content) if has_formula else content
        if held in cell.blanks or (has_formula and not held):
            return Found(head, cell, cell.blanks.__getitem__, None, True, has_formula)
        read = cell.read
        if read is short_numbers and len(held) > SHORT and is_long(held):
            read = long_numbers
        return Found(head, cell, read, (read or self.shared)(held), False, has_formula)

    def sheet(self, around: bytes, behind: RowTags) -> PlainSheet:
        """All rows that were read. Raises NotPlainError where they do not follow each other, or the grid is huge."""
        numbers = [layout.number for layout, _ in self.rows]
        count, width = max(numbers, default=-1) + 1, max([layout.width for layout, _ in self.rows], default=0)
        if behind.number >= 0 or numbers != sorted(set(numbers)) or count * width > MAX_CELLS:
            raise NotPlainError
        rows: list[list[Value]] = [[] for _ in range(count)]
        texts: list[list[tuple[int, str]]] = [[] for _ in range(count)]
        filled = [0] * count
        for number, (layout, values) in zip(numbers, self.rows, strict=True):
            exact = layout.is_dense and layout.width == width
            rows[number] = line = values if exact else _line(layout, values, width)
            texts[number] = found = [(column, line[column]) for column in layout.texts if line[column] is not None]
            filled[number] = layout.numbers + sum([not text.isspace() for _, text in found])
        long_numbers = [layout.number for layout, _ in self.rows if layout.has_long_number]
        hidden_rows = behind.hidden + sum([layout.hidden for layout, _ in self.rows])
        return PlainSheet(around, rows, texts, filled, long_numbers, hidden_rows, self.looked_at)


def _line(layout: Layout, values: list[Value], width: int) -> list[Value]:
    """A row without a value is empty."""
    line: list[Value] = [None] * width if layout.width else []
    for column, value in zip(layout.columns, values, strict=True):
        if value is not None:
            line[column] = value
    return line


@lru_cache(maxsize=100)
def _is_sound(around: bytes) -> bool:
    """Kept, because what stands around the rows is the same in every workbook of a template."""
    try:
        refuse_broken(around)
    except FileRefused:
        return False
    return not OTHER_ENCODING.search(around[:100])
