"""Values for the cells of an error set: those that keep every rule, the likeliest first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from expectations.localise.channel import Floats, Ints, candidates, log_likelihood
from expectations.localise.habits import Habits
from expectations.localise.system import System

BEAM = 10
Node = frozenset[int]
Records = NDArray[np.intp]


@dataclass(frozen=True)
class Batch:
    """Records to explain:

    typed and previous values (records, cells), rule constants (records, rules), cells left blank.
    """

    typed: Ints
    previous: Floats
    constants: Ints
    blank: NDArray[np.bool_]

    def take(self, records: Records) -> Batch:
        return Batch(self.typed[records], self.previous[records], self.constants[records], self.blank[records])


@dataclass(frozen=True)
class Assignments:
    """Ways to mend some records: which record (n,), all cells as mended (n, cells), log score (n,)."""

    record: Records
    cells: Ints
    score: Floats

    @staticmethod
    def join(parts: list[Assignments], width: int) -> Assignments:
        if not parts:
            return Assignments(np.empty(0, np.intp), np.empty((0, width), np.int64), np.empty(0))
        return Assignments(
            *(np.concatenate([getattr(p, name) for p in parts]) for name in ("record", "cells", "score"))
        )


def assign(system: System, habits: Habits, batch: Batch, node: Node, records: Records) -> Assignments:
    """The best assignments of the cells of ``node`` for each record; their rules all hold."""
    state = Assignments(records, batch.typed[records].copy(), np.zeros(len(records)))
    left = set(node)
    while left and len(state.record):
        cell = _tightest(system, left, state, batch)
        state = _extend(system, habits, batch, state, cell, frozenset(left))
        left.remove(cell)
    kept = ~system.violated(state.cells, batch.constants[state.record]).any(axis=1)
    return Assignments(state.record[kept], state.cells[kept], state.score[kept])


def _tightest(system: System, left: set[int], state: Assignments, batch: Batch) -> int:
    """The cell whose interval is narrowest for most records: it is best decided first."""
    if len(left) == 1:
        return next(iter(left))
    constants = batch.constants[state.record]
    widths = {}
    for cell in left:
        low, high = system.bounds(cell, frozenset(left), state.cells, constants)
        widths[cell] = np.median(high - low)
    return min(left, key=lambda cell: (widths[cell], cell))


def _extend(system: System, habits: Habits, batch: Batch, state: Assignments, cell: int, free: Node) -> Assignments:
    record = state.record
    low, high = system.bounds(cell, free, state.cells, batch.constants[record])
    typed, previous = batch.typed[record, cell], batch.previous[record, cell]
    options = _options(typed, previous, low, high)
    inside = (options >= low[:, None]) & (options <= high[:, None]) & (options != typed[:, None])
    inside |= batch.blank[record, cell][:, None] & (options >= low[:, None]) & (options <= high[:, None])
    rows, columns = np.nonzero(inside & _first_of_its_kind(options))
    value = options[rows, columns]
    read = habits.log_probability(typed, previous, cell)
    meant = habits.log_probability(value, previous[rows], cell)
    slip = np.log(SLIP) + log_likelihood(typed[rows], value, previous[rows]) - read[rows]
    score = state.score[rows] + meant + np.where(batch.blank[record[rows], cell], 0.0, slip)
    best = _best(rows if not len(rows) else record[rows], score)
    cells = state.cells[rows[best]].copy()
    cells[:, cell] = value[best]
    return Assignments(record[rows[best]], cells, score[best])


def _options(typed: Ints, previous: Floats, low: Floats, high: Floats) -> Ints:
    point = low == high
    if point.all():
        return np.clip(low, -1e15, 1e15).astype(np.int64)[:, None]
    fallback = typed.astype(float)
    last = np.where(np.isnan(previous), fallback, previous)
    ends = [np.where(np.isfinite(end), end, fallback) for end in (low, high, np.clip(last, low, high))]
    extra = np.stack([last, *ends], axis=1).astype(np.int64)
    return np.concatenate([candidates(typed), extra], axis=1)


def _first_of_its_kind(options: Ints) -> NDArray[np.bool_]:
    order = np.argsort(options, axis=1, kind="stable")
    ordered = np.take_along_axis(options, order, axis=1)
    new = np.ones(options.shape, dtype=bool)
    new[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    first = np.empty_like(new)
    np.put_along_axis(first, order, new, axis=1)
    return first


SLIP = 0.003  # share of cells with a slip; only its order matters, it is the price of one more changed cell


def _best(record: Records, score: Floats) -> NDArray[np.intp]:
    """Indices of the BEAM best of each record."""
    order = np.lexsort((-score, record))
    ordered = record[order]
    start = np.concatenate([[True], ordered[1:] != ordered[:-1]]) if len(ordered) else np.empty(0, bool)
    position = np.arange(len(ordered)) - np.maximum.accumulate(np.where(start, np.arange(len(ordered)), 0))
    return order[position < BEAM]
