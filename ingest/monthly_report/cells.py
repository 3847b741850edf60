"""The data cells of the community table, each column read as its item's type."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain

from ingest.files.grid import Sheet, Value
from ingest.monthly_report.layout import Column
from ingest.raw.block import Block
from ingest.submission import Counts
from ingest.values.cell import read_column
from ingest.values.counts import BLANK, packed
from ingest.values.reading import Reading, Wire


@dataclass
class CellsRead:
    """Rows of cells: what raw keeps of them, their account, and by row (from 0) what there may be to say of a cell."""

    block: Block
    counts: Counts
    said: dict[int, list[tuple[Column, Value, Reading]]] = field(default_factory=lambda: defaultdict(list))


def read_cells(sheet: Sheet, columns: Sequence[Column], rows: Sequence[int]) -> CellsRead:
    """The cells of ``columns`` in ``rows``; a row that ends before has blanks."""
    width = max([column.index for column in columns], default=-1) + 1
    cells = list(zip(*[_padded(sheet.rows[row], width) for row in rows], strict=False))
    read = CellsRead(Block(len(rows), {"row_number": [row + 1 for row in rows]}, {"sheet": sheet.name}), Counts())
    left = _read_counts(columns, cells, read) if cells else columns
    plain: list[Wire] = []
    for column in left:
        raw = cells[column.index] if cells else ()
        found, item = read_column(column.readings, raw), column.item
        read.block.columns[item.column_name] = found.values
        if found.texts is None:
            plain += found.values
            continue
        read.block.columns[item.text_column] = found.texts
        read.counts.add_all([reading.status for reading in found.readings], len(raw) - found.texts.count(None))
        for row, value, reading in zip(rows, raw, found.readings, strict=True):
            if reading.kind is not None:
                read.said[row].append((column, value, reading))
    read.counts.add_plain(plain)
    return read


def _read_counts(columns: Sequence[Column], cells: Sequence[tuple[Value, ...]], read: CellsRead) -> Sequence[Column]:
    """Read all columns of counts together, where they hold only numbers and blanks; gives the columns that are left."""
    counts = [column for column in columns if column.readings.counts]
    sent = [cells[column.index] for column in counts]
    numbers = packed(list(chain.from_iterable(sent)))
    if numbers is None:
        return columns
    read.block.packed[tuple([column.item.column_name for column in counts])] = numbers
    read.counts.add_loaded(len(counts) * read.block.count, numbers.count(BLANK))
    return [column for column in columns if not column.readings.counts]


def _padded(cells: list[Value], width: int) -> list[Value]:
    return cells if len(cells) >= width else cells + [None] * (width - len(cells))
