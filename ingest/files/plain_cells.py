"""What stands before the content of a cell: its place, its kind and style; and the row's own tags.

Here belongs all that a row has in common with other rows of its layout. It is written the same in each workbook of a
template, so each piece of it is understood once. What stands within a cell does not belong here
(``ingest.files.plain_values``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from ingest.files.grid import parse_address
from ingest.files.look import MAX_COLUMNS, MAX_ROWS
from ingest.files.plain_values import (
    BLANK,
    BLANK_INLINE,
    EMPTY,
    INLINE_KIND,
    READERS,
    NotPlainError,
    Read,
    empty,
    refuse,
    short_numbers,
)

CLOSED = b"\0"  # behind a tag that ends its cell; nowhere else in a sheet that is read here
CELL = re.compile(
    rb'<c r="([A-Z]{1,3}[1-9][0-9]{0,6})"(?: s="(0|[1-9][0-9]*+)")?+(?: t="([A-Za-z]++)")?+ ?(?:(/>\0)|><?)'
)
ROW = re.compile(rb'(<row r="([1-9][0-9]{0,6})"((?: [A-Za-z0-9:]++="[A-Za-z0-9.: ]*+")*+) ?(/?)>)')
NAME = re.compile(rb'[^ "]+(?==")')
HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')


class Cell(NamedTuple):
    """A cell without its content; row and column from 0."""

    row: int
    column: int
    read: Read | None  # None where the cell holds the number of a shared text
    blanks: dict[bytes, None]  # the contents with which it is blank
    is_odd: bool  # an error, a percentage, struck through


@dataclass(frozen=True)
class Styles:
    """The styles that change what a number means, by the number that cells give."""

    unknown: frozenset[bytes] = frozenset()  # dates, times and all that might be one
    looked_at: frozenset[bytes] = frozenset()  # percentages, struck through

    def cell(self, head: bytes) -> Cell:
        """The cell whose content follows ``head``. Raises NotPlainError."""
        tag = CELL.fullmatch(head)
        if tag is None:
            raise NotPlainError
        address, style, kind, closed = tag.groups()
        row, column = parse_address(address.decode())
        if row >= MAX_ROWS or column >= MAX_COLUMNS or (kind or b"") not in READERS:
            raise NotPlainError
        if closed:
            return Cell(row, column, empty, EMPTY, is_odd=False)
        read = READERS[kind or b""]
        read = refuse if read is short_numbers and style in self.unknown else read
        blanks = BLANK_INLINE if kind == INLINE_KIND else BLANK
        is_odd = kind == b"e" or style in self.looked_at
        return Cell(row, column, read, blanks if head.endswith(b"<") else EMPTY, is_odd)


class RowTags(NamedTuple):
    """Rows that follow each other, all but the last without a cell."""

    number: int  # of the last, from 0; -1 where it has no cell, too
    hidden: int  # how many of them


@lru_cache(maxsize=2_000)
def read_row_tags(tags: bytes) -> RowTags:
    """Raises NotPlainError where anything but the tags of rows is there."""
    found = ROW.findall(tags)
    if b"".join([row[0] for row in found]) != tags or not all(row[3] for row in found[:-1]):
        raise NotPlainError
    if not all(_has_each_name_once(row[2]) for row in found):
        raise NotPlainError
    if any(int(row[1]) > MAX_ROWS for row in found):
        raise NotPlainError
    is_open = bool(found) and not found[-1][3]
    return RowTags(int(found[-1][1]) - 1 if is_open else -1, sum(bool(HIDDEN.search(row[2])) for row in found))


def _has_each_name_once(attributes: bytes) -> bool:
    names = NAME.findall(attributes)
    return len(set(names)) == len(names) and b"r" not in names
