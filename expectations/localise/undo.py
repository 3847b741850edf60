"""Which records an operation heals, and how well last month explains them then.

There are hundreds of operations and each fits few records: they are tried in groups, one array row for each pair of a
record and an operation.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from expectations.localise.channel import Floats, Ints
from expectations.localise.habits import Habits
from expectations.localise.operations import LOG_PRIOR, Operation
from expectations.localise.system import System, product
from expectations.localise.values import Assignments, Batch, Records, assign

AT_ONCE = 500  # records; with 240 operations on the money block, an array over their pairs takes some 7 MB


@dataclass(frozen=True)
class Group:
    """Operations of one kind that leave the same cells unknown.

    ``columns`` are the cells that any of them touches; source (a place in ``columns``), divisor, touched: (operations,
    columns).
    """

    kind: str
    unknown: frozenset[int]
    columns: NDArray[np.intp]
    source: Ints
    divisor: Ints
    touched: NDArray[np.bool_]


def grouped(operations: Iterable[Operation]) -> tuple[Group, ...]:
    groups: dict[tuple[str, frozenset[int]], list[Operation]] = defaultdict(list)
    for operation in operations:
        groups[operation.kind, frozenset(operation.unknown)].append(operation)
    return tuple(_group(kind, unknown, members) for (kind, unknown), members in groups.items())


def _group(kind: str, unknown: frozenset[int], members: list[Operation]) -> Group:
    columns = sorted({cell for operation in members for cell in operation.touched})
    source = np.array([[columns.index(operation.source[cell]) for cell in columns] for operation in members])
    divisor = np.array([[operation.divisor[cell] for cell in columns] for operation in members])
    touched = np.array([[cell in operation.touched for cell in columns] for operation in members])
    return Group(kind, unknown, np.array(columns, dtype=np.intp), source, divisor, touched)


def may_heal(system: System, violated: NDArray[np.bool_], group: Group) -> NDArray[np.bool_]:
    """(records, operations): whether every rule that a record breaks reads a cell that the operation touches."""
    coefficients = system.rules.coefficients[:, group.columns]
    reads = product(group.touched.astype(np.float64), (coefficients != 0).T.astype(np.float64)) > 0
    broken = product(violated.astype(np.float64), reads.T.astype(np.float64))
    return (broken > 0) & (broken == violated.sum(axis=1)[:, None])


def undo(
    system: System, habits: Habits, batch: Batch, group: Group, asked: NDArray[np.bool_]
) -> Iterator[tuple[str, Assignments]]:
    """Kind and assignments of the records that are healed; ``asked`` (records, operations)."""
    records = np.flatnonzero(asked.any(axis=1))
    for start in range(0, len(records), AT_ONCE):
        chosen = records[start : start + AT_ONCE]
        line, which = np.nonzero(asked[chosen])
        yield group.kind, _healed(system, habits, batch, group, chosen[line], which)


def _healed(
    system: System, habits: Habits, batch: Batch, group: Group, record: Records, which: NDArray[np.intp]
) -> Assignments:
    """``record`` and ``which`` (pairs,): which operation is tried on which record."""
    undone, possible = _undone(batch, group, record, which)
    record, which = record[possible], which[possible]
    cells = batch.typed[record]
    cells[:, group.columns] = undone[possible]
    healed = ~system.freed(group.unknown).violated(cells, batch.constants[record]).any(axis=1)
    record, which, cells = record[healed], which[healed], cells[healed]
    blank = batch.blank[record]
    blank[:, list(group.unknown)] = True
    part = Batch(cells, batch.previous[record], batch.constants[record], blank)
    mended = assign(system, habits, part, [(group.unknown, np.arange(len(record)))])
    score = mended.score + LOG_PRIOR[group.kind] + _evidence(habits, batch, group, record, which, cells)[mended.record]
    record = record[mended.record]
    several = (mended.cells != batch.typed[record]).sum(axis=1) > 1  # one cell is a slip of that cell
    return Assignments(record[several], mended.cells[several], score[several])


def _undone(batch: Batch, group: Group, record: Records, which: NDArray[np.intp]) -> tuple[Ints, NDArray[np.bool_]]:
    """The columns as undone, and whether that is worth a try.

    It must change something and divide without remainder; a record with blank cells is left to plain search, which
    knows that they are free.
    """
    typed, divisor = batch.typed[np.ix_(record, group.columns)], group.divisor[which]
    moved = np.take_along_axis(typed, group.source[which], axis=1)
    undone = moved // divisor
    known = ~batch.blank[record].any(axis=1)
    return undone, known & (undone * divisor == moved).all(axis=1) & (undone != typed).any(axis=1)


def _evidence(
    habits: Habits, batch: Batch, group: Group, record: Records, which: NDArray[np.intp], cells: Ints
) -> Floats:
    """(pairs,): how much better last month explains the touched cells as undone than as typed."""
    there = np.ix_(record, group.columns)
    previous = batch.previous[there]
    read = habits.log_probability(batch.typed[there], previous, group.columns)
    meant = habits.log_probability(cells[:, group.columns], previous, group.columns)
    meant[:, np.isin(group.columns, list(group.unknown))] = 0.0
    return np.where(group.touched[which], meant - read, 0.0).sum(axis=1)
