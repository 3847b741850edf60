"""Reads a sheet whose XML is as programs write it, row by row: what is written around the contents of a row's cells is
proven sound once, for all workbooks that have it in common; then only the contents are read.

Here belongs how rows make a sheet; what a piece of a row means does not (``ingest.files.plain_cells`` and
``plain_values``). A sheet that holds anything else (dates, rich texts, cells without an address, whatever is broken) is
None here, and python-calamine's to read. So the patterns may be too strict, but never too lax: the tests hold one
reader against the other, cell by cell, and the patterns against a parser.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from operator import call, lt
from typing import Any

from ingest.files.grid import Value
from ingest.files.look import MAX_CELLS
from ingest.files.plain_cells import Cell, RowTags, Styles, blank_cells, read_row_tags
from ingest.files.plain_values import (
    BLANK_READERS,
    NUMBER_READERS,
    TEXT_READERS,
    NotPlainError,
    Read,
    behind_formula,
    is_long,
    long_numbers,
    short_numbers,
)
from ingest.files.sound import is_plain_xml
from ingest.kept import Kept

START, END, ROW_END = b"<sheetData>", b"</sheetData>", b"</row>"
CELL_START, CELL_ADDRESS, CELL_END = b"<c ", b'<c r="', b"</c>"
CONTENT = b'"><'  # where a cell's tag ends and its content begins: no text and no blank cell's tag holds it
FORMULA = b"f"
SHORT = len(b"v>1234567890</v>")  # a content that is no longer holds no number of eleven digits
MOST_ROWS = 2_000


@dataclass(frozen=True)
class Layout:
    """How to read the cells of a row: one head, one column and one reader for each."""

    number: int
    hidden: int  # rows: this one, and those without a cell before it
    heads: Sequence[bytes] = ()
    markup: int = 0  # bytes from the first cell on, without the contents
    columns: Sequence[int] = ()
    readers: Sequence[Read | None] = ()
    has_shared: bool = False  # a shared text, whose reader is the workbook's
    width: int = 0  # up to the last cell that is not blank
    is_dense: bool = True  # a cell in each column up to there, and none behind
    numbers: int = 0  # how many cells hold a number or a boolean
    texts: Sequence[int] = ()  # the columns of texts
    has_long_number: bool = False
    looked_at: Sequence[int] = ()  # places among the cells: errors, odd styles

    @classmethod
    def of(
        cls, tags: RowTags, tail: bytes, heads: list[bytes], cells: list[Cell], readers: list[Read | None]
    ) -> Layout:
        columns = [cell.column for cell in cells]
        filled = [column for column, read in zip(columns, readers, strict=True) if read not in BLANK_READERS]
        width = filled[-1] + 1 if filled else 0
        return cls(
            tags.number,
            tags.hidden,
            heads=heads,
            markup=sum(map(len, heads)) + len(heads) * len(CELL_END) + len(tail),
            columns=columns,
            readers=readers,
            has_shared=None in readers,
            width=width,
            is_dense=columns == list(range(width)),
            numbers=len([read for read in readers if read in NUMBER_READERS]),
            texts=[column for column, read in zip(columns, readers, strict=True) if read in TEXT_READERS],
            has_long_number=long_numbers in readers,
            looked_at=[place for place, cell in enumerate(cells) if cell.is_odd],
        )


@dataclass(frozen=True)
class _Known:
    """What was read before, in sheets with the same styles."""

    cells: Kept[bytes, Cell]
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
    if not len(START) <= start <= end or not _is_plain(around):
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
        self.rows: list[tuple[Layout, list[Any]]] = []
        self.looked_at: list[tuple[bytes, bytes]] = []

    def read_row(self, written: bytes) -> None:
        first = written.find(CELL_START)
        tags, cells = (written[:first], written[first:]) if first >= 0 else (written, b"")
        pieces = cells.split(CELL_END)
        key = (tags, len(pieces), pieces.pop())  # nearly always tells rows with other blank cells apart
        layout = self.known.layouts.get(key)
        values = self._values(layout, pieces, len(cells)) if layout is not None else None
        if layout is None or values is None:
            layout, values = self._look_at_row(key, pieces)
        if layout.looked_at:
            self.looked_at += [_attributes_and_elements(pieces[place]) for place in layout.looked_at]
        self.rows.append((layout, values))

    def _values(self, layout: Layout, pieces: list[bytes], length: int) -> list[Value] | None:
        """None where the row has another layout."""
        contents = list(map(bytes.removeprefix, pieces, layout.heads))
        if layout.markup + len(b"".join(contents)) != length:  # a head that is not the layout's was not taken off
            return None
        readers: Sequence[Any] = layout.readers
        if layout.has_shared:
            readers = [read or self.shared for read in readers]
        try:
            return list(map(call, readers, contents))
        except (NotPlainError, LookupError):
            return None

    def _look_at_row(self, key: tuple[bytes, int, bytes], pieces: list[bytes]) -> tuple[Layout, list[Value]]:
        """A row whose layout is not known: each of its cells is looked up by itself."""
        tags, tail = read_row_tags(key[0]), blank_cells(key[2])
        contents = [piece.partition(CONTENT)[2] for piece in pieces]
        heads = list(map(bytes.removesuffix, pieces, contents))
        cells: list[Cell] = list(map(self.known.cells.__getitem__, heads))
        _refuse_disorder(tags.number, cells, tail)
        readers: list[Read | None] = [cell.read for cell in cells]
        try:
            values = list(map(call, [read or self.shared for read in readers], contents))
        except (NotPlainError, LookupError):  # a formula, a blank, a long number: each is looked at
            found = [self._content(cell, content) for cell, content in zip(cells, contents, strict=True)]
            readers, values = [read for read, _ in found], [value for _, value in found]
        layout = Layout.of(tags, key[2], heads, cells, readers)
        formulas = [place for place, content in enumerate(contents) if content.startswith(FORMULA)]
        if formulas:  # not kept: their contents are rarely the same
            layout = replace(layout, looked_at=sorted({*layout.looked_at, *formulas}))
        else:
            self.known.keep(key, layout)
        return layout, values

    def _content(self, cell: Cell, content: bytes) -> tuple[Read | None, Value]:
        """How to read such a content, and its value."""
        has_formula = content.startswith(FORMULA)
        held = behind_formula(content) if has_formula else content
        if held in cell.blanks or (has_formula and not held):
            return cell.blanks.__getitem__, None
        read = cell.read
        if read is short_numbers and len(held) > SHORT and is_long(held):
            read = long_numbers
        return read, (read or self.shared)(held)

    def sheet(self, around: bytes, behind: RowTags) -> PlainSheet:
        """All rows that were read. Raises NotPlainError where they do not follow each other, or the grid is huge."""
        numbers = [layout.number for layout, _ in self.rows]
        # Rows behind the last one with a value are no part of the grid, however far down they are.
        filled_rows = [layout for layout, _ in self.rows if layout.width]
        count = filled_rows[-1].number + 1 if filled_rows else 0
        width = max([layout.width for layout in filled_rows], default=0)
        if behind.number >= 0 or numbers != sorted(set(numbers)) or count * width > MAX_CELLS:
            raise NotPlainError
        rows: list[list[Value]] = [[] for _ in range(count)]
        texts: list[list[tuple[int, str]]] = [[] for _ in range(count)]
        filled = [0] * count
        for number, (layout, values) in zip(numbers, self.rows, strict=True):
            if number >= count:
                break
            exact = layout.is_dense and layout.width == width
            line = values if exact else _line(layout, values, width)
            rows[number] = line
            texts[number] = found = [(column, line[column]) for column in layout.texts if line[column] is not None]
            filled[number] = layout.numbers + sum([not text.isspace() for _, text in found])
        long_numbers = [layout.number for layout, _ in self.rows if layout.has_long_number]
        hidden_rows = behind.hidden + sum([layout.hidden for layout, _ in self.rows])
        return PlainSheet(around, rows, texts, filled, long_numbers, hidden_rows, self.looked_at)


def _refuse_disorder(row: int, cells: list[Cell], tail: tuple[int, int] | None) -> None:
    """Raises NotPlainError where a cell is of another row, or not behind the one before it."""
    starts = [(cell.row, cell.first_column) for cell in cells] + ([tail] if tail else [])
    if row < 0 or any(place[0] != row for place in starts):
        raise NotPlainError
    if not all(map(lt, [cell.column for cell in cells], [column for _, column in starts[1:]])):
        raise NotPlainError


def _attributes_and_elements(piece: bytes) -> tuple[bytes, bytes]:
    """Of the last cell in a piece of a row, which may begin with blank ones."""
    head, opened, content = piece.partition(CONTENT)
    attributes = head.rpartition(CELL_ADDRESS)[2]
    return (attributes + b'"', b"<" + content) if opened else (attributes.removesuffix(b">"), b"")


def _line(layout: Layout, values: list[Any], width: int) -> list[Any]:
    """A row without a value is empty."""
    line: list[Value] = [None] * width if layout.width else []
    for column, value in zip(layout.columns, values, strict=True):
        if value is not None:
            line[column] = value
    return line


@lru_cache(maxsize=100)
def _is_plain(around: bytes) -> bool:
    """Kept, because what stands around the rows is the same in every workbook of a template."""
    return is_plain_xml(around) and around.count(b"sheetData") == 2
