"""The clerk's 合计 row against its parts: is the total wrong, does it leave rows out, or which of the parts is wrong?

Plain error localisation cannot tell a total from any of its ten parts; last month, the other rules of each part, what
its other items say (``beliefs``, ``verification``) and the way slips are made can.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from expectations.localise.beliefs import Records
from expectations.localise.channel import Floats, Ints, log_likelihood
from expectations.localise.explain import Explanation, in_order
from expectations.localise.records import Sheet
from expectations.localise.values import SLIP
from expectations.localise.verification import Verification

Readings = Mapping[str, list[Explanation]]
Gaps = Mapping[tuple[str, str], int]  # total − sum by (sub-district, item), where not 0
Deed = tuple[str, ...]  # what shows in several totals of a sub-district at once: rows left out, two cells swapped

ROWS_LEFT_OUT = 0.2  # share of wrong totals whose formula ends a row early or begins one late
AGREES = (
    10_000.0  # a gap equal to the very change of a reading is hardly ever chance: a total has some 10,000 other values
)


@dataclass(frozen=True)
class Question:
    """Why is ``total`` (whole numbers of ``item``, in the 合计 row of ``subdistrict``) not the sum of its parts?"""

    item: str
    subdistrict: str
    total: int


@dataclass(frozen=True)
class Blame:
    """One reason why a total is not the sum of its parts. ``unit`` is None where the total itself is wrong."""

    unit: str | None
    typed: int
    value: int
    probability: float


@dataclass(frozen=True)
class _Reason:
    unit: str | None
    typed: int
    value: int
    score: float
    deeds: frozenset[Deed]


@dataclass(frozen=True)
class _Asked:
    """A question with the rows that its total should be the sum of."""

    question: Question
    cell: int
    parts: Records
    typed: Ints

    @property
    def gap(self) -> int:
        return self.question.total - int(self.typed.sum())


def blame(verification: Verification, questions: Sequence[Question], readings: Readings) -> list[list[Blame]]:
    """For each question who is to blame, the likeliest first; ``readings`` of the units whose own rules are broken."""
    inquiry = _Inquiry(verification, readings, tuple(questions))
    reasons = inquiry.reasons()
    deeds = {
        question: frozenset[Deed]().union(*(reason.deeds for reason in reasons[question])) for question in questions
    }
    seen = Counter((question.subdistrict, deed) for question, known in deeds.items() for deed in known)
    return [
        _ranked(reasons[q], frozenset(deed for deed in deeds[q] if seen[q.subdistrict, deed] > 1)) for q in questions
    ]


def _ranked(reasons: list[_Reason], repeated: frozenset[Deed]) -> list[Blame]:
    """A deed that explains several totals of the sub-district at once is hardly chance."""
    scores = np.array([r.score + np.log(AGREES) * bool(r.deeds & repeated) for r in reasons])
    weights = np.exp(scores - scores.max())
    shares = (weights / weights.sum()).tolist()
    found = [Blame(r.unit, r.typed, r.value, share) for r, share in zip(reasons, shares, strict=True)]
    return sorted(found, key=lambda reason: (-reason.probability, reason.unit or ""))


@dataclass(frozen=True)
class _Inquiry:
    verification: Verification
    readings: Readings
    questions: tuple[Question, ...]

    def reasons(self) -> dict[Question, list[_Reason]]:
        by_cell: dict[int, list[_Asked]] = defaultdict(list)
        for of_subdistrict in self._beside.values():
            for asked in of_subdistrict:
                by_cell[asked.cell].append(asked)
        found: dict[Question, list[_Reason]] = {}
        for cell, of_item in by_cell.items():
            found.update(self._of_item(cell, of_item))
        return found

    @property
    def sheet(self) -> Sheet:
        return self.verification.beliefs.sheet

    @cached_property
    def _beside(self) -> dict[str, list[_Asked]]:
        """By sub-district."""
        rows: dict[str, list[int]] = defaultdict(list)
        for row, subdistrict in enumerate(self.sheet.frame.subdistricts):
            rows[subdistrict].append(row)
        asked: dict[str, list[_Asked]] = defaultdict(list)
        for question in self.questions:
            cell = self.sheet.compiled.system.cells.index(question.item)
            parts = np.array(rows[question.subdistrict], dtype=np.intp)
            asked[question.subdistrict].append(_Asked(question, cell, parts, self.sheet.frame.batch.typed[parts, cell]))
        return asked

    def _of_item(self, cell: int, of_item: list[_Asked]) -> Iterator[tuple[Question, list[_Reason]]]:
        """One item of many sub-districts at a time: the rules are asked of all their rows together."""
        parts = np.concatenate([asked.parts for asked in of_item])
        value = np.concatenate([asked.typed + asked.gap for asked in of_item])
        scores = np.split(self._scores(cell, parts, value), np.cumsum([len(a.parts) for a in of_item])[:-1])
        for asked, of_parts in zip(of_item, scores, strict=True):
            reasons = [self._of_part(asked, part, score) for part, score in enumerate(of_parts.tolist())]
            yield asked.question, [self._of_total(asked), *reasons]

    def _scores(self, cell: int, parts: Records, value: Ints) -> Floats:
        """(parts,): log P(a slip made what was typed of ``value``) against its being true."""
        batch = self.sheet.frame.batch.take(parts)
        typed, previous = batch.typed[:, cell], batch.past.last[:, cell]
        low, high = self.sheet.compiled.system.bounds(cell, frozenset({cell}), batch.typed, batch.constants)
        slip = np.log(SLIP) + log_likelihood(typed, value, previous)
        gain = self.verification.beliefs.gain(cell, parts, value) + self.verification.gain(cell, parts, value)
        return np.where((value >= low) & (value <= high), slip + gain, -np.inf)

    def _of_total(self, asked: _Asked) -> _Reason:
        """Last month's sum counts as well: an overlooked total still shows it."""
        total, summed = asked.question.total, int(asked.typed.sum())
        last = self.sheet.frame.batch.past.last[asked.parts, asked.cell].sum()
        slip = float(log_likelihood(np.array([total]), np.array([summed]), np.array([last]))[0])
        left_out = _rows_left_out(asked.typed, total)
        score = np.log(SLIP) + np.logaddexp(slip, np.log(ROWS_LEFT_OUT) if left_out else -np.inf)
        return _Reason(None, total, summed, float(score), left_out)

    def _of_part(self, asked: _Asked, part: int, score: float) -> _Reason:
        unit, typed = self.sheet.frame.units[asked.parts[part]], int(asked.typed[part])
        value = typed + asked.gap
        known = _known(self.readings.get(unit), asked.cell, value)
        deeds = frozenset(self._swaps(asked, part, value))
        return _Reason(unit, typed, value, score if known is None else known, deeds)

    def _swaps(self, asked: _Asked, part: int, value: int) -> Iterator[Deed]:
        """The items of the same row that would get this figure, and give theirs."""
        for other in self._beside[asked.question.subdistrict]:
            swapped = other.typed[part] == value and other.typed[part] + other.gap == asked.typed[part]
            if other.cell != asked.cell and swapped:
                unit = self.sheet.frame.units[asked.parts[part]]
                yield ("swap", unit, *sorted((asked.question.item, other.question.item)))


