"""Histories of income and expense (items E), year to date, in hundredths of 万元 until the last step."""

from __future__ import annotations

from decimal import Decimal
from itertools import accumulate, pairwise
from random import Random

from examples.synthetic.model import MONTHS, Community, Series
from examples.synthetic.numbers import draw, split

_LAST_YEAR = sum(month.year != MONTHS[-1].year for month in MONTHS)
_QUARTER = len(MONTHS) - _LAST_YEAR
_FIRST_QUARTER = (1.15, 1.0, 0.9)  # rents and contracts are mostly paid after the new year
_LATER = 0.09  # a month from April on, as a part of the first quarter
_TWENTY = 2000

Hundredths = dict[str, list[int]]


def economy(community: Community, rng: Random) -> Series:
    """Each item's year to date, restarted in January; E06 = E01+E02+E03−E04−E05 in every month.

    E06 is never exactly 20.00, changes every month and stays within half of the same month last year.
    """
    surplus = int(community.targets.surplus * 100)
    last = _last_month(surplus, int(community.targets.investment * 100), rng)
    series = draw(lambda: _history(last, rng), _is_believable)
    return {item: [Decimal(value).scaleb(-2) for value in values] for item, values in series.items()}


def _last_month(surplus: int, investment: int, rng: Random) -> dict[str, int]:
    """The first quarter's totals; revenue is what the surplus leaves for it."""
    expense = int(surplus * rng.uniform(0.08, 0.15)) + 25
    administration = int(surplus * rng.uniform(0.05, 0.1)) + 20
    contracts = int(surplus * rng.uniform(0.25, 0.5)) + 10
    return {
        "E01": surplus + expense + administration - contracts - investment,
        "E02": contracts,
        "E03": investment,
        "E04": expense,
        "E05": administration,
        "E07": rng.randint(60, 320),
    }


def _history(last: dict[str, int], rng: Random) -> Hundredths:
    growth = rng.uniform(0.78, 0.93)
    series = {item: _year_to_date(total, growth, rng) for item, total in last.items()}
    series["E06"] = [
        revenue + contracts + investment - expense - administration
        for revenue, contracts, investment, expense, administration in zip(
            *(series[item] for item in ("E01", "E02", "E03", "E04", "E05")), strict=True
        )
    ]
    return series


def _year_to_date(quarter: int, growth: float, rng: Random) -> list[int]:
    """Twelve months of last year, then three of this year that end in ``quarter``; a loss grows as income does."""
    sign, size = (-1 if quarter < 0 else 1), abs(quarter)
    this_year = _shares(size, rng)
    before = int(size * growth)
    later = [int(before * _LATER * rng.uniform(0.7, 1.3)) for _ in range(_LAST_YEAR - _QUARTER)]
    months = [*accumulate(_shares(before, rng) + later), *accumulate(this_year)]
    return [sign * value for value in months]


def _shares(total: int, rng: Random) -> list[int]:
    return split(total, [weight * rng.uniform(0.9, 1.1) for weight in _FIRST_QUARTER])


def _is_believable(series: Hundredths) -> bool:
    surplus = series["E06"]
    this_year = zip(surplus[_LAST_YEAR:], surplus, strict=False)
    return (
        _TWENTY not in surplus
        and all(before != now for before, now in pairwise(surplus))
        and all(abs(now - before) < 0.45 * abs(before) for now, before in this_year)
        and all(min(series[item]) > 0 for item in ("E01", "E04", "E05"))
    )
