"""What a printed number can stand for: an interval of exact fractions.

``23%`` may be anything from 22.5 to 23.5, ``近二分之一`` anything from 45 up to, but not, 50. Reading the text belongs
to ingest; here its value, step and qualifier become an interval. No floats: an edge is hit or it is not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor
from typing import Literal

Rounding = Literal["nearest", "truncated"]

NEARLY_FROM = Fraction(9, 10)  # 近 x: from 0.9 x; less would be written as a smaller number


@dataclass(frozen=True)
class Interval:
    """All numbers from ``low`` to ``high``; an end that is open does not belong to it."""

    low: Fraction
    high: Fraction
    low_open: bool = False
    high_open: bool = False

    @classmethod
    def point(cls, value: Fraction | int) -> Interval:
        return cls(Fraction(value), Fraction(value))

    @property
    def exact(self) -> bool:
        return self.low == self.high

    def __add__(self, other: Interval) -> Interval:
        return Interval(
            self.low + other.low,
            self.high + other.high,
            self.low_open or other.low_open,
            self.high_open or other.high_open,
        )

    def __mul__(self, other: Interval) -> Interval:
        """The product of two intervals that hold no negative number: all printed figures that are multiplied."""
        return Interval(
            self.low * other.low,
            self.high * other.high,
            self.low_open or other.low_open,
            self.high_open or other.high_open,
        )

    def __truediv__(self, other: Interval) -> Interval:
        """The quotient by an interval above zero; raises ZeroDivisionError where it touches zero."""
        return Interval(
            self.low / other.high,
            self.high / other.low,
            self.low_open or other.high_open,
            self.high_open or other.low_open,
        )

    def scaled(self, factor: Fraction | int) -> Interval:
        """Both ends times ``factor``, which is above zero."""
        return Interval(self.low * factor, self.high * factor, self.low_open, self.high_open)

    def reaches(self, other: Interval) -> bool:
        """Whether some number of this interval is at least as large as some number of ``other``."""
        return self.high > other.low or (self.high == other.low and not (self.high_open or other.low_open))

    def meets(self, other: Interval) -> bool:
        """Whether the two have a number in common."""
        return self.reaches(other) and other.reaches(self)

    def whole_numbers(self) -> range:
        """The whole numbers inside; an empty range where there are none."""
        first, last = ceil(self.low), floor(self.high)
        first += self.low_open and first == self.low
        last -= self.high_open and last == self.high
        return range(first, last + 1)

    def __str__(self) -> str:
        low, high = show(self.low), show(self.high)
        return low if low == high else f"{low}–{high}"


ZERO = Interval.point(0)


def total(intervals: Iterable[Interval]) -> Interval:
    """The sum of all intervals; zero for none."""
    return sum(intervals, ZERO)


def show(number: Fraction) -> str:
    """At most two decimals, half rounded up, no trailing zeros: for sentences only."""
    shown = (Decimal(number.numerator) / Decimal(number.denominator)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    text = f"{shown:f}"
    return text.rstrip("0").rstrip(".")


@lru_cache(maxsize=4096)
def rounded(value: Decimal, step: Decimal, rounding: Rounding) -> Interval:
    """All numbers printed as ``value`` with last digit ``step``.

    Rounded to nearest both ends are closed, so that neither half-up nor half-even printing is ever blamed.
    """
    number, width = Fraction(value), Fraction(step)
    if rounding == "truncated":
        return Interval(number, number + width, high_open=True)
    return Interval(number - width / 2, number + width / 2)


def nearly(value: Decimal) -> Interval:
    """近 value."""
    return Interval(Fraction(value) * NEARLY_FROM, Fraction(value), high_open=True)


def over(value: Decimal) -> Interval:
    """``value`` 余: above it by at most one unit of its last digit that is not 0: 80余 up to 90, 1600余 up to 1700."""
    exponent = value.normalize().as_tuple().exponent
    return Interval(Fraction(value), Fraction(value) + Fraction(10) ** int(exponent), low_open=True)
