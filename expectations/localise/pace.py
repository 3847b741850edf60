"""What a running total should have come to: last month's, and what a usual month of the unit adds to it.

Where the year is young its total says little: January starts anew, February has a single month behind it. What a month
adds is told by all totals that the evaluation has loaded anyway, because rules look back to their months: the latest of
each year, over the months that it sums up. No month is read for this alone, so that its correction makes no other
evaluation stale.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import pyarrow as pa

from expectations.catalogue.kinds import ITEMS
from expectations.history import Inputs, months_back
from expectations.localise.channel import Floats
from expectations.localise.columns import Column, sent_columns

YEAR = 12


def expected_totals(inputs: Inputs, scope: str, units: pa.ChunkedArray, cells: tuple[str, ...]) -> dict[str, Floats]:
    """(records,) for those of ``cells`` that are running totals; nan where last month's is unknown."""
    totals = tuple(cell for cell in cells if ITEMS[cell].kind == "year_to_date")
    if not totals:
        return {}
    last = sent_columns(inputs, scope, units, 1, totals)
    earlier = [(then, sent_columns(inputs, scope, units, lag, totals)) for lag, then in _latest_of_each_year(inputs)]
    return {
        cell: _expected(inputs.month, last[place], [(then.month, columns[place]) for then, columns in earlier])
        for place, cell in enumerate(totals)
    }


def _latest_of_each_year(inputs: Inputs) -> Iterator[tuple[int, date]]:
    """How many months ago, and which month, of those that are loaded and at most a year old."""
    years = set[int]()
    for lag in range(1, YEAR + 1):
        then = months_back(inputs.month, lag)
        if then in inputs.history.earlier and then.year not in years:
            years.add(then.year)
            yield lag, then


def _expected(month: date, last: Column, earlier: list[tuple[int, Column]]) -> Floats:
    """``earlier``: totals, each with the number of months that it sums up."""
    total, months = np.zeros(len(last.values)), np.zeros(len(last.values))
    for count, column in earlier:
        total += np.where(column.missing, 0, column.values)
        months += np.where(column.missing, 0, count)
    so_far = 0 if month.month == 1 else last.values
    return np.where(last.missing, np.nan, so_far + total / np.maximum(months, 1))
