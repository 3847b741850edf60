"""What is believable for one figure of a community, from several views of it at once.

A *view* is a distribution over whole numbers: last month's habit (``habits``), the steps that this item really made
this month, the values that it really took, and its proportion to the item of the same row that it moves with most.
Which view to trust is learned for each item from the records that keep every rule: each view is asked how well it
foretells figures that it has not seen. Few records leave the habit alone. What rules say for or against a value
belongs to ``verification``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from expectations.localise.channel import Floats, Ints, signed_log
from expectations.localise.habits import LEAST_SCALE
from expectations.localise.records import LEARNED_FROM, Sheet

Records = NDArray[np.intp]
ROUNDS = 20
TRUST = 20.0  # records' worth of belief in the habit before anything is seen
COMPARED = 2_000  # records that a companion is chosen from: it is plain or it is none
LEAST_ALIKE = 20  # records below which none is looked for
FAR = 0.05  # of the proportions to a companion are ten times as far off as usual


@dataclass(frozen=True)
class Histogram:
    """How often each whole number was seen; ``values`` ascending."""

    values: Ints
    counts: Ints

    @classmethod
    def of(cls, seen: Ints) -> Histogram:
        return cls(*np.unique(seen, return_counts=True))

    def share(self, asked: Ints, witness: NDArray[np.bool_]) -> Floats:
        """The share of each ``asked`` number; a ``witness`` was counted itself, and does not speak for itself."""
        if not len(self.values):
            return np.zeros(len(asked))
        place = np.minimum(np.searchsorted(self.values, asked), len(self.values) - 1)
        found = np.where(self.values[place] == asked, self.counts[place], 0) - witness
        return np.asarray(np.maximum(found, 0) / np.maximum(self.counts.sum() - witness, 1))


@dataclass(frozen=True)
class Companion:
    """The item of the same row (``cell``) to which an item keeps the steadiest proportion, and how steady it is."""

    cell: int
    centre: float
    scale: float

    def share(self, value: Ints, beside: Ints) -> Floats:
        """P(``value``) where the companion's figure is ``beside``."""
        expected = signed_log(beside.astype(float)) + self.centre
        figure = value.astype(np.float64)
        above, below = (self._below(signed_log(figure + half) - expected) for half in (0.5, -0.5))
        return np.asarray(above - below)

    def _below(self, distance: Floats) -> Floats:
        far = distance / self.scale
        near, wide = (0.5 * (1 + np.sign(d) * (1 - np.exp(-np.abs(d)))) for d in (far, far / 10))
        return np.asarray((1 - FAR) * near + FAR * wide)


@dataclass(frozen=True)
class Belief:
    """What is believable for one ``cell``.

    ``weights`` (views,) are in the order of ``_views``; ``learned_from`` (records,) tells who was counted.
    """

    sheet: Sheet
    cell: int
    learned_from: NDArray[np.bool_]
    steps: Histogram
    levels: Histogram
    companion: Companion | None
    weights: Floats

    @classmethod
    def learn(cls, sheet: Sheet, cell: int, kept: Records, companion: Companion | None) -> Belief:
        typed, previous = sheet.frame.batch.typed[kept, cell], sheet.frame.batch.past.last[kept, cell]
        known = ~np.isnan(previous)
        counted = np.zeros(len(sheet.frame.units), dtype=bool)
        counted[kept] = True
        steps = Histogram.of(typed[known] - previous[known].astype(np.int64))
        belief = cls(sheet, cell, counted, steps, Histogram.of(typed), companion, np.ones(1))
        views = belief._views(kept, typed, sheet.frame.batch.typed[kept], own=True)
        return replace(belief, weights=_weights(np.stack(list(views))))

    def log_probability(self, records: Records, value: Ints, rows: Ints, own: bool = False) -> Floats:
        """(records,): log P(``value`` | last month, the rest of ``rows``); ``own``: where it is what was typed."""
        views = np.stack(list(self._views(records, value, rows, own)))
        return np.asarray(np.log(np.maximum(self.weights @ views, 1e-300)))

    @property
    def starts_anew(self) -> float:
        """How far the item's own values foretell it, and not its last month: 1 for a pure flow."""
        return float(self.weights[2:].sum())

    def _views(self, records: Records, value: Ints, rows: Ints, own: bool) -> Iterator[Floats]:
        past = self.sheet.frame.batch.past[records, self.cell]
        witness = self.learned_from[records] & own
        yield np.exp(self.sheet.habits.log_probability(value, past, self.cell))
        known = ~np.isnan(past.last)
        step = value - np.where(known, past.last, 0).astype(np.int64)
        yield np.where(known, self.steps.share(step, witness), 0.0)
        yield self.levels.share(value, witness)
        if self.companion:
            yield self.companion.share(value, rows[:, self.companion.cell])


