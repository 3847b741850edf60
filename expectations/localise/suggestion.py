"""A suggestion as readers get it: one value where it is all but certain, a few where one is likely, else where to look.

Suggested, never applied: only the sender may change a figure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from expectations.calibration import Correction
from expectations.catalogue.kinds import ITEMS
from expectations.findings.model import UnitTree
from expectations.localise.compile import scale_of
from expectations.localise.explain import Changes, Explanation, likeliest_cells_first

CERTAIN = 0.99
LIKELY = 0.5
ALTERNATIVES = 3
KEPT = 5  # readings that are kept as rows, whether or not they are shown
LEAST_KEPT = 0.01
LEAST_SHARE = 0.05  # an alternative below it is not worth a line
WORTH_A_LOOK = 0.9  # below LIKELY the cells are named that together have this share of the probability
KINDS_ZH = {"shift": "疑似错列", "swap": "疑似相邻两格填反", "unit": "疑似单位错填", "cells": "疑似误填"}


@dataclass(frozen=True)
class Change:
    """A cell that should read ``text``, None where nobody knows; ``number`` where that is one (是 is 1); ``unit`` None:
    the finding's own.
    """

    item: str
    text: str | None
    number: Decimal | None
    unit: str | None = None

    @property
    def place(self) -> str:
        return f"{self.item}@{self.unit}" if self.unit else self.item

    @property
    def said(self) -> str:
        return "须重填" if self.text is None else f"应为{self.text}"


@dataclass(frozen=True)
class Reading:
    """One way to read a finding: what kind of slip, and what changes; nothing where all is true as it is.

    ``probability`` is the model's, ``confidence`` what is stated of it; only some are ``suggested`` to readers.
    ``origin`` names the unit whose figures were copied.
    """

    kind: str
    probability: float
    confidence: float
    changes: tuple[Change, ...]
    suggested: bool = False
    origin: str = ""

    @property
    def values(self) -> str:
        return ";".join(f"{one.place}={one.text}" for one in self.changes if one.text is not None)

    @property
    def slip(self) -> str:
        if self.kind != "copied":
            return KINDS_ZH.get(self.kind, KINDS_ZH["cells"])
        return f"疑似照抄相邻一行（{self.origin}）" if self.origin else "疑似照抄上月"


@dataclass(frozen=True)
class Suggestion:
    """``items`` suspected; the ``readings`` kept, likeliest first; the confidence in the first; the sentence."""

    items: tuple[str, ...]
    readings: tuple[Reading, ...]
    confidence: float
    sentence: str

    @property
    def suggested(self) -> tuple[Reading, ...]:
        return tuple(reading for reading in self.readings if reading.suggested)

    @property
    def values(self) -> str | None:
        """``B02=54;B03=26 (72%) | …``; None where no value is suggested."""
        several = len(self.suggested) > 1
        parts = (f"{r.values} ({r.confidence:.0%})" if several else r.values for r in self.suggested if r.values)
        return " | ".join(parts) or None


def restricted(readings: Iterable[Explanation], cells: frozenset[int]) -> list[Explanation]:
    """What the readings say of ``cells`` alone: readings that agree there are one."""
    weight: dict[Changes, float] = defaultdict(float)
    first: dict[Changes, Explanation] = {}
    for reading in readings:
        there = tuple(change for change in reading.changes if change[0] in cells)
        weight[there] += reading.probability
        first.setdefault(there, reading)
    # shares of many readings may add up to a little more than 1
    return [
        replace(first[changes], changes=changes, probability=min(weight[changes], 1.0))
        for changes in likeliest_cells_first(weight)
    ]


def suggest(found: list[Explanation], names: tuple[str, ...], tree: UnitTree, stated: Correction) -> Suggestion | None:
    """From explanations over cells called ``names``; None where there is nothing to say."""
    if not found:
        return None
    readings = [_reading(one, names, tree, stated) for one in found]
    first = readings[0]
    if not first.changes:
        sentence = "未见填错的迹象，若属实请写明原因" if first.probability >= LIKELY else "请核对后说明"
        return Suggestion((), worth_keeping(readings), round(1 - first.probability, 4), sentence)
    if first.confidence < LIKELY:
        return _where_to_look(found, names, readings)
    shown = worth_showing(readings)
    return Suggestion(_items([found[0]], names), worth_keeping(readings, shown), first.confidence, _sentence(shown))


def worth_showing(readings: Iterable[Reading]) -> list[Reading]:
    """The first alone where it is all but certain, else with the next that are likely enough for a line."""
    first, *others = (reading for reading in readings if reading.changes)
    if first.confidence >= CERTAIN:
        return [first]
    return [first, *(r for r in others[: ALTERNATIVES - 1] if r.confidence >= LEAST_SHARE)]


def worth_keeping(readings: list[Reading], shown: Iterable[Reading] = ()) -> tuple[Reading, ...]:
    """The first few, and of these the probable ones, always the first; those ``shown`` are marked."""
    suggested = tuple(shown)
    kept = [r for r in readings[:KEPT] if r.probability >= LEAST_KEPT] or readings[:1]
    return tuple(replace(reading, suggested=reading in suggested) for reading in kept)


def _reading(one: Explanation, names: tuple[str, ...], tree: UnitTree, stated: Correction) -> Reading:
    changes = tuple(change(names[cell], value) for cell, value in one.changes)
    return Reading(one.kind, one.probability, stated(one.probability), changes, origin=tree.name(one.origin))


def change(item: str, value: int | None, unit: str | None = None) -> Change:
    """Of a whole number of ``item``."""
    if value is None:
        return Change(item, None, None, unit)
    is_number = ITEMS[item].value_type != "bits"
    return Change(item, shown(item, value), Decimal(value) / scale_of(item) if is_number else None, unit)


def _where_to_look(found: list[Explanation], names: tuple[str, ...], readings: list[Reading]) -> Suggestion:
    covered, looked_at = 0.0, []
    for one in found:
        if covered < WORTH_A_LOOK:
            looked_at.append(one)
            covered += one.probability
    items = _items(looked_at, names)
    slip = readings[0].slip if _is_known(readings, items) else "依据不足"
    sentence = f"{slip}，请核对{'、'.join(map(item_name, items))}"
    return Suggestion(items, worth_keeping(readings), readings[0].confidence, sentence)


def _is_known(readings: list[Reading], items: tuple[str, ...]) -> bool:
    """Whether the slip is likely but for its values: the same row was copied, or no other cells come into question."""
    cells = [{change.item for change in reading.changes} for reading in readings]
    alone, copied = cells[0] == set(items), ("copied", readings[0].origin)
    alike = (
        reading.confidence
        for reading, own in zip(readings, cells, strict=True)
        if (reading.kind, reading.origin) == copied or (alone and own == cells[0])
    )
    return sum(alike) >= LIKELY


def _items(found: list[Explanation], names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(names[cell] for cell in sorted({cell for one in found for cell, _ in one.changes}))


def _sentence(readings: list[Reading]) -> str:
    parts = [
        _said(reading) + (f"（把握{reading.confidence:.0%}）" if len(readings) > 1 else "") for reading in readings
    ]
    return f"{readings[0].slip}：{'；或'.join(parts)}"


def _said(reading: Reading) -> str:
    known = "、".join(f"{item_name(one.item)}{one.said}" for one in reading.changes if one.text is not None)
    again = "、".join(item_name(one.item) for one in reading.changes if one.text is None)
    whose = "本社区" if reading.origin else "本月"
    return "，".join(part for part in (known, again and f"请按{whose}实际重填{again}") if part)


def item_name(item: str) -> str:
    """``B02其中男``; a name that begins with a figure stands apart: ``B06 50岁及以上``."""
    name = ITEMS[item].name_zh
    return f"{item} {name}" if name[0].isdigit() else f"{item}{name}"


def shown(item: str, value: int) -> str:
    """A whole number of ``item`` as its readers write it."""
    value_type = ITEMS[item].value_type
    if value_type == "yes_no":
        return "是" if value else "否"
    if value_type == "bits":
        return f"{value}个1"
    return f"{(Decimal(value) / scale_of(item)).normalize():f}"


def whole_number(item: str, value: str | None) -> int:
    """What readers write of ``item`` as a whole number; 0 where nothing stands there."""
    return int(Decimal(value or 0) * scale_of(item))
