"""The records of a sheet as arrays: what was typed, what last month said, what the rules' constants are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from expectations.catalogue.expression import Reference
from expectations.catalogue.kinds import ITEMS
from expectations.detect.columns import HUNDREDTHS
from expectations.detect.table import wide_table
from expectations.history import Inputs
from expectations.localise.channel import LARGEST
from expectations.localise.compile import Compiled, Row, scale_of
from expectations.localise.system import EXACT, Ints
from expectations.localise.values import Batch

LET_OFF = EXACT // 2**10  # a constant so large that no typed value breaks its row: what the row asks for is not known


@dataclass(frozen=True)
class Frame:
    """Records in the order of the unit tree; ``units`` and ``subdistricts`` (records,) name those of ``batch``."""

    units: tuple[str, ...]
    subdistricts: tuple[str, ...]
    batch: Batch

    def take(self, records: NDArray[np.intp]) -> Frame:
        chosen = records.tolist()
        return Frame(
            tuple(self.units[i] for i in chosen), tuple(self.subdistricts[i] for i in chosen), self.batch.take(records)
        )


def read_frame(inputs: Inputs, compiled: Compiled, scope: str) -> Frame:
    """The month's records of ``scope``; a unit that sent nothing has no record."""
    typed, previous = _cells(compiled, lag=0), _cells(compiled, lag=1)
    wanted = tuple(dict.fromkeys((*typed, *previous, *compiled.given())))
    table = wide_table(inputs, scope, wanted)
    values, blank = _whole_numbers(table, typed)
    last, unknown = _whole_numbers(table, previous)
    batch = Batch(values, np.where(unknown, np.nan, last.astype(float)), _constants(table, compiled), blank)
    _forgive_slack(compiled, batch)
    units, subdistricts = (tuple(table.column(name).to_pylist()) for name in ("unit", "subdistrict"))
    frame = Frame(units, subdistricts, batch)
    present = ~blank.all(axis=1)
    return frame if present.all() else frame.take(np.flatnonzero(present))


def _cells(compiled: Compiled, lag: int) -> list[Reference]:
    return [
        Reference(cell, "bits" if ITEMS[cell].value_type == "bits" else "", lag=lag) for cell in compiled.system.cells
    ]


def _whole_numbers(table: pa.Table, references: list[Reference]) -> tuple[Ints, NDArray[np.bool_]]:
    """(records, references) in the whole numbers of each item, and which of them are missing (there 0)."""
    columns = [_column(table, reference) for reference in references]
    return _side_by_side([values for values, _ in columns]), _side_by_side([missing for _, missing in columns])


def _side_by_side(columns: list[NDArray[Any]]) -> NDArray[Any]:
    """(records, columns), each column in one piece: they come as columns, and a province has five million cells."""
    return np.stack(columns).T


def _column(table: pa.Table, reference: Reference) -> tuple[Ints, NDArray[np.bool_]]:
    column = table.column(str(reference)).combine_chunks()
    missing = np.asarray(column.is_null())
    per_unit = HUNDREDTHS // scale_of(reference.item) if reference.item else HUNDREDTHS
    most = LARGEST * per_unit
    hundredths = np.asarray(column.fill_null(0) if pa.types.is_int64(column.type) else _clipped(column, most))
    return np.clip(hundredths, -most, most) // per_unit, missing


def _clipped(column: pa.Array, most: int) -> pa.Array:
    """Decimals of any size as int64."""
    return pa.array([0 if value is None else max(-most, min(most, int(value))) for value in column.to_pylist()])


def _constants(table: pa.Table, compiled: Compiled) -> Ints:
    given = {reference: _column(table, reference) for reference in compiled.given()}
    return _side_by_side([_constant(row, given, table.num_rows) for row in compiled.rows])


def _constant(row: Row, given: dict[Reference, tuple[Ints, NDArray[np.bool_]]], records: int) -> Ints:
    total = np.full(records, row.constant, dtype=np.int64)
    unknown = np.zeros(records, dtype=bool)
    for reference, weight in row.given.items():
        values, missing = given[reference]
        total += weight * values
        unknown |= missing
    return np.where(unknown, LET_OFF, total)


def _forgive_slack(compiled: Compiled, batch: Batch) -> None:
    """A balance that is off by no more than its tolerance is kept: its constant takes up the difference."""
    for line, row in enumerate(compiled.rows):
        if row.slack:
            left = batch.typed @ compiled.system.rules.coefficients[line] + batch.constants[:, line]
            batch.constants[:, line] -= np.where(np.abs(left) <= row.slack, left, 0)