@dataclass(frozen=True)
class Beliefs:
    """What is believable for every item of a ``sheet``, learned from the records ``kept``, when it is first asked."""

    sheet: Sheet
    kept: Records
    learned: dict[int, Belief]

    @classmethod
    def of(cls, sheet: Sheet) -> Beliefs:
        kept = np.flatnonzero(~sheet.broken & ~sheet.frame.batch.blank.any(axis=1))
        return cls(sheet, kept[:: len(kept) // LEARNED_FROM + 1], {})

    def belief(self, cell: int) -> Belief:
        if cell not in self.learned:
            self.learned[cell] = Belief.learn(self.sheet, cell, self.kept, self.companions.get(cell))
        return self.learned[cell]

    def gain(self, cell: int, records: Records, value: Ints) -> Floats:
        """(records,): how much better the rows are explained with ``value`` in ``cell`` than as typed, as a log."""
        typed = self.sheet.frame.batch.typed[records]
        meant = typed.copy()
        meant[:, cell] = value
        own = self.belief(cell)
        better = own.log_probability(records, value, meant)
        better -= own.log_probability(records, typed[:, cell], typed, own=True)
        for other in self._beside(cell):
            belief, figure = self.belief(other), typed[:, other]
            better += belief.log_probability(records, figure, meant, own=True)
            better -= belief.log_probability(records, figure, typed, own=True)
        return better

    def _beside(self, cell: int) -> list[int]:
        """The items whose companion ``cell`` is; not its own companion, which has spoken already."""
        own = self.companions.get(cell)
        return [o for o, found in self.companions.items() if found.cell == cell and not (own and own.cell == o)]

    @cached_property
    def companions(self) -> dict[int, Companion]:
        """By cell; none where there are too few records to compare."""
        if len(self.kept) < LEAST_ALIKE:
            return {}
        chosen = self.kept[:: len(self.kept) // COMPARED + 1]
        size = signed_log(self.sheet.frame.batch.typed[chosen].astype(float))
        moving = np.flatnonzero((size != size[0]).any(axis=0)).tolist()
        return {cell: found for cell in moving if (found := _steadiest(size, cell, moving))}


def _steadiest(size: Floats, cell: int, moving: list[int]) -> Companion | None:
    others = [other for other in moving if other != cell]
    if not others:
        return None
    ratio = size[:, [cell]] - size[:, others]
    centre = np.median(ratio, axis=0)
    scale = np.median(np.abs(ratio - centre), axis=0) / np.log(2)
    best = int(scale.argmin())
    return Companion(others[best], float(centre[best]), float(max(scale[best], LEAST_SCALE)))


def _weights(views: Floats) -> Floats:
    """Expectation and maximisation over ``views`` (views, records), the first of them trusted beforehand."""
    trust = np.zeros(len(views))
    trust[0] = TRUST
    weights = np.full(len(views), 1 / len(views))
    for _ in range(ROUNDS):
        likely = weights[:, None] * views + 1e-300
        weights = (likely / likely.sum(axis=0)).sum(axis=1) + trust
        weights = weights / weights.sum()
    return weights
