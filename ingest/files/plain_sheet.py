"""Reads a sheet whose XML is as programs write it, row by row: what is written around the texts of a row is proven
sound once, for all workbooks that have it in common; then only the texts are read.

Here belongs what the cells of such a sheet hold. A sheet that holds anything else (dates, rich texts, cells without an
address, whatever is broken) is None here, and python-calamine's to read. So the patterns may be too strict, but never
too lax: the tests hold one reader against the other, cell by cell, and the patterns against a parser.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from ingest.files.grid import Value, parse_address
from ingest.files.look import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, FileRefused
from ingest.files.sound import refuse_broken

START, END, ROW_END = b"<sheetData>", b"</sheetData>", b"</row>"
TEXTS = re.compile(rb">([^<]+)<")  # splits a row into what is written around its texts, and these
# A cell's address and attributes with its formula, and what it holds; or whatever is no cell. Possessive throughout
# (``++``): what does not fit is given up at once, in linear time.
CELLS = re.compile(
    rb'<c r="([^>]*+>(?:<f[^<]*+(?:</f>)?+)?+)(?:<((?:v>[^<]*+</v><|v ?/><|is><t[^<]*+</t></is><)?+/c)>)?+'
    rb"|(<row[^>]*+>|.)",
    re.DOTALL,
)
ROW = re.compile(rb'<row r="([1-9][0-9]{0,6})"((?: [A-Za-z0-9:]++="[A-Za-z0-9.: ]*+")*+) ?(/?)>')
NAME = re.compile(rb'[^ "]+(?==")')
CELL = re.compile(rb'([A-Z]{1,3}[1-9][0-9]{0,6})"(?: s="([0-9]++)")?+(?: t="([A-Za-z]++)")?+ ?(/?)>(.*)', re.DOTALL)
HOLDS = re.compile(rb'(?:v>([^<]++)</v><|v ?/><|is><t( xml:space="preserve")?>([^<]*+)</t></is><)?/c')
FORMULA = re.compile(rb'<f(?: t="[A-Za-z]++")?+(?: ref="[A-Z0-9:]++")?+(?: si="[0-9]++")?+ ?(?:/>|>([^<]*+)</f>)')
NUMBER = re.compile(rb"-?[0-9]{1,300}(?:\.[0-9]{1,300})?")  # an exponent may go beyond what a number holds
SHARED = re.compile(rb"<si>(?:<(t[^<]*+</t)>(?:<phoneticPr [^<>]*+/>)?+</si>|.*?</si>)|<si ?/>|(.)", re.DOTALL)
SHARED_TEXT = re.compile(rb't(?: xml:space="preserve")?>([^<]*+)</t')
# Characters by number: from U+00A0 to U+D6D7 and the full-width ones; surrogates and controls are left out.
_NUMBERED = rb"1[6-9][0-9]|[2-9][0-9]{2}|[1-9][0-9]{3}|[1-4][0-9]{4}|5[0-4][0-9]{3}|65[0-4][0-9]{2}"
OTHER_ENTITY = re.compile(rb"&(?!(?:lt|gt|amp|quot|apos|#10|#(?:" + _NUMBERED + rb"));)")
# A carriage return becomes a line feed and _x000D_ a carriage return, in some readers; U+FFFE and U+FFFF are no text.
NO_TEXT = re.compile(rb"[\x00-\x08\x0b-\x1f>]|\xef\xbf[\xbe\xbf]|_x[0-9A-Fa-f]{4}_")
OTHER_ENCODING = re.compile(rb"encoding=.(?!utf-8)", re.IGNORECASE)
ERRORS = {b"#DIV/0!", b"#N/A", b"#NAME?", b"#NULL!", b"#NUM!", b"#REF!", b"#VALUE!", b"#GETTING_DATA"}
SHARED_KIND, INLINE_KIND = b"s", b"inlineStr"
MOST_KNOWN, MOST_ROWS = 20_000, 2_000

Read = Callable[[bytes], Value]


class NotPlainError(Exception):
    """Something in the sheet is another reader's."""


class Kept(dict[bytes, Any]):
    """What bytes mean, kept, because the cells of a month repeat themselves."""

    def __init__(self, read: Callable[[bytes], Any]) -> None:
        super().__init__()
        self.read = read

    def __missing__(self, key: bytes) -> Any:
        value = self.read(key)
        if len(self) >= MOST_KNOWN:
            self.clear()
        self[key] = value
        return value


