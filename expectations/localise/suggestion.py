"""A suggestion as readers get it: one value where it is all but certain, a few where one is likely, else where to look.

Suggested, never applied: only the sender may change a figure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice

from expectations.catalogue.kinds import ITEMS
from expectations.localise.compile import scale_of
from expectations.localise.explain import Explanation

CERTAIN = 0.99
LIKELY = 0.5
ALTERNATIVES = 3
KEPT = 5  # readings that are kept as rows, whether or not they are shown
LEAST_KEPT = 0.01
WORTH_A_LOOK = 0.9  # below LIKELY the cells are named that together have this share of the probability
KINDS_ZH = {"shift": "疑似错列", "swap": "疑似相邻两格填反", "unit": "疑似单位错填", "cells": "疑似误填"}


@dataclass(frozen=True)
class Change:
    """What one cell should read; ``unit`` is None for the finding's own, ``value`` None where nobody can know it."""

    item: str
    value: str | None
    unit: str | None = None


@dataclass(frozen=True)
class Alternative:
    """One reading of a finding: what kind of slip, how probable, what changes; nothing where all is true as it is."""

    kind: str
    probability: float
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Suggestion:
    """``items`` suspected, ``values`` as ``B02=54;B03=26 (72%) | …``, the confidence in the first, the sentence.

    ``alternatives``: all readings that are worth keeping, the likeliest first, shown or not.
    """

    items: tuple[str, ...]
    values: str | None
    confidence: float
    sentence: str
    alternatives: tuple[Alternative, ...] = ()


def restricted(readings: Iterable[Explanation], cells: frozenset[int]) -> list[Explanation]:
    """What the readings say of ``cells`` alone: readings that agree there are one."""
    weight: dict[tuple[tuple[int, int], ...], float] = defaultdict(float)
    kinds: dict[tuple[tuple[int, int], ...], str] = {}
    for reading in readings:
        there = tuple(change for change in reading.changes if change[0] in cells)
        weight[there] += reading.probability
        kinds.setdefault(there, reading.kind)
    ordered = sorted(weight.items(), key=lambda pair: (-pair[1], pair[0]))
    return [Explanation(changes, share, kinds[changes]) for changes, share in ordered]


def suggest(readings: list[Explanation], names: tuple[str, ...]) -> Suggestion | None:
    """From readings over cells called ``names``; None where there is nothing to say."""
    if not readings:
        return None
    return replace(_said(readings, names), alternatives=_kept(readings, names))


def _said(readings: list[Explanation], names: tuple[str, ...]) -> Suggestion:
    first = readings[0]
    if not first.changes:
        sentence = "未见填错的迹象，若属实请写明原因" if first.probability >= LIKELY else "请核对后说明"
        return Suggestion((), None, round(1 - first.probability, 4), sentence)
    if first.probability < LIKELY:
        return _where_to_look(readings, names)
    shown = [first] if first.probability >= CERTAIN else _alternatives(readings)
    values = " | ".join(_values(reading, names, len(shown) > 1) for reading in shown)
    return Suggestion(_items([first], names), values, round(first.probability, 4), _sentence(shown, names))


def _kept(readings: list[Explanation], names: tuple[str, ...]) -> tuple[Alternative, ...]:
    return worth_keeping(
        Alternative(
            reading.kind, reading.probability, tuple(Change(names[c], shown(names[c], v)) for c, v in reading.changes)
        )
        for reading in readings
    )


def worth_keeping(alternatives: Iterable[Alternative]) -> tuple[Alternative, ...]:
    """The first few, and of these the probable ones, always the first."""
    first = list(islice(alternatives, KEPT))
    return tuple(a for a in first if a.probability >= LEAST_KEPT) or tuple(first[:1])


def _alternatives(readings: list[Explanation]) -> list[Explanation]:
    return [r for r in readings if r.changes and r.probability >= 0.01][:ALTERNATIVES]


def _where_to_look(readings: list[Explanation], names: tuple[str, ...]) -> Suggestion:
    covered, looked_at = 0.0, []
    for reading in readings:
        if covered < WORTH_A_LOOK:
            looked_at.append(reading)
            covered += reading.probability
    items = _items(looked_at, names)
    sentence = f"依据不足，请核对{'、'.join(map(item_name, items))}"
    return Suggestion(items, None, round(readings[0].probability, 4), sentence)


def _items(readings: list[Explanation], names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(names[cell] for cell in sorted({cell for r in readings for cell, _ in r.changes}))


def _values(reading: Explanation, names: tuple[str, ...], with_share: bool) -> str:
    text = ";".join(f"{names[cell]}={shown(names[cell], value)}" for cell, value in reading.changes)
    return f"{text} ({reading.probability:.0%})" if with_share else text


def _sentence(readings: list[Explanation], names: tuple[str, ...]) -> str:
    kind = KINDS_ZH.get(readings[0].kind, KINDS_ZH["cells"])
    parts = [
        "、".join(f"{item_name(names[cell])}应为{shown(names[cell], value)}" for cell, value in reading.changes)
        + (f"（把握{reading.probability:.0%}）" if len(readings) > 1 else "")
        for reading in readings
    ]
    return f"{kind}：{'；或'.join(parts)}"


def item_name(item: str) -> str:
    return f"{item}{ITEMS[item].name_zh}"


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
