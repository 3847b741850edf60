"""What a running total should come to, from the totals of the months that are loaded."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from expectations.catalogue import load_catalogue
from expectations.history import History, Inputs
from expectations.localise.compile import compile_sheet
from expectations.localise.frame import Frame, read_frame
from expectations.localise.habits import Past
from tests.expectations.support import COMMUNITIES, UNITS, Month, clean_month

JANUARY, FEBRUARY, MARCH = (date(2025, month, 1) for month in (1, 2, 3))
NOVEMBER, DECEMBER = date(2024, 11, 1), date(2024, 12, 1)


def sent(then: date, revenue: str | None) -> Month:
    month = clean_month(then)
    for row in month.communities.values():
        row["E01"] = revenue
    return month


def frame(month: date, revenue: dict[date, str | None]) -> Frame:
    """Of ``month``, after months with these totals of E01 in 万元."""
    earlier = {then: sent(then, amount).tables() for then, amount in revenue.items()}
    inputs = Inputs(month, clean_month(month).tables(), History(earlier), UNITS)
    return read_frame(inputs, compile_sheet(load_catalogue(None), "community", month), "community")


def past(read: Frame, item: str, month: date) -> Past:
    return read.batch.past[:, compile_sheet(load_catalogue(None), "community", month).system.cells.index(item)]


@pytest.mark.parametrize(
    ("month", "revenue", "expected"),
    [
        (JANUARY, {DECEMBER: "24.00", NOVEMBER: "23.50", date(2024, 1, 1): "9.00"}, 200.0),
        (FEBRUARY, {JANUARY: "3.20", DECEMBER: "24.00"}, 320 + 2720 / 13),
        (MARCH, {FEBRUARY: "5.00", JANUARY: "3.20", date(2024, 3, 1): "6.00"}, 500 + 1100 / 5),
        (MARCH, {FEBRUARY: "5.00"}, 500 + 250.0),
    ],
    ids=["January starts anew", "last year's whole total", "the same month of last year", "this year alone"],
)
def test_a_running_total_is_expected_to_grow_by_a_usual_month(month: date, revenue: dict, expected: float):
    assert past(frame(month, revenue), "E01", month).expected == pytest.approx([expected] * len(COMMUNITIES))


def test_nothing_is_expected_where_there_was_no_last_month():
    unknown = past(frame(MARCH, {FEBRUARY: None, date(2024, 3, 1): "6.00"}), "E01", MARCH)
    assert np.isnan(unknown.expected).all()


def test_of_a_stock_last_months_value_is_expected():
    stock = past(frame(MARCH, {FEBRUARY: "5.00"}), "P01", MARCH)
    assert stock.expected.tolist() == stock.last.tolist()