def _number(text: bytes) -> float:
    if not NUMBER.fullmatch(text):
        raise NotPlainError
    return float(text)


def _text(text: bytes) -> str:
    """Raises NotPlainError where readers might differ in it: python-calamine takes off white space around it."""
    found = _preserved(text)
    if found != found.strip(" \t\n"):
        raise NotPlainError
    return found


def _preserved(text: bytes) -> str:
    """A text whose white space is to be kept. Raises NotPlainError where readers might differ in it."""
    if NO_TEXT.search(text) or OTHER_ENTITY.search(text):
        raise NotPlainError
    try:
        return html.unescape(text.decode())
    except UnicodeDecodeError as error:
        raise NotPlainError from error


def _error(text: bytes) -> None:
    """Nothing yet: the cell is looked at later."""
    if text not in ERRORS:
        raise NotPlainError


def _refuse(text: bytes) -> None:
    raise NotPlainError


numbers, texts, preserved = (Kept(read).__getitem__ for read in (_number, _text, _preserved))
READERS: dict[bytes, Read | None] = {
    b"": numbers,
    b"n": numbers,
    b"str": texts,
    INLINE_KIND: texts,
    b"b": {b"0": False, b"1": True}.__getitem__,
    b"e": _error,
    SHARED_KIND: None,
}


class Cell(NamedTuple):
    """One cell: ``text`` is empty in a blank one, ``read`` is None where the text is the number of a shared one."""

    row: int
    column: int
    text: bytes
    read: Read | None
    looked_at: bool


@dataclass(frozen=True)
class Styles:
    """The styles that change what a number means, by the number that cells give."""

    unknown: frozenset[bytes] = frozenset()  # dates, times and all that might be one
    looked_at: frozenset[bytes] = frozenset()  # percentages, struck through

    def cell(self, reference: bytes, holds: bytes) -> Cell:
        """A cell as it is written. Raises NotPlainError."""
        match, held = CELL.fullmatch(reference), HOLDS.fullmatch(holds or b"/c")
        if match is None or held is None or bool(match[4]) == bool(holds) or not _is_formula(match[5]):
            raise NotPlainError
        style, kind, formula = match[2] or b"", match[3] or b"", match[5]
        inline = held[3] is not None
        row, column = parse_address(match[1].decode())
        if kind not in READERS or inline != (kind == INLINE_KIND and holds != b"/c" and bool(holds)):
            raise NotPlainError
        if row >= MAX_ROWS or column >= MAX_COLUMNS or (match[4] and formula):
            raise NotPlainError
        read = _refuse if READERS[kind] is numbers and style in self.unknown else READERS[kind]
        read = preserved if held[2] else read
        odd = bool(formula) or kind == b"e" or style in self.looked_at
        return Cell(row, column, held[1] or held[3] or b"", read, odd and bool(holds))


def _is_formula(text: bytes) -> bool:
    match = FORMULA.fullmatch(text) if text else None
    if match is not None:
        _text(match[1] or b"")
    return match is not None or not text


class Row(NamedTuple):
    """How to read the texts of a row: one column and one reader for each."""

    number: int
    columns: Sequence[int]
    readers: Sequence[Read | None]


@lru_cache(maxsize=20)
def _rows_of(styles: Styles) -> dict[bytes, Row]:
    """The rows that were read before, by what is written around their texts."""
    return {}


@dataclass(frozen=True)
class PlainSheet:
    """``rows`` as python-calamine gives them; ``looked_at`` are the cells with a formula, an error or an odd style."""

    rows: list[list[Value]]
    looked_at: list[tuple[bytes, bytes]]  # address and attributes, and the elements within


def read_plain(xml: bytes, shared: Read, styles: Styles) -> PlainSheet | None:
    """The sheet, or None where it is another reader's. ``shared`` reads the number of a shared text."""
    start, end = xml.find(START) + len(START), xml.rfind(END)
    if not len(START) <= start <= end or not _is_sound(xml[:start] + xml[end:]):
        return None
    sheet = _Reader(shared, styles)
    try:
        *rows, rest = xml[start:end].split(ROW_END)
        for written in rows:
            sheet.read_row(written)
        sheet.refuse_cells(rest)
        return PlainSheet(_rectangle(sheet.rows), sheet.looked_at)
    except (NotPlainError, LookupError, ValueError):
        return None


