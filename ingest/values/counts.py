"""Reads many counts at once: the figures of a month are whole numbers and blanks, but for a few."""

from __future__ import annotations

from types import NoneType
from typing import cast

from ingest.files.grid import Value
from ingest.values.number import DIGITS

NUMBERS = {float, NoneType}


def whole_numbers(cells: list[Value]) -> list[int | None] | None:
    """The counts in ``cells``, None for a blank; None where one of them is anything that has to be looked at."""
    if not set(map(type, cells)) <= NUMBERS:
        return None
    try:
        found = [None if value is None else int(value) for value in cast("list[float | None]", cells)]
    except (ValueError, OverflowError):  # what is no number, or an infinite one
        return None
    return found if found == cells and sum(map(abs, filter(None, found))) < 10**DIGITS else None
