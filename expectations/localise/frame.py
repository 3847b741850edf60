"""The records of a sheet as arrays: what was typed, what last month said, what the rules' constants are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from expectations.catalogue.expression import Reference
from expectations.detect.sent import in_order
from expectations.detect.table import wide_table
from expectations.history import Inputs
from expectations.localise.channel import Floats
from expectations.localise.columns import SOURCES, Column, Mask, given_column, sent_columns
from expectations.localise.compile import Compiled, Row
from expectations.localise.habits import Past
from expectations.localise.pace import expected_totals
from expectations.localise.system import EXACT, Ints
from expectations.localise.values import Batch, Records

LET_OFF = EXACT // 2**10  # a constant so large that no typed value breaks its row: what the row asks for is not known


@dataclass(frozen=True)
class Frame:
    """Records in the order of the unit tree, column by column: a province has five million cells, and few of its
    records are ever looked at.

    ``tree`` has ``unit``, ``subdistrict`` and ``row_number``, the row of the sheet; ``typed`` and ``previous`` a column
    per cell of the system, ``constants`` one per row of it, or a number that holds for all records; ``expected`` says
    of some cells, by place, what they should have come to (records,), where that is not last month's value.
    """

    tree: pa.Table
    typed: tuple[Column, ...]
    previous: tuple[Column, ...]
    constants: tuple[Ints | int, ...]
    expected: Mapping[int, Floats]

    @cached_property
    def units(self) -> tuple[str, ...]:
        return tuple(self.tree.column("unit").to_pylist())

    @cached_property
    def subdistricts(self) -> tuple[str, ...]:
        return tuple(self.tree.column("subdistrict").to_pylist())

    @cached_property
    def blanks(self) -> Ints:
        """(records,): how many cells were left blank."""
        return np.asarray(np.sum([column.missing for column in self.typed], axis=0, dtype=np.int64))

    @cached_property
    def batch(self) -> Batch:
        """All records side by side."""
        return self.records(np.arange(len(self.tree)))

    def records(self, which: Records) -> Batch:
        last = [np.where(c.missing[which], np.nan, c.values[which]) for c in self.previous]
        constants = [np.broadcast_to(c, len(self.tree))[which] for c in self.constants]
        typed = [column.take(which) for column in self.typed]
        expected = [self.expected[cell][which] if cell in self.expected else last[cell] for cell in range(len(last))]
        return Batch(
            _side_by_side([column.values for column in typed]),
            Past(_side_by_side(last), _side_by_side(expected)),
            _side_by_side(constants),
            _side_by_side([column.missing for column in typed]),
        )

    def figures(self, which: Records) -> Floats:
        """(records, cells): what was typed, nan where nothing stands."""
        return _side_by_side([np.where(c.missing[which], np.nan, c.values[which]) for c in self.typed])

    def beside(self, which: Records) -> Records:
        """(records, 2): the records above and below each in the sheet of its sub-district, -1 where there is none."""
        home = np.asarray(self.tree.column("subdistrict").combine_chunks().dictionary_encode().indices)
        order = np.lexsort((np.asarray(self.tree.column("row_number")), home))
        place = np.empty_like(order)
        place[order] = np.arange(len(order))
        padded = np.concatenate([[-1], order, [-1]])
        pairs = padded[place[which][:, None] + [0, 2]]
        return np.where(home[pairs] == home[which][:, None], pairs, -1)

    def take(self, which: Records) -> Frame:
        return Frame(
            self.tree.take(which),
            tuple(column.take(which) for column in self.typed),
            tuple(column.take(which) for column in self.previous),
            tuple(c if isinstance(c, int) else c[which] for c in self.constants),
            {cell: found[which] for cell, found in self.expected.items()},
        )

    def broken(self, compiled: Compiled) -> Mask:
        """(records,): whether a rule is broken that reads no blank cell."""
        found = np.zeros(len(self.tree), dtype=bool)
        for row, constant in zip(compiled.rows, self.constants, strict=True):
            left = _left(row, compiled.system.cells, self.typed) + constant
            violated = left != 0 if row.equal else left < 0
            for cell in row.weights:
                violated &= ~self.typed[compiled.system.cells.index(cell)].missing
            found |= violated
        return found


def read_frame(inputs: Inputs, compiled: Compiled, scope: str) -> Frame:
    """The month's records of ``scope``; a unit that sent nothing has no record."""
    table = wide_table(inputs, scope, compiled.given())
    given = {reference: given_column(table.column(str(reference)), reference) for reference in compiled.given()}
    tree, cells = table.select(["unit", "subdistrict"]), compiled.system.cells
    rows = in_order(inputs, SOURCES[scope], tree.column("unit"), "0", ["row_number"])
    tree = tree.append_column("row_number", rows.column("row_number"))
    typed, previous = (sent_columns(inputs, scope, tree.column("unit"), months, cells) for months in (0, 1))
    constants = tuple(_constant(row, given, cells, typed) for row in compiled.rows)
    totals = expected_totals(inputs, scope, tree.column("unit"), cells)
    frame = Frame(tree, typed, previous, constants, {cells.index(cell): found for cell, found in totals.items()})
    present = frame.blanks < len(cells)
    return frame if present.all() else frame.take(np.flatnonzero(present))


def _side_by_side(columns: list[NDArray[Any]]) -> NDArray[Any]:
    """(records, columns), each column in one piece, as they came."""
    return np.stack(columns).T


def _left(row: Row, cells: tuple[str, ...], typed: tuple[Column, ...]) -> Ints:
    """(records,): what the cells of a row come to."""
    parts = (typed[cells.index(cell)].values * weight for cell, weight in row.weights.items())
    return np.asarray(sum(parts), dtype=np.int64)


def _constant(
    row: Row, given: dict[Reference, Column], cells: tuple[str, ...], typed: tuple[Column, ...]
) -> Ints | int:
    if not row.given and not row.slack:
        return row.constant
    total = np.full(len(typed[0].values), row.constant, dtype=np.int64)
    unknown = np.zeros(len(total), dtype=bool)
    for reference, weight in row.given.items():
        total += weight * given[reference].values
        unknown |= given[reference].missing
    total = np.where(unknown, LET_OFF, total)
    if not row.slack:
        return total
    left = _left(row, cells, typed) + total  # a balance that is off by no more than its tolerance is kept
    return total - np.where(np.abs(left) <= row.slack, left, 0)