class _Reader:
    """Reads the rows of one sheet. The methods raise NotPlainError, LookupError or ValueError."""

    def __init__(self, shared: Read, styles: Styles) -> None:
        self.shared, self.styles = shared, styles
        self.known = _rows_of(styles)
        self.rows: list[list[Value]] = []
        self.looked_at: list[tuple[bytes, bytes]] = []

    def read_row(self, written: bytes) -> None:
        parts = TEXTS.split(written)
        key = b"\0".join(parts[::2])  # with as many zeros as texts: a zero in the XML makes their number differ
        row = self.known.get(key)
        if row is None:
            looked_at = len(self.looked_at)
            row, found = self._look_at_row(written)
            if found == parts[1::2] and looked_at == len(self.looked_at):
                self._keep(key, row)
        else:
            found = parts[1::2]
        if row.number < len(self.rows):
            raise NotPlainError
        self.rows += [[] for _ in range(row.number - len(self.rows))]
        line: list[Value] = [None] * (row.columns[-1] + 1) if row.columns else []
        for column, read, text in zip(row.columns, row.readers, found, strict=True):
            line[column] = (read or self.shared)(text)
        self.rows.append(line)

    def _keep(self, key: bytes, row: Row) -> None:
        if len(self.known) >= MOST_ROWS:
            self.known.clear()
        self.known[key] = row

    def _look_at_row(self, written: bytes) -> tuple[Row, list[bytes]]:
        """A row that was not read before, and its texts."""
        number, cells = -1, list[Cell]()
        for reference, holds, other in CELLS.findall(written):
            if other:
                if number >= 0:
                    raise NotPlainError
                number = _row_number(other)
                continue
            cell = self.styles.cell(reference, holds)
            if cell.row != number or (cells and cell.column <= cells[-1].column):
                raise NotPlainError
            cells.append(cell)
            if cell.looked_at:
                attributes, _, formula = reference.partition(b">")
                self.looked_at.append((attributes, b"%b<%b>" % (formula, holds)))
        if number < 0:
            raise NotPlainError
        filled = [cell for cell in cells if cell.text]
        row = Row(number, [cell.column for cell in filled], [cell.read for cell in filled])
        return row, [cell.text for cell in filled]

    def refuse_cells(self, written: bytes) -> None:
        """What stands behind the last row with cells: empty rows, or nothing."""
        for _, _, other in CELLS.findall(written):
            if not other or _row_number(other) >= 0:
                raise NotPlainError


def _row_number(tag: bytes) -> int:
    """The row that begins, from 0; -1 where it ends at once. Raises NotPlainError where that is no row's tag."""
    match = ROW.fullmatch(tag)
    if match is None or not _has_each_name_once(match[2]):
        raise NotPlainError
    return -1 if match[3] else int(match[1]) - 1


@lru_cache(maxsize=2_000)
def _has_each_name_once(attributes: bytes) -> bool:
    names = NAME.findall(attributes)
    return len(set(names)) == len(names) and b"r" not in names


def _rectangle(rows: list[list[Value]]) -> list[list[Value]]:
    """A rectangle from A1 on, rows without a value empty. Raises NotPlainError where it is huge."""
    width = max(map(len, rows), default=0)
    if len(rows) * width > MAX_CELLS:
        raise NotPlainError
    return [row and row + [None] * (width - len(row)) for row in rows]


@lru_cache(maxsize=100)
def _is_sound(around: bytes) -> bool:
    """Kept, because what stands around the rows is the same in every workbook of a template."""
    try:
        refuse_broken(around)
    except FileRefused:
        return False
    return not OTHER_ENCODING.search(around[:100])


def shared_texts(part: bytes) -> Read:
    """Reads the number of a shared text; raises where it, or the whole part, is another reader's."""
    start, end = part.find(b">", part.find(b"<sst")) + 1, part.rfind(b"</sst>")
    found = SHARED.findall(part, start, end) if b"<sst" in part and start <= end else []
    if any(other for _, other in found):
        return _refuse
    items = {b"%d" % number: item for number, (item, _) in enumerate(found) if item}
    return Kept(lambda number: _shared_text[items[number]]).__getitem__


def _read_shared(item: bytes) -> str | None:
    match = SHARED_TEXT.fullmatch(item)
    if match is None:
        raise NotPlainError
    return _text(match[1]) or None


_shared_text = Kept(_read_shared)
