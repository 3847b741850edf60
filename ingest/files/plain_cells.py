"""What stands before the content of a cell: its place, its kind and style, the row, and the blank cells before it.

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
    refuse,
    short_numbers,
)

CELL = re.compile(rb'(<c r="([A-Z]{1,3}[1-9][0-9]{0,6})"(?: s="([0-9]++)")?+(?: t="([A-Za-z]++)")?+ ?(/?)>)')
ROW = re.compile(rb'(<row r="([1-9][0-9]{0,6})"((?: [A-Za-z0-9:]++="[A-Za-z0-9.: ]*+")*+) ?(/?)>)')
NAME = re.compile(rb'[^ "]+(?==")')
HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')


class Cells(NamedTuple):
    """Cells that follow each other in a row, from 0; all but the last are blank."""

    row: int
    first_column: int
    column: int
    kind: bytes  # of the last, as all that follows
    style: bytes
    attributes: bytes  # from the address on
    ends: bool  # blank, too


class Cell(NamedTuple):
    """A cell without its content; ``read`` is None where it holds the number of a shared text."""

    cells: Cells
    read: Read | None
    blanks: dict[bytes, None]  # what is written in it where it is blank
    is_odd: bool  # an error, a percentage, struck through


@dataclass(frozen=True)
class Styles:
    """The styles that change what a number means, by the number that cells give."""

    unknown: frozenset[bytes] = frozenset()  # dates, times and all that might be one
    looked_at: frozenset[bytes] = frozenset()  # percentages, struck through

    def cell(self, head: bytes) -> Cell:
        """The cell whose content follows ``head``. Raises NotPlainError."""
        cells = read_cells(head.removesuffix(b"<"))
        if cells.ends:
            raise NotPlainError
        read = READERS[cells.kind]
        read = refuse if read is short_numbers and cells.style in self.unknown else read
        blanks = BLANK_INLINE if cells.kind == INLINE_KIND else BLANK
        return Cell(
            cells, read, blanks if head.endswith(b"<") else EMPTY, cells.kind == b"e" or cells.style in self.looked_at
        )


def read_cells(tags: bytes) -> Cells:
    """Raises NotPlainError where anything but the tags of cells is there, or they do not follow each other."""
    found = CELL.findall(tags)
    if not found or b"".join([cell[0] for cell in found]) != tags:
        raise NotPlainError
    places = [parse_address(cell[1].decode()) for cell in found]
    columns = [column for _, column in places]
    row = places[0][0]
    if columns != sorted(set(columns)) or any(place[0] != row for place in places):
        raise NotPlainError
    if row >= MAX_ROWS or columns[-1] >= MAX_COLUMNS or any(cell[3] not in READERS for cell in found):
        raise NotPlainError
    tag, _, style, kind, ends = found[-1]
    if not all(cell[4] for cell in found[:-1]):
        raise NotPlainError
    return Cells(row, columns[0], columns[-1], kind, style, tag[len(b'<c r="') : -1], bool(ends))


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
    is_open = bool(found) and not found[-1][3]
    return RowTags(int(found[-1][1]) - 1 if is_open else -1, sum(bool(HIDDEN.search(row[2])) for row in found))


def _has_each_name_once(attributes: bytes) -> bool:
    names = NAME.findall(attributes)
    return len(set(names)) == len(names) and b"r" not in names
