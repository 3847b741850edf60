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
from ingest.values.reading import BLANK, Reading, Wire, blank, error_kind, loaded, printed, rejected, to_wire
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
    """What a value was read as, and its text as sent (None for a blank)."""

    value: Wire
    text: str | None
    reading: Reading


class Readings:
    """What the values of one item were read as: most counts of a month were read before.

    ``plain`` has those with nothing to say about them, whose text as sent is the one that their value prints as.
    """

    def __init__(self, item: Item, factor: Decimal) -> None:
        self.item, self.factor = item, factor
        self.counts = item.value_type == "integer" and factor == ONE and not item.choices
        self.plain: dict[Value, Wire] = {}
        self.known: dict[Value, Known] = {}

    def read(self, raw: Value) -> Known:
        """The reading of a value; ``True`` and ``False`` are read anew, as they would be found as 1 and 0."""
        logical = isinstance(raw, bool)
        known = None if logical else self.known.get(raw)
        if known is None:
            known = self._read(raw)
            if not logical:
                self._keep(raw, known)
        return known

    def _read(self, raw: Value) -> Known:
        reading = read_cell(raw, self.item, self.factor)
        return Known(to_wire(reading.value), None if is_blank(raw) else text_of(raw), reading)

    def _keep(self, raw: Value, known: Known) -> None:
        if len(self.known) >= MOST_KNOWN:
            self.known.clear()
            self.plain.clear()
        self.known[raw] = known
        if known.reading.kind is None and known.text == printed(known.value):
            self.plain[raw] = known.value


class ReadColumn(NamedTuple):
    """Some cells of one item: ``texts`` is None where each is what its value prints as, and nothing is to be said."""

    values: Sequence[Wire]
    texts: Sequence[str | None] | None
    readings: Sequence[Reading]  # as far as there are texts


def read_column(readings: Readings, cells: Sequence[Value]) -> ReadColumn:
    """The readings of cells of one item: nine columns in ten are only looked up."""
    values = _plain_values(readings, cells)
    if values is not None:
        return ReadColumn(values, None, ())
    found = [readings.read(raw) for raw in cells]
    values = _plain_values(readings, cells)  # of which some were read for the first time
    return ReadColumn(*zip(*found, strict=True)) if values is None else ReadColumn(values, None, ())


def _plain_values(readings: Readings, cells: Sequence[Value]) -> list[Wire] | None:
    """None where there may be something to say about one of the cells; True would be found as 1."""
    try:
        return None if bool in map(type, cells) else list(map(readings.plain.__getitem__, cells))
    except KeyError:
        return None


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
