"""Reads many counts at once: the figures of a month are whole numbers and blanks, but for a few."""

from __future__ import annotations

from collections.abc import Sequence
from types import NoneType

from ingest.files.grid import Value
from ingest.kept import Kept
from ingest.values.number import DIGITS

NUMBERS = {float, NoneType}


def whole_numbers(cells: Sequence[Value]) -> list[int | None] | None:
    """The counts in ``cells``, None for a blank; None where one of them is anything that has to be looked at."""
    if not set(map(type, cells)) <= NUMBERS:  # True would be found as 1
        return None
    try:
        return list(map(_counts.__getitem__, cells))
    except (ValueError, OverflowError):  # what is no whole number, no number at all, or an infinite one
        return None


def _count(value: Value) -> int | None:
    """Raises ValueError or OverflowError."""
    if not isinstance(value, float):
        return None
    if value != int(value) or abs(value) >= 10**DIGITS:
        raise ValueError(value)
    return int(value)


_counts = Kept(_count)
