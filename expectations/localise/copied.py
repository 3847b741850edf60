"""Runs of cells that were copied from the row above or below, or from last month: one slip, however many cells.

A copy tells nothing of the figures that it hides. Such cells are wrong together; a value is named where the rules leave
a single one, or where last month's fits and the item seldom moves, and the rest is to be typed again. A run proves as
much as its figures are improbable after last month's: equal zeros, and small numbers that are common, prove nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from expectations.localise.channel import Floats, Ints
from expectations.localise.explain import Changes
from expectations.localise.habits import Habits
from expectations.localise.system import System
from expectations.localise.values import Batch, Node

LOG_PRIOR = np.log(1e-5)  # of one run from one row
SHORTEST = 3  # cells side by side that are equal
TELLING = 2  # of these at least are IMPROBABLE
IMPROBABLE = np.log(0.01)
LIKELY = np.log(0.5)
MOST_DEDUCED = 8  # free cells; each asks for an elimination of its own, and more of them hardly leave a single value


@dataclass(frozen=True)
class Copy:
    """A reading of a ``record`` of the batch: what changes where its row ``source`` was copied."""

    record: int
    source: int
    changes: Changes
    score: float


def copied(system: System, habits: Habits, batch: Batch, rows: Floats) -> Iterator[Copy]:
    """The runs that may have been copied, if all rules can be kept once they are typed again.

    rows: (records, rows, cells) what may have been copied, nan where nothing stands. A record with blank cells is left
    to plain search, and one that breaks no rule is not suspected.
    """
    read = habits.log_probability(batch.typed, batch.past, np.arange(batch.typed.shape[1]))
    complete = batch.blank.sum(axis=1) == 0
    equal = (batch.typed[:, None] == rows) & complete[:, None, None]
    telling = equal & ((read < IMPROBABLE) & (batch.typed != 0))[:, None]
    records, sources = np.nonzero(telling.sum(axis=2) >= TELLING)
    known = _Known.of(system, habits, batch.take(records), read[records])
    for line, place in enumerate(zip(records.tolist(), sources.tolist(), strict=True)):
        for free in _runs(equal[place], telling[place], known.read[line]):
            yield from (Copy(*place, *reading) for reading in known.readings(line, free))


def _runs(equal: NDArray[np.bool_], telling: NDArray[np.bool_], read: Floats) -> Iterator[Node]:
    """The cells that are wrong where a run was copied; at its ends a common figure may be equal by chance."""
    ends = np.flatnonzero(np.diff(equal, prepend=False, append=False))
    for start, end in ends.reshape(-1, 2).tolist():
        proof = start + np.flatnonzero(telling[start:end])
        if end - start < SHORTEST or len(proof) < TELLING:
            continue
        wrong = start + np.flatnonzero(read[start:end] < LIKELY)
        for first, last in product(wrong[wrong <= proof[0]], wrong[wrong >= proof[-1]]):
            yield frozenset(wrong[(wrong >= first) & (wrong <= last)].tolist())


@dataclass(frozen=True)
class _Known:
    """Records with a run to explain: per cell last month's value, log P of what was typed and of that value (records,
    cells); which rules are broken (records, rules).
    """

    system: System
    habits: Habits
    batch: Batch
    last: Ints
    read: Floats
    stays: Floats
    violated: NDArray[np.bool_]

    @classmethod
    def of(cls, system: System, habits: Habits, batch: Batch, read: Floats) -> _Known:
        cells, unknown = np.arange(batch.typed.shape[1]), np.isnan(batch.past.last)
        last = np.where(unknown, batch.typed, batch.past.last).astype(np.int64)
        stays = np.where(unknown, -np.inf, habits.log_probability(last, batch.past, cells))
        return cls(system, habits, batch, last, read, stays, system.violated(batch.typed, batch.constants))

    def readings(self, line: int, free: Node) -> Iterator[tuple[Changes, float]]:
        """What changes, and the log score: with last month's values where they are likely, and without."""
        cells, typed = sorted(free), self.batch.typed[line]
        reads = (self.system.rules.coefficients[:, cells] != 0).any(axis=1)
        broken = self.violated[line]
        if not broken.any() or (broken & ~reads).any() or not self._can_be_kept(line, free, typed):
            return
        score, asked = float(LOG_PRIOR - self.read[line, cells].sum()), free
        usual = [cell for cell in cells if self.stays[line, cell] >= LIKELY]
        if usual:
            share = float(self.stays[line, usual].sum())
            filled, others = typed.copy(), free.difference(usual)
            filled[usual] = self.last[line, usual]
            if self._can_be_kept(line, others, filled):
                known, gain = self._deduced(line, others, others, filled)
                asked = frozenset(known)
                known |= {cell: int(filled[cell]) for cell in usual}
                yield self._changes(line, free, known), score + share + gain
            score += float(np.log1p(-np.exp(share)))
        known, gain = self._deduced(line, asked, free, typed)
        yield self._changes(line, free, known), score + gain

    def _can_be_kept(self, line: int, free: Node, cells: Ints) -> bool:
        return not self.system.freed(free).violated(cells[None], self.batch.constants[[line]]).any()

    def _deduced(self, line: int, asked: Node, free: Node, cells: Ints) -> tuple[dict[int, int], float]:
        """Of ``asked`` those to which the rules leave one value, whatever others of ``free`` are; log P of these."""
        known: dict[int, int] = {}
        for cell in sorted(asked) if len(free) <= MOST_DEDUCED else ():
            low, high = self.system.bounds(cell, free, cells[None], self.batch.constants[[line]])
            if low[0] == high[0]:
                known[cell] = int(low[0])
        if not known:
            return known, 0.0
        places, values = np.array(list(known), dtype=np.intp), np.array(list(known.values()), dtype=np.int64)
        return known, float(self.habits.log_probability(values, self.batch.past[line, places], places).sum())

    def _changes(self, line: int, free: Node, known: dict[int, int]) -> Changes:
        typed = self.batch.typed[line]
        return tuple((cell, known.get(cell)) for cell in sorted(free) if known.get(cell) != typed[cell])
