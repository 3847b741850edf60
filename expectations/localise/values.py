"""Values for the cells of an error set: those that keep every rule, the likeliest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from expectations.localise.channel import Floats, Ints, candidates, log_likelihood
from expectations.localise.habits import Habits, Past
from expectations.localise.system import System

BEAM = 10
SLIP = 0.003  # share of cells with a slip; only its order matters, it is the price of one more changed cell
TOGETHER = 2_000  # records: enough that the cost of a call is small, few enough for the processor's cache
FARTHEST = 1e15  # a deduced value is cut off there
Node = frozenset[int]
Records = NDArray[np.intp]


@dataclass(frozen=True)
class Batch:
    """Records to explain:

    typed values and their past (records, cells), rule constants (records, rules), cells left blank, the share of the
    rows above and below that have the same figure (records, cells; 0 where None).
    """

    typed: Ints
    past: Past
    constants: Ints
    blank: NDArray[np.bool_]
    beside: Floats | None = None

    def take(self, records: Records) -> Batch:
        beside = None if self.beside is None else self.beside[records]
        return Batch(self.typed[records], self.past[records], self.constants[records], self.blank[records], beside)


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


@dataclass(frozen=True)
class _State:
    """Assignments under way: to which node each belongs (n,), ascending; the rest as in ``Assignments``."""

    node: NDArray[np.intp]
    record: Records
    cells: Ints
    score: Floats


def assign(system: System, habits: Habits, batch: Batch, nodes: Iterable[tuple[Node, Records]]) -> Assignments:
    """The best assignments of the cells of each node for its records; all rules hold in them."""
    parts = [_assign(system, habits, batch, bundle) for bundle in _bundles(nodes)]
    return Assignments.join(parts, batch.typed.shape[1])


def _bundles(nodes: Iterable[tuple[Node, Records]]) -> Iterator[list[tuple[Node, Records]]]:
    """Nodes of one size, which are worked on together."""
    for _, alike in groupby(sorted(nodes, key=lambda pair: len(pair[0])), key=lambda pair: len(pair[0])):
        bundle: list[tuple[Node, Records]] = []
        for pair in alike:
            bundle.append(pair)
            if sum(len(records) for _, records in bundle) >= TOGETHER:
                yield bundle
                bundle = []
        if bundle:
            yield bundle


def _assign(system: System, habits: Habits, batch: Batch, bundle: list[tuple[Node, Records]]) -> Assignments:
    record = np.concatenate([records for _, records in bundle])
    place = np.repeat(np.arange(len(bundle)), [len(records) for _, records in bundle])
    state = _State(place, record, batch.typed[record], np.zeros(len(record)))
    left = [set(node) for node, _ in bundle]
    for _ in bundle[0][0]:
        cell, low, high = _tightest(system, batch, state, left)
        state = _extend(habits, batch, state, cell, low, high)
    kept = ~system.violated(state.cells, batch.constants[state.record]).any(axis=1)
    return Assignments(state.record[kept], state.cells[kept], state.score[kept])


def _tightest(
    system: System, batch: Batch, state: _State, left: list[set[int]]
) -> tuple[NDArray[np.intp], Floats, Floats]:
    """The cell that each assignment decides next, with its interval; takes it from what is ``left`` of the node.

    For each node it is the cell whose interval is narrowest for most records.
    """
    constants = batch.constants[state.record]
    cell = np.zeros(len(state.node), dtype=np.intp)
    low, high = np.empty(len(cell)), np.empty(len(cell))
    ends = np.searchsorted(state.node, np.arange(len(left) + 1))
    for node, cells in enumerate(left):
        here = slice(ends[node], ends[node + 1])
        if here.start == here.stop:
            continue
        intervals = {
            one: system.bounds(one, frozenset(cells), state.cells[here], constants[here]) for one in sorted(cells)
        }
        chosen = min(intervals, key=lambda one: _width(*intervals[one])) if len(cells) > 1 else next(iter(cells))
        cell[here] = chosen
        low[here], high[here] = intervals[chosen]
        cells.remove(chosen)
    return cell, low, high


def _width(low: Floats, high: Floats) -> float:
    """The median width; by sorting, because np.median takes five times as long for a few."""
    widths = np.sort(high - low)
    return float(widths[(len(widths) - 1) // 2] + widths[len(widths) // 2]) / 2


def _extend(habits: Habits, batch: Batch, state: _State, cell: NDArray[np.intp], low: Floats, high: Floats) -> _State:
    typed, past = batch.typed[state.record, cell], batch.past[state.record, cell]
    blank = batch.blank[state.record, cell]
    beside = np.zeros(len(cell)) if batch.beside is None else batch.beside[state.record, cell]
    line, value = _options(typed, past.last, habits.usual(past.last, cell), low, high)
    tried = blank[line] | (value != typed[line])
    line, value = line[tried], value[tried]
    read = habits.log_probability(typed, past, cell)
    meant = habits.log_probability(value, past[line], cell[line])
    slip = np.log(SLIP) + log_likelihood(typed[line], value, past.last[line], beside[line]) - read[line]
    score = state.score[line] + meant + np.where(blank[line], 0.0, slip)
    best = _best(state.node[line], state.record[line], score)
    line, value = line[best], value[best]
    cells = state.cells[line]
    cells[np.arange(len(line)), cell[line]] = value
    return _State(state.node[line], state.record[line], cells, score[best])


def _options(typed: Ints, previous: Floats, usual: Floats, low: Floats, high: Floats) -> tuple[NDArray[np.intp], Ints]:
    """Which values each assignment may try, each once: (its place, value), by place."""
    point = low == high
    points, open_ = np.flatnonzero(point), np.flatnonzero(~point)
    some, low_, high_ = typed[open_], low[open_], high[open_]
    fallback = some.astype(float)
    last = np.where(np.isnan(previous[open_]), fallback, previous[open_])
    ends = [np.where(np.isfinite(end), end, fallback) for end in (low_, high_, np.clip(last, low_, high_))]
    common = np.where(np.isnan(usual[open_]), fallback[:, None], usual[open_])
    known = np.concatenate([np.stack([last, *ends], axis=1), common], axis=1)
    table = np.concatenate([candidates(some), known.astype(np.int64)], axis=1)
    row, column = np.nonzero((table >= low_[:, None]) & (table <= high_[:, None]))
    value = table[row, column]
    kept = _first_of_its_kind(row, value)
    line = np.concatenate([points, open_[row[kept]]])
    deduced = np.clip(low[points], -FARTHEST, FARTHEST).astype(np.int64)
    order = np.argsort(line, kind="stable")
    return line[order], np.concatenate([deduced, value[kept]])[order]


def _first_of_its_kind(row: NDArray[np.intp], value: Ints) -> NDArray[np.intp]:
    """Indices, ascending, of the first of each pair of ``row`` and ``value``."""
    order = np.lexsort((value, row))
    new = np.ones(len(order), dtype=bool)
    new[1:] = (np.diff(row[order]) != 0) | (np.diff(value[order]) != 0)
    return np.sort(order[new])


def _best(node: NDArray[np.intp], record: Records, score: Floats) -> NDArray[np.intp]:
    """Indices of the BEAM best of each record in each node, by node."""
    order = np.lexsort((-score, record, node))
    start = np.ones(len(order), dtype=bool)
    start[1:] = (np.diff(record[order]) != 0) | (np.diff(node[order]) != 0)
    place = np.arange(len(order))
    return order[place - np.maximum.accumulate(np.where(start, place, 0)) < BEAM]
