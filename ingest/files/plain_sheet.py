"""Reads a sheet whose XML is as programs write it: by one pattern, in half of python-calamine's time, soundness proven.

Here belongs what the cells of such a sheet hold. A sheet that holds anything else (dates, rich texts, cells without an
address, whatever is broken) is None here, and python-calamine's to read. So the pattern may be too strict, but never
too lax: the tests hold one reader against the other, cell by cell, and the pattern against a parser.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ingest.files.grid import Value, parse_address
from ingest.files.look import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, FileRefused
from ingest.files.sound import refuse_broken

START, END = b"<sheetData>", b"</sheetData>"
# A cell's address and attributes with its formula, and what it holds; or whatever is no cell. Possessive throughout
# (``++``): what does not fit is given up at once, in linear time.
CELLS = re.compile(
    rb'<c r="([^>]*+>(?:<f[^<]*+(?:</f>)?+)?+)(?:<((?:v>[^<]*+</v><|v ?/><|is><t[^<]*+</t></is><)?+/c)>)?+'
    rb"|(</?row[^>]*+>|.)",
    re.DOTALL,
)
ROW_END = b"</row>"
ROW = re.compile(rb'<row r="[1-9][0-9]{0,6}"((?: [A-Za-z0-9:]++="[A-Za-z0-9.: ]*+")*+) ?(/?)>')
NAME = re.compile(rb'[^ "]+(?==")')
CELL = re.compile(rb'([A-Z]{1,3}[1-9][0-9]{0,6})"(?: s="([0-9]++)")?+(?: t="([A-Za-z]++)")?+ ?(/?)>(.*)', re.DOTALL)
NUMBER = re.compile(rb"v>(-?[0-9]{1,300}(?:\.[0-9]{1,300})?)</v></c")  # an exponent may go beyond what a number holds
RESULT = re.compile(rb"v>([^<]*+)</v></c")
BLANK = (b"/c", b"v /></c", b"v/></c")
INLINE = re.compile(rb'is><t(?: xml:space="preserve")?>([^<]*+)</t></is></c')
FORMULA = re.compile(rb'<f(?: t="[A-Za-z]++")?+(?: ref="[A-Z0-9:]++")?+(?: si="[0-9]++")?+ ?(?:/>|>([^<]*+)</f>)')
SHARED = re.compile(rb"<si>(?:<(t[^<]*+</t)>(?:<phoneticPr [^<>]*+/>)?+</si>|.*?</si>)|<si ?/>|(.)", re.DOTALL)
SHARED_TEXT = re.compile(rb't(?: xml:space="preserve")?>([^<]*+)</t')
# Characters by number: from U+00A0 to U+D6D7 and the full-width ones; surrogates and controls are left out.
_NUMBERED = rb"1[6-9][0-9]|[2-9][0-9]{2}|[1-9][0-9]{3}|[1-4][0-9]{4}|5[0-4][0-9]{3}|65[0-4][0-9]{2}"
OTHER_ENTITY = re.compile(rb"&(?!(?:lt|gt|amp|quot|apos|#10|#(?:" + _NUMBERED + rb"));)")
# A carriage return becomes a line feed and _x000D_ a carriage return, in some readers; U+FFFE and U+FFFF are no text.
NO_TEXT = re.compile(rb"[\x00-\x08\x0b-\x1f>]|\xef\xbf[\xbe\xbf]|_x[0-9A-Fa-f]{4}_")
OTHER_ENCODING = re.compile(rb"encoding=.(?!utf-8)", re.IGNORECASE)
ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA"}
MOST_KNOWN = 20_000

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


def _number(holds: bytes) -> float | None:
    if holds in BLANK:
        return None
    match = NUMBER.fullmatch(holds)
    if match is None:
        raise NotPlainError
    return float(match[1])


def _result_text(holds: bytes) -> str | None:
    return None if holds in BLANK else text_in(RESULT, holds)


def _inline_text(holds: bytes) -> str | None:
    return None if holds == BLANK[0] else text_in(INLINE, holds)


def _logical(holds: bytes) -> bool:
    return {b"v>0</v></c": False, b"v>1</v></c": True}[holds]


def _error(holds: bytes) -> None:
    """Nothing yet: the cell is looked at later."""
    if _result_text(holds) not in ERRORS:
        raise NotPlainError


def _blank(holds: bytes) -> None:
    if holds:
        raise NotPlainError


def _nothing_known(holds: bytes) -> None:
    raise NotPlainError


def text_in(pattern: re.Pattern[bytes], holds: bytes) -> str | None:
    match = pattern.fullmatch(holds)
    if match is None:
        raise NotPlainError
    return text_of_xml(match[1])


def text_of_xml(text: bytes) -> str | None:
    """The text, None where it is empty. Raises NotPlainError where readers might differ in it."""
    if NO_TEXT.search(text) or OTHER_ENTITY.search(text):
        raise NotPlainError
    try:
        return html.unescape(text.decode()) or None
    except UnicodeDecodeError as error:
        raise NotPlainError from error


# Row, column, how to read what it holds (None: it is the number of a shared text), and whether to look at it again.
Cell = tuple[int, int, Read | None, bool]
READERS: dict[bytes, Read] = {
    b"": Kept(_number).__getitem__,
    b"str": Kept(_result_text).__getitem__,
    b"inlineStr": Kept(_inline_text).__getitem__,
    b"b": _logical,
    b"e": _error,
}
READERS[b"n"] = READERS[b""]


@dataclass(frozen=True)
class Styles:
    """The styles that change what a number means, by the number that cells give."""

    unknown: frozenset[bytes] = frozenset()  # dates, times and all that might be one
    looked_at: frozenset[bytes] = frozenset()  # percentages, struck through

    def cell(self, reference: bytes) -> Cell:
        """What a cell's address, attributes and formula say."""
        match = CELL.fullmatch(reference)
        if match is None:
            raise NotPlainError
        row, column = parse_address(match[1].decode())
        style, kind, formula = match[2] or b"", match[3] or b"", match[5]
        if row >= MAX_ROWS or column >= MAX_COLUMNS or (formula and not _is_formula(formula)):
            raise NotPlainError
        if match[4]:
            return row, column, _nothing_known if formula else _blank, False
        number = kind in (b"", b"n")
        read = _nothing_known if number and style in self.unknown else READERS[kind] if kind != b"s" else None
        return row, column, read, bool(formula) or kind == b"e" or style in self.looked_at


