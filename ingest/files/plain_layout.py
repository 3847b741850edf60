"""What a row has in common with other rows: the heads of its cells, their columns, and how to read each.

Here belongs what follows from that; how the pieces of a row are held against it does not
(``ingest.files.plain_sheet``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from ingest.files.plain_cells import Cell, RowTags
from ingest.files.plain_values import BLANK_READERS, NUMBER_READERS, TEXT_READERS, Read, long_numbers

CELL_END = b"</c>"


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
    is_dense: bool = True  # a cell in each column, up to the last
    numbers: int = 0  # how many cells hold a number or a boolean
    texts: Sequence[int] = ()  # the columns of texts
    has_long_number: bool = False
    looked_at: Sequence[int] = ()  # places among the cells: errors, odd styles; of one row formulas, too
    has_formulas: bool = False

    @classmethod
    def of(cls, tags: RowTags, heads: list[bytes], cells: list[Cell], readers: list[Read | None]) -> Layout:
        columns = [cell.column for cell in cells]
        return cls(
            tags.number,
            tags.hidden,
            heads=heads,
            markup=sum(map(len, heads)) + len(heads) * len(CELL_END),
            columns=columns,
            readers=readers,
            has_shared=None in readers,
            width=_width(columns, readers),
            is_dense=columns == list(range(len(columns))),
            numbers=len([read for read in readers if read in NUMBER_READERS]),
            texts=_texts(columns, readers),
            has_long_number=long_numbers in readers,
            looked_at=[place for place, cell in enumerate(cells) if cell.is_odd],
        )

    def but_for(self, cells: dict[int, Cell], readers: Sequence[Read | None]) -> Layout:
        """The layout of a row with some other cells, by their places, and all of its readers."""
        changed: dict[str, Any] = {}
        if not TEXT_READERS.isdisjoint([of[place] for place in cells for of in (self.readers, readers)]):
            changed["texts"] = _texts(self.columns, readers)
        if self.columns[max(cells)] + 1 >= self.width:
            changed["width"] = _width(self.columns, readers)
        if self.has_long_number:
            changed["has_long_number"] = long_numbers in readers
        odd = [place for place, cell in cells.items() if cell.is_odd]
        if odd or self.looked_at:
            changed["looked_at"] = sorted([*odd, *(place for place in self.looked_at if place not in cells)])
        return replace(self, **changed) if changed else self

    def looking_at(self, formulas: Sequence[int]) -> Layout:
        """The layout of a row with formulas in these places."""
        return replace(self, looked_at=sorted({*self.looked_at, *formulas})) if formulas else self


def _width(columns: Sequence[int], readers: Sequence[Read | None]) -> int:
    backwards = zip(reversed(columns), reversed(readers), strict=True)
    return next((column for column, read in backwards if read not in BLANK_READERS), -1) + 1


def _texts(columns: Sequence[int], readers: Sequence[Read | None]) -> list[int]:
    return [column for column, read in zip(columns, readers, strict=True) if read in TEXT_READERS]
