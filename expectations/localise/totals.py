"""The clerk's 合计 row against its parts: is the total wrong, does it leave rows out, or which of the parts is wrong?

Plain error localisation cannot tell a total from any of its ten parts; last month, the other rules of each part and
the way slips are made can.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from expectations.localise.channel import Floats, Ints, log_likelihood
from expectations.localise.explain import Explanation
from expectations.localise.records import Sheet
from expectations.localise.values import SLIP

ROWS_LEFT_OUT = 0.2  # share of wrong totals whose formula ends a row early or begins one late
AGREES = (
    10_000.0  # a gap equal to the very change of a reading is hardly ever chance: a total has some 10,000 other values
)


@dataclass(frozen=True)
class Blame:
    """One reason why a total is not the sum of its parts. ``unit`` is None where the total itself is wrong."""

    unit: str | None
    typed: int
    value: int
    probability: float


def blame(
    sheet: Sheet, item: str, subdistrict: str, total: int, readings: Mapping[str, list[Explanation]]
) -> list[Blame]:
    """Who is to blame that ``total`` (whole numbers of ``item``) is not the sum, the likeliest first."""
    parts = np.array([i for i, code in enumerate(sheet.frame.subdistricts) if code == subdistrict], dtype=np.intp)
    cell = sheet.compiled.system.cells.index(item)
    typed = sheet.frame.batch.typed[parts, cell]
    gap = total - int(typed.sum())
    last_sum = sheet.frame.batch.previous[parts, cell].sum()
    scores = [(_score_of_total(total, typed, float(last_sum)), None, total, int(typed.sum()))]
    for part, value, score in zip(
        parts.tolist(), typed.tolist(), _scores_of_parts(sheet, cell, parts, gap), strict=True
    ):
        unit = sheet.frame.units[part]
        known = _known(readings.get(unit), cell, value + gap)
        scores.append((score if known is None else known, unit, value, value + gap))
    weights = np.exp(np.array([score for score, *_ in scores]) - max(score for score, *_ in scores))
    found = [
        Blame(unit, was, should, float(weight / weights.sum()))
        for (_, unit, was, should), weight in zip(scores, weights, strict=True)
    ]
    return sorted(found, key=lambda reason: (-reason.probability, reason.unit or ""))


def _score_of_total(total: int, typed: Ints, last_sum: float) -> float:
    """``last_sum`` is last month's, which an overlooked total still shows; nan where it is not known."""
    slip = float(log_likelihood(np.array([total]), np.array([typed.sum()]), np.array([last_sum]))[0])
    sums = np.cumsum(typed)
    short = total in (sums[:-1].tolist() + (sums[-1] - sums[:-1]).tolist())
    return float(np.log(SLIP) + np.logaddexp(slip, np.log(ROWS_LEFT_OUT) if short else -np.inf))


def _scores_of_parts(sheet: Sheet, cell: int, parts: np.ndarray, gap: int) -> Floats:
    batch = sheet.frame.batch.take(parts)
    typed, previous = batch.typed[:, cell], batch.previous[:, cell]
    value = typed + gap
    low, high = sheet.compiled.system.bounds(cell, frozenset({cell}), batch.typed, batch.constants)
    possible = (value >= low) & (value <= high)
    gain = sheet.habits.log_probability(value, previous, cell) - sheet.habits.log_probability(typed, previous, cell)
    return np.where(possible, np.log(SLIP) + log_likelihood(typed, value, previous) + gain, -np.inf)


def _known(readings: list[Explanation] | None, cell: int, value: int) -> float | None:
    """A part whose own rules are broken has been read already: how probable is the reading that heals the total too?"""
    if not readings:
        return None
    share = sum(reading.probability for reading in readings if dict(reading.changes).get(cell) == value)
    return float(np.log(share)) if share > 0 else None


def support(
    sheet: Sheet, readings: Mapping[str, list[Explanation]], gaps: Mapping[tuple[str, str], int]
) -> dict[str, list[Explanation]]:
    """The readings of each unit, weighed anew by the totals.

    ``gaps``: total − sum by (sub-district, item), where not 0.
    """
    home = dict(zip(sheet.frame.units, sheet.frame.subdistricts, strict=True))
    return {unit: _weighed(sheet, unit, home[unit], found, gaps) for unit, found in readings.items()}


def _weighed(
    sheet: Sheet, unit: str, subdistrict: str, readings: list[Explanation], gaps: Mapping[tuple[str, str], int]
) -> list[Explanation]:
    typed = sheet.frame.batch.typed[sheet.frame.units.index(unit)]
    cells = sheet.compiled.system.cells
    weights = []
    for reading in readings:
        agreeing = sum(gaps.get((subdistrict, cells[c])) == value - int(typed[c]) for c, value in reading.changes)
        weights.append(reading.probability * AGREES**agreeing)
    total = sum(weights) or 1.0
    weighed = [Explanation(r.changes, w / total, r.kind) for r, w in zip(readings, weights, strict=True)]
    return sorted(weighed, key=lambda reading: (-reading.probability, reading.changes))