def _rows_left_out(typed: Ints, total: int) -> frozenset[Deed]:
    """The rows at one end without which the sum is ``total``."""
    sums = np.cumsum(typed)
    ends = np.flatnonzero(sums[:-1] == total).tolist()
    starts = np.flatnonzero(sums[-1] - sums[:-1] == total).tolist()
    return frozenset([("after", str(k)) for k in ends] + [("before", str(k)) for k in starts])


def _known(readings: list[Explanation] | None, cell: int, value: int) -> float | None:
    """A part whose own rules are broken has been read already: how probable is the reading that heals the total too?"""
    if not readings:
        return None
    share = sum(reading.probability for reading in readings if dict(reading.changes).get(cell) == value)
    return float(np.log(share)) if share > 0 else None


def support(sheet: Sheet, readings: Readings, gaps: Gaps) -> dict[str, list[Explanation]]:
    """The readings of each unit, weighed anew by the totals."""
    home = dict(zip(sheet.frame.units, sheet.frame.subdistricts, strict=True))
    return {unit: _weighed(sheet, unit, home[unit], found, gaps) for unit, found in readings.items()}


def _weighed(sheet: Sheet, unit: str, subdistrict: str, readings: list[Explanation], gaps: Gaps) -> list[Explanation]:
    typed = sheet.frame.batch.typed[sheet.frame.units.index(unit)]
    cells = sheet.compiled.system.cells
    weights = []
    for reading in readings:
        agreeing = sum(
            value is not None and gaps.get((subdistrict, cells[c])) == value - int(typed[c])
            for c, value in reading.changes
        )
        weights.append(reading.probability * AGREES**agreeing)
    total = sum(weights) or 1.0
    weighed = [replace(r, probability=w / total) for r, w in zip(readings, weights, strict=True)]
    return sorted(weighed, key=lambda reading: (-reading.probability, in_order(reading.changes)))
