"""The records of a sheet as arrays: what was typed, what last month said, what the rules' constants are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from expectations.catalogue.expression import Reference
from expectations.catalogue.kinds import ITEMS
from expectations.detect.columns import HUNDREDTHS
from expectations.detect.sent import in_order
from expectations.detect.table import wide_table
from expectations.detect.wide import EARLIER, OWN
from expectations.history import Inputs
from expectations.localise.channel import LARGEST
from expectations.localise.compile import Compiled, Row, scale_of
from expectations.localise.system import EXACT, Ints
from expectations.localise.values import Batch, Records

LET_OFF = EXACT // 2**10  # a constant so large that no typed value breaks its row: what the row asks for is not known
BITS = re.compile("[01]{5}")
SOURCES = {"community": EARLIER, "subdistrict": OWN}

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Column:
    """Whole numbers (records,), 0 where ``missing`` (records,)."""

    values: Ints
    missing: Mask

    def take(self, records: Records) -> Column:
        return Column(self.values[records], self.missing[records])


@dataclass(frozen=True)
class Frame:
    """Records in the order of the unit tree, column by column: a province has five million cells, and few of its
    records are ever looked at.

    ``tree`` has ``unit``, ``subdistrict`` and ``row_number``, the row of the sheet; ``typed`` and ``previous`` a column
    per cell of the system, ``constants`` one per row of it, or a number that holds for all records.
    """

    tree: pa.Table
    typed: tuple[Column, ...]
    previous: tuple[Column, ...]
    constants: tuple[Ints | int, ...]

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
        return Batch(
            _side_by_side([column.values for column in typed]),
            _side_by_side(last),
            _side_by_side(constants),
            _side_by_side([column.missing for column in typed]),
        )

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
    given = {reference: _given(table.column(str(reference)), reference) for reference in compiled.given()}
    tree, cells = table.select(["unit", "subdistrict"]), compiled.system.cells
    rows = in_order(inputs, SOURCES[scope], tree.column("unit"), "0", ["row_number"])
    tree = tree.append_column("row_number", rows.column("row_number"))
    typed, previous = (_cells(inputs, scope, tree.column("unit"), month, cells) for month in ("0", "1"))
    constants = tuple(_constant(row, given, cells, typed) for row in compiled.rows)
    frame = Frame(tree, typed, previous, constants)
    present = frame.blanks < len(cells)
    return frame if present.all() else frame.take(np.flatnonzero(present))


def _side_by_side(columns: list[NDArray[Any]]) -> NDArray[Any]:
    """(records, columns), each column in one piece, as they came."""
    return np.stack(columns).T


def _cells(
    inputs: Inputs, scope: str, units: pa.ChunkedArray, month: str, cells: tuple[str, ...]
) -> tuple[Column, ...]:
    rows = in_order(inputs, SOURCES[scope], units, month, [ITEMS[cell].column_name for cell in cells])
    return tuple(_cell(column.combine_chunks(), cell) for column, cell in zip(rows.columns, cells, strict=True))


def _cell(column: pa.Array, item: str) -> Column:
    """A column of raw in the whole numbers of its item."""
    kind = ITEMS[item].value_type
    if kind == "bits":
        return _filled(_ones(column))
    if kind == "yes_no":
        return _filled(column.cast(pa.int64()))
    return _filled(_hundredths(column) if kind == "money" else column)


def _ones(bits: pa.Array) -> pa.Array:
    """How many of five bits are 1; few of all rows differ, so each spelling is looked at once."""
    spelled = bits.dictionary_encode()
    ones = [text.count("1") if BITS.fullmatch(text) else None for text in spelled.dictionary.to_pylist()]
    return pa.array(ones, pa.int64()).take(spelled.indices)


def _hundredths(money: pa.Array) -> pa.Array:
    """What a DECIMAL(18, 2) counts: its lower half is that number, its upper half only the sign."""
    halves = np.frombuffer(money.buffers()[1], dtype=np.int64)
    counted = halves[2 * money.offset : 2 * (money.offset + len(money)) : 2]
    return pa.array(counted, mask=np.asarray(money.is_null()))


def _filled(numbers: pa.Array) -> Column:
    if not numbers.null_count:
        return Column(np.clip(np.asarray(numbers), -LARGEST, LARGEST), np.zeros(len(numbers), dtype=bool))
    return Column(np.clip(np.asarray(numbers.fill_null(0)), -LARGEST, LARGEST), np.asarray(numbers.is_null()))


def _given(column: pa.ChunkedArray, reference: Reference) -> Column:
    """A column of the wide table, in hundredths, as whole numbers of its item."""
    per_unit = HUNDREDTHS // scale_of(reference.item) if reference.item else HUNDREDTHS
    most = LARGEST * per_unit
    array = column.combine_chunks()
    hundredths = np.asarray(array.fill_null(0) if pa.types.is_int64(array.type) else _clipped(array, most))
    return Column(np.clip(hundredths, -most, most) // per_unit, np.asarray(array.is_null()))


def _clipped(column: pa.Array, most: int) -> pa.Array:
    """Numbers of any size as int64."""
    whole = [0 if value is None else max(-most, min(most, int(value))) for value in column.to_pylist()]
    return pa.array(whole, pa.int64())


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
