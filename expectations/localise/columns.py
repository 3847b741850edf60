"""Columns of raw as whole numbers of their items, a row for each unit that is asked for.

Money comes in hundredths, yes and no as 1 and 0, five bits as their number of ones. What is beyond every figure of a
community is cut off there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from expectations.catalogue.expression import Reference
from expectations.catalogue.kinds import ITEMS
from expectations.detect.columns import HUNDREDTHS
from expectations.detect.sent import in_order
from expectations.detect.wide import EARLIER, OWN
from expectations.history import Inputs
from expectations.localise.channel import LARGEST
from expectations.localise.compile import scale_of
from expectations.localise.system import Ints

BITS = re.compile("[01]{5}")
SOURCES = {"community": EARLIER, "subdistrict": OWN}

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Column:
    """Whole numbers (records,), 0 where ``missing`` (records,)."""

    values: Ints
    missing: Mask

    def take(self, records: NDArray[np.intp]) -> Column:
        return Column(self.values[records], self.missing[records])


def sent_columns(
    inputs: Inputs, scope: str, units: pa.ChunkedArray, months: int, cells: tuple[str, ...]
) -> tuple[Column, ...]:
    """What was sent ``months`` ago for each of ``units``, a column per cell."""
    rows = in_order(inputs, SOURCES[scope], units, str(months), [ITEMS[cell].column_name for cell in cells])
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


def given_column(column: pa.ChunkedArray, reference: Reference) -> Column:
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
