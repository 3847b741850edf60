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
from itertools import compress
from operator import call, is_, lt
from typing import Any

from ingest.files.grid import Value
from ingest.files.look import MAX_CELLS
from ingest.files.plain_cells import CLOSED, Cell, RowTags, Styles, read_row_tags
from ingest.files.plain_layout import CELL_END, Layout
from ingest.files.plain_values import (
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
CELL_START, CELL_ADDRESS = b"<c ", b'<c r="'
CLOSED_CELL = b"/>"
CONTENT = b'"><'  # where a cell's tag ends and its content begins: no text and no blank cell's tag holds it
FORMULA = b"f"
SHORT = len(b"v>1234567890</v>")  # a content that is no longer holds no number of eleven digits
MOST_ROWS = 2_000
DIFFERING = 4  # a row of which more than one cell in four is written otherwise has another layout


Row = tuple[Layout, list[Any], bool]  # with its values, and whether other cells are blank than the layout says


@dataclass(frozen=True)
class _Known:
    """What was read before, in sheets with the same styles."""

    cells: Kept[bytes, Cell]
    layouts: dict[tuple[bytes, int], Layout] = field(default_factory=dict)  # by a row's tags and how many cells it has

    def keep(self, written: tuple[bytes, int], layout: Layout) -> None:
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
    if not len(START) <= start <= end or CLOSED in xml or not _is_plain(around):
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
        self.rows: list[Row] = []
        self.looked_at: list[tuple[bytes, bytes]] = []

    def read_row(self, written: bytes) -> None:
        first = written.find(CELL_START)
        tags, cells = (written[:first], written[first:]) if first >= 0 else (written, b"")
        pieces = cells.split(CELL_END)
        behind = pieces.pop()
        layout = None if behind else self.known.layouts.get((tags, len(pieces)))
        row = None if layout is None else self._exactly(layout, pieces, len(cells))
        if row is None:
            ended = _each_ended(cells)
            pieces = ended.split(CELL_END)
            if pieces.pop():
                raise NotPlainError
            layout = self.known.layouts.get((tags, len(pieces)))
            row = None if layout is None else self._nearly(layout, pieces, len(ended))
            row = row or self._look_at_row(tags, pieces)
        self.rows.append(row)
        if row[0].looked_at:
            self.looked_at += [_attributes_and_elements(pieces[place]) for place in row[0].looked_at]

    def _exactly(self, layout: Layout, pieces: list[bytes], length: int) -> Row | None:
        """The row, or None where it has another layout."""
        contents = list(map(bytes.removeprefix, pieces, layout.heads))
        if layout.markup + len(b"".join(contents)) != length:  # a head that is not the layout's was not taken off
            return None
        formulas = _take_formulas_off(contents) if layout.has_formulas else ()
        values = self._values(layout.readers, contents, layout.has_shared)
        return None if values is None else (layout.looking_at(formulas), values, False)

    def _nearly(self, layout: Layout, pieces: list[bytes], length: int) -> Row | None:
        """A row of which a few cells are written otherwise, blank ones above all: only these are looked up."""
        contents = list(map(bytes.removeprefix, pieces, layout.heads))
        places = list(compress(range(len(pieces)), map(is_, contents, pieces)))  # where nothing was taken off
        if len(places) * DIFFERING > len(pieces):
            return None
        cells: dict[int, Cell] = {}
        readers, markup = list(layout.readers), layout.markup
        for place in places:
            contents[place] = content = pieces[place].partition(CONTENT)[2]
            head = pieces[place].removesuffix(content)
            cells[place] = cell = self.known.cells[head]
            if cell.row != layout.number or cell.column != layout.columns[place]:
                return None
            readers[place] = cell.blanks.__getitem__ if content in cell.blanks else cell.read
            markup += len(head) - len(layout.heads[place])
        if markup + len(b"".join(contents)) != length:
            return None
        formulas = _take_formulas_off(contents) if layout.has_formulas else ()
        values = self._values(readers, contents, layout.has_shared or None in readers)
        if values is None:
            return None
        row = layout.but_for(cells, readers) if cells else layout
        return row.looking_at(formulas), values, bool(cells)

    def _values(self, readers: Sequence[Any], contents: list[bytes], has_shared: bool) -> list[Value] | None:
        """None where a content is not what its reader takes."""
        try:
            return list(map(call, [read or self.shared for read in readers] if has_shared else readers, contents))
        except (NotPlainError, LookupError):
            return None

    def _look_at_row(self, written: bytes, pieces: list[bytes]) -> Row:
        """A row whose layout is not known: each of its cells is looked up by itself."""
        tags = read_row_tags(written)
        contents = [piece.partition(CONTENT)[2] for piece in pieces]
        heads = list(map(bytes.removesuffix, pieces, contents))
        cells: list[Cell] = list(map(self.known.cells.__getitem__, heads))
        _refuse_disorder(tags.number, cells)
        readers: list[Read | None] = [cell.read for cell in cells]
        values = self._values(readers, contents, has_shared=True)
        if values is None:  # a formula, a blank, a long number: each is looked at
            found = [self._content(cell, content) for cell, content in zip(cells, contents, strict=True)]
            readers, values = [read for read, _ in found], [value for _, value in found]
        layout = Layout.of(tags, heads, cells, readers)
        formulas = [place for place, content in enumerate(contents) if content.startswith(FORMULA)]
        layout = replace(layout, has_formulas=bool(formulas))
        self.known.keep((written, len(pieces)), layout)
        return layout.looking_at(formulas), values, False

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
        layouts = [layout for layout, *_ in self.rows]
        numbers = [layout.number for layout in layouts]
        # Rows behind the last one with a value are no part of the grid, however far down they are.
        filled_rows = [layout for layout in layouts if layout.width]
        count = filled_rows[-1].number + 1 if filled_rows else 0
        width = max([layout.width for layout in filled_rows], default=0)
        if behind.number >= 0 or numbers != sorted(set(numbers)) or count * width > MAX_CELLS:
            raise NotPlainError
        rows: list[list[Value]] = [[] for _ in range(count)]
        texts: list[list[tuple[int, str]]] = [[] for _ in range(count)]
        filled = [0] * count
        for number, (layout, values, differs) in zip(numbers, self.rows, strict=True):
            if number >= count:
                break
            exact = layout.is_dense and len(values) == layout.width == width
            rows[number] = line = values if exact else _line(layout, values, width)
            texts[number] = found = [(column, line[column]) for column in layout.texts if line[column] is not None]
            not_blank = len(line) - line.count(None) if differs else layout.numbers + len(found)
            filled[number] = not_blank - sum([text.isspace() for _, text in found])
        long_numbers = [layout.number for layout in layouts if layout.has_long_number]
        hidden_rows = behind.hidden + sum([layout.hidden for layout in layouts])
        return PlainSheet(around, rows, texts, filled, long_numbers, hidden_rows, self.looked_at)


def _take_formulas_off(contents: list[bytes]) -> list[int]:
    """Leave the results of formulas alone, if there are any; gives the formulas' places."""
    places = [place for place, content in enumerate(contents) if content.startswith(FORMULA)]
    for place in places:
        contents[place] = behind_formula(contents[place])
    return places


def _each_ended(cells: bytes) -> bytes:
    """The cells of a row, each with an end: those that their own tag closes, too."""
    ended = cells.replace(CLOSED_CELL + CELL_START, CLOSED_CELL + CLOSED + CELL_END + CELL_START)
    return ended + CLOSED + CELL_END if ended.endswith(CLOSED_CELL) else ended


def _refuse_disorder(row: int, cells: list[Cell]) -> None:
    """Raises NotPlainError where a cell is of another row, or not behind the one before it."""
    columns = [cell.column for cell in cells]
    if row < 0 or any(cell.row != row for cell in cells) or not all(map(lt, columns, columns[1:])):
        raise NotPlainError


def _attributes_and_elements(piece: bytes) -> tuple[bytes, bytes]:
    head, opened, content = piece.removeprefix(CELL_ADDRESS).partition(CONTENT)
    return (head + b'"', b"<" + content) if opened else (head.removesuffix(b">"), b"")


def _line(layout: Layout, values: list[Any], width: int) -> list[Any]:
    """A row as wide as the sheet; one without a value is empty."""
    if not layout.width:
        return []
    if layout.is_dense:
        return values[:width] + [None] * (width - len(values))
    line: list[Value] = [None] * width
    for column, value in zip(layout.columns, values, strict=True):
        if value is not None:
            line[column] = value
    return line


@lru_cache(maxsize=100)
def _is_plain(around: bytes) -> bool:
    """Kept, because what stands around the rows is the same in every workbook of a template."""
    return is_plain_xml(around) and around.count(b"sheetData") == 2
