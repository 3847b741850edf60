"""Reads one cell of the monthly report as its item's type."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from ingest.files.grid import CellError, Value, is_blank, text_of
from ingest.reference import Item, items
from ingest.values.number import ONE, read_number
from ingest.values.reading import BLANK, Reading, Typed, blank, error_kind, loaded, rejected
from ingest.values.text import blank_kind, compact

YES = {"√", "✓", "✔", "☑", "TRUE"}
NO = {"×", "✗", "✘", "☒", "FALSE"}
BITS = 5
MOST_KNOWN = 5_000


def read_cell(raw: Value, item: Item, factor: Decimal = ONE) -> Reading:
    """The typed value of ``raw``. ``factor`` turns the unit that the header names into the item's own."""
    if item.value_type in ("integer", "money", "mean"):
        return read_number(raw, item, factor)
    if raw is None:
        return BLANK
    if isinstance(raw, CellError):
        return rejected(error_kind(raw))
    text = compact(text_of(raw))
    if not text:
        return BLANK
    # 无 under 零上访 may mean 否 as well as 是, so only a choice may take it for blank.
    kind = blank_kind(text)
    if kind is not None and not (kind == "none_written" and item.value_type == "yes_no"):
        return blank(kind)
    return {"yes_no": _read_yes_no, "choice": _read_choice, "bits": _read_bits}[item.value_type](raw, text, item)


class Known(NamedTuple):
    """What a value was read as: the typed value, its text as sent (None for a blank), and the whole reading."""

    value: Typed
    text: str | None
    status: str
    kind: str | None
    reading: Reading


class Readings(dict[Value, Known]):
    """What the values of one item were read as: most counts of a month were read before."""

    def __init__(self, item: Item, factor: Decimal) -> None:
        super().__init__()
        self.item, self.factor = item, factor

    def read(self, raw: Value) -> Known:
        """The reading of a value that is not known yet, or is ``True`` or ``False``: they would be found as 1 and 0."""
        reading = read_cell(raw, self.item, self.factor)
        text = None if is_blank(raw) else text_of(raw)
        known = Known(reading.value, text, reading.status, reading.kind, reading)
        if len(self) >= MOST_KNOWN:
            self.clear()
        if not isinstance(raw, bool):
            self[raw] = known
        return known


def read_row(readings: Sequence[Readings], values: Sequence[Value]) -> list[Known]:
    """The readings of the cells of one row, each as its own item's: as many of either."""
    found = list(map(dict.get, readings, values))
    if all(found) and bool not in map(type, values):
        return found  # type: ignore[return-value]
    pairs = zip(readings, values, strict=True)
    return [(None if raw.__class__ is bool else known.get(raw)) or known.read(raw) for known, raw in pairs]


@lru_cache(maxsize=500)
def _readings(item_code: str, factor: Decimal = ONE) -> Readings:
    return Readings(next(item for item in items() if item.item_code == item_code), factor)


def readings(item: Item, factor: Decimal = ONE) -> Readings:
    """The known readings of an item whose header names a unit."""
    return _readings(item.item_code) if factor == ONE else _readings(item.item_code, factor)


def _differs(raw: Value, text: str) -> str | None:
    return None if raw == text else "written_differently"


def _read_yes_no(raw: Value, text: str, item: Item) -> Reading:
    if text in ("是", "否"):
        return loaded(text == "是", _differs(raw, text))
    if text in YES | NO:
        return loaded(text in YES, "tick_as_yes_no")
    return rejected("not_yes_no")


def _read_choice(raw: Value, text: str, item: Item) -> Reading:
    if text in item.choices:
        return loaded(text, _differs(raw, text))
    return rejected("not_in_choices", choices="、".join(item.choices))


def _read_bits(raw: Value, text: str, item: Item) -> Reading:
    bits = re.sub(r"[,、;.\-/|]", "", text)
    if re.fullmatch(r"[01]{5}", bits):
        return loaded(bits, _differs(raw, bits))
    # A number format or a spreadsheet that opened a csv drops zeros in front, and only those.
    if text == "0" or re.fullmatch(r"1[01]{0,3}", text):
        return loaded(text.zfill(BITS), "leading_zeros_lost")
    return rejected("not_five_bits")
