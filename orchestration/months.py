"""Months as people and Dagster write them, ``2024-03``, and unbroken ranges of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date


def key(month: date) -> str:
    return month.strftime("%Y-%m")


def month_of(text: str) -> date:
    """The first day of the month written as ``2024-03``. Raises ValueError where it is no month."""
    year, month = text.split("-")
    return date(int(year), int(month), 1)


def contiguous(months: Iterable[date]) -> list[tuple[date, date]]:
    """First and last month of each unbroken run of months, ascending: each is one Dagster run."""
    ranges: list[tuple[date, date]] = []
    for month in sorted(set(months)):
        if ranges and month == following(ranges[-1][1]):
            ranges[-1] = (ranges[-1][0], month)
        else:
            ranges.append((month, month))
    return ranges


def following(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def preceding(month: date) -> date:
    return date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)
