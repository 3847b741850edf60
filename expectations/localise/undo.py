"""Which records an operation heals, and how well last month explains them then.

There are hundreds of operations and each fits few records: they are tried in groups, one array row for each pair of a
record and an operation.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from expectations.localise.channel import Floats, Ints, log_likelihood
from expectations.localise.habits import Habits
from expectations.localise.operations import LOG_PRIOR, Operation
from expectations.localise.system import System, product
from expectations.localise.values import Assignments, Batch, Node, Records, assign

AT_ONCE = 500  # records; with 240 operations on the money block, an array over their pairs takes some 7 MB


@dataclass(frozen=True)
class Group:
    """Operations of one kind among the cells of one run.

    ``columns`` are the cells that any of them touches; source (a place in ``columns``), divisor, touched: (operations,
    columns); ``unknown`` are the cells that each leaves free, ``first`` (operations, columns) those whose typed value
    goes nowhere.
    """

    kind: str
    columns: NDArray[np.intp]
    source: Ints
    divisor: Ints
    touched: NDArray[np.bool_]
    unknown: tuple[Node, ...]
    first: NDArray[np.bool_]


def grouped(operations: Iterable[Operation]) -> tuple[Group, ...]:
    """Groups, those of a kind one after another."""
    groups: dict[tuple[str, tuple[int, ...]], list[Operation]] = defaultdict(list)
    for operation in operations:
        groups[operation.kind, operation.run].append(operation)
    return tuple(_group(kind, run, members) for (kind, run), members in sorted(groups.items()))


def _group(kind: str, run: tuple[int, ...], members: list[Operation]) -> Group:
    source = np.array([[run.index(operation.source[cell]) for cell in run] for operation in members])
    divisor = np.array([[operation.divisor[cell] for cell in run] for operation in members])
    touched = np.array([[cell in operation.touched for cell in run] for operation in members])
    unknown = tuple(frozenset(operation.unknown) for operation in members)
    first = np.array([[cell == operation.first for cell in run] for operation in members])
    return Group(kind, np.array(run, dtype=np.intp), source, divisor, touched, unknown, first)


def may_heal(system: System, violated: NDArray[np.bool_], group: Group) -> NDArray[np.bool_]:
    """(records, operations): whether every rule that a record breaks reads a cell that the operation touches."""
    coefficients = system.rules.coefficients[:, group.columns]
    reads = product(group.touched.astype(np.float64), (coefficients != 0).T.astype(np.float64)) > 0
    broken = product(violated.astype(np.float64), reads.T.astype(np.float64))
    return (broken > 0) & (broken == violated.sum(axis=1)[:, None])


@dataclass(frozen=True)
class _Undone:
    """Records as they are once an operation is undone: which record (pairs,), its cells, which are unknown then, what
    the operation and the cells it moved add to the score.
    """

    record: Records
    cells: Ints
    unknown: Sequence[Node]
    score: Floats


def undo(
    system: System,
    habits: Habits,
    batch: Batch,
    groups: Sequence[Group],
    asked: Sequence[NDArray[np.bool_]],
    least: Floats,
) -> Assignments:
    """Assignments of the records that operations of one kind heal; ``asked``: (records, operations) per group.

    ``least`` (records,): a score below it is not worth an answer; the values of unknown cells can only lower it.
    """
    tried = []
    for group, wanted in zip(groups, asked, strict=True):
        records = np.flatnonzero(wanted.any(axis=1))
        score = np.full(wanted.shape, -np.inf)
        score[records] = LOG_PRIOR[group.kind] + _evidence(habits, batch.take(records), group)
        worth = wanted & _divides(batch, group) & (score > least[:, None])
        tried += [_healed(system, batch, group, *pairs, score[pairs]) for pairs in _pairs(worth)]
    if not tried:
        return Assignments.join([], batch.typed.shape[1])
    record, cells, score = (np.concatenate([getattr(t, name) for t in tried]) for name in ("record", "cells", "score"))
    nodes: dict[Node, list[int]] = defaultdict(list)
    for pair, unknown in enumerate(unknown for t in tried for unknown in t.unknown):
        nodes[unknown].append(pair)
    blank = batch.blank[record]
    for unknown, pairs in nodes.items():
        blank[np.ix_(pairs, sorted(unknown))] = True
    part = Batch(cells, batch.past[record], batch.constants[record], blank)
    mended = assign(system, habits, part, [(node, np.array(pairs)) for node, pairs in nodes.items()])
    record, score = record[mended.record], score[mended.record] + mended.score
    several = (mended.cells != batch.typed[record]).sum(axis=1) > 1  # one cell is a slip of that cell
    return Assignments(record[several], mended.cells[several], score[several])


def _divides(batch: Batch, group: Group) -> NDArray[np.bool_]:
    """(records, operations): whether what an operation divides is a multiple, as few amounts are of 1,000."""
    typed = batch.typed[:, group.columns]
    found = np.ones((len(typed), len(group.divisor)), dtype=bool)
    for factor in np.unique(group.divisor[group.divisor > 1]):
        broken = (typed % factor != 0).astype(np.float64)
        found &= product(broken, (group.divisor == factor).T.astype(np.float64)) == 0
    return found


def _pairs(asked: NDArray[np.bool_]) -> Iterator[tuple[Records, NDArray[np.intp]]]:
    """Pairs of a record and an operation, (pairs,) each, of some records at once."""
    records = np.flatnonzero(asked.any(axis=1))
    for start in range(0, len(records), AT_ONCE):
        chosen = records[start : start + AT_ONCE]
        line, which = np.nonzero(asked[chosen])
        yield chosen[line], which


def _healed(
    system: System, batch: Batch, group: Group, record: Records, which: NDArray[np.intp], score: Floats
) -> _Undone:
    """The pairs after which every rule can be kept; ``score`` (pairs,)."""
    undone, possible = _undone(batch, group, record, which)
    record, which, score = record[possible], which[possible], score[possible]
    cells = batch.typed[record]
    cells[:, group.columns] = undone[possible]
    healed = np.zeros(len(record), dtype=bool)
    for unknown in set(group.unknown):
        here = np.flatnonzero(np.array([free == unknown for free in group.unknown])[which])
        rows = system.freed(unknown)
        healed[here] = ~rows.violated(cells[here], batch.constants[record[here]]).any(axis=1)
    record, which, cells = record[healed], which[healed], cells[healed]
    own = _of_their_own(batch, group, record, which, cells)
    return _Undone(record, cells, [group.unknown[one] for one in which.tolist()], score[healed] + own)


def _undone(batch: Batch, group: Group, record: Records, which: NDArray[np.intp]) -> tuple[Ints, NDArray[np.bool_]]:
    """The columns as undone, and whether that is worth a try.

    It must change something; a record with blank cells is left to plain search, which knows that they are free.
    """
    typed = batch.typed[np.ix_(record, group.columns)]
    undone = np.take_along_axis(typed, group.source[which], axis=1) // group.divisor[which]
    return undone, ~batch.blank[record].any(axis=1) & (undone != typed).any(axis=1)


def _evidence(habits: Habits, batch: Batch, group: Group) -> Floats:
    """(records, operations): how much better the past explains the touched cells as undone than as typed.

    Operations share what they do to a cell, so each such deed is asked once: a column, whose figure it takes, divided
    by what.
    """
    free = np.array([[cell in unknown for cell in group.columns.tolist()] for unknown in group.unknown])
    operation, column = np.nonzero(group.touched & ~free)
    done = np.stack([column, group.source[operation, column], group.divisor[operation, column]])
    deeds, deed = np.unique(done, axis=1, return_inverse=True)
    counted = np.zeros((deeds.shape[1], len(group.touched)))
    counted[deed, operation] = 1.0
    there = group.columns[deeds[0]]
    undone = batch.typed[:, group.columns[deeds[1]]] // deeds[2]
    meant = habits.log_probability(undone, batch.past[:, there], there)
    read = habits.log_probability(batch.typed[:, group.columns], batch.past[:, group.columns], group.columns)
    return product(meant, counted) - product(read, group.touched.T.astype(np.float64))


def _of_their_own(batch: Batch, group: Group, record: Records, which: NDArray[np.intp], cells: Ints) -> Floats:
    """(pairs,): what a slip costs in the cell from which a run moved away, and which should have kept its value."""
    there = np.ix_(record, group.columns)
    typed, meant, last = batch.typed[there], cells[:, group.columns], batch.past.last[there]
    pair, column = np.nonzero(group.first[which] & (typed != meant))
    cost = np.zeros(len(typed))
    cost[pair] = log_likelihood(typed[pair, column], meant[pair, column], last[pair, column])
    return cost