def _is_formula(text: bytes) -> bool:
    match = FORMULA.fullmatch(text)
    if match is not None:
        text_of_xml(match[1] or b"")
    return match is not None


@lru_cache(maxsize=20)
def _cells_of(styles: Styles) -> Kept:
    """Addresses repeat themselves too."""
    return Kept(styles.cell)


@dataclass(frozen=True)
class PlainSheet:
    """``rows`` as python-calamine gives them; ``looked_at`` are the cells with a formula, an error or an odd style."""

    rows: list[list[Value]]
    looked_at: list[tuple[bytes, bytes]]  # address and attributes, and the elements within


def read_plain(xml: bytes, shared: Read, styles: Styles) -> PlainSheet | None:
    """The sheet, or None where it is another reader's. ``shared`` reads a cell that holds the number of a text."""
    start, end = xml.find(START) + len(START), xml.rfind(END)
    if not len(START) <= start <= end:
        return None
    try:
        rows, looked_at = _rows(CELLS.findall(xml, start, end), _cells_of(styles), shared)
    except (NotPlainError, LookupError):
        return None
    return PlainSheet(rows, looked_at) if _is_sound(xml[:start] + xml[end:]) else None


def _rows(
    found: list[tuple[bytes, bytes, bytes]], known: Kept, shared: Read
) -> tuple[list[list[Value]], list[tuple[bytes, bytes]]]:
    """The rows, and the cells to look at. Raises NotPlainError."""
    rows: list[list[Value]] = []
    looked_at = []
    current, line, within = -1, list[Value](), False
    for reference, holds, other in found:
        if other:
            within = _enters_row(other, within)
            continue
        row, column, read, odd = known[reference]
        if row != current:
            if row < current:
                raise NotPlainError
            rows += [[] for _ in range(row - current - 1)]
            current, line = row, []
            rows.append(line)
        if column != len(line):
            if column < len(line):
                raise NotPlainError
            line += [None] * (column - len(line))
        line.append(read(holds) if read else shared(holds))
        if odd:
            attributes, _, formula = reference.partition(b">")
            looked_at.append((attributes, b"%b<%b>" % (formula, holds)))
    if within:
        raise NotPlainError
    return _rectangle(rows), looked_at


def _enters_row(tag: bytes, within: bool) -> bool:
    """Whether a row is open after ``tag``. Raises NotPlainError where that is no row's, or not one's in its place."""
    if tag == ROW_END and within:
        return False
    match = ROW.fullmatch(tag)
    if match is None or within or not _has_each_name_once(match[1]):
        raise NotPlainError
    return not match[2]


def _rectangle(rows: list[list[Value]]) -> list[list[Value]]:
    width = 0
    for row in rows:
        while row and row[-1] is None:
            row.pop()
        width = max(width, len(row))
    if len(rows) * width > MAX_CELLS:
        raise NotPlainError
    return [row and row + [None] * (width - len(row)) for row in rows]


@lru_cache(maxsize=2_000)
def _has_each_name_once(attributes: bytes) -> bool:
    names = NAME.findall(attributes)
    return len(set(names)) == len(names) and b"r" not in names


@lru_cache(maxsize=100)
def _is_sound(around: bytes) -> bool:
    """Kept, because what stands around the rows is the same in every workbook of a template."""
    try:
        refuse_broken(around)
    except FileRefused:
        return False
    return not OTHER_ENCODING.search(around[:100])


_shared_text = Kept(lambda item: text_in(SHARED_TEXT, item))


def shared_texts(part: bytes) -> Read:
    """Reads a cell that holds the number of a shared text; raises where it, or the whole part, is another reader's."""
    start, end = part.find(b">", part.find(b"<sst")) + 1, part.rfind(b"</sst>")
    found = SHARED.findall(part, start, end) if b"<sst" in part and start <= end else []
    if any(other for _, other in found):
        return _nothing_known
    items = {b"v>%d</v></c" % number: item for number, (item, _) in enumerate(found) if item}
    return Kept(lambda holds: _shared_text[items[holds]]).__getitem__
