"""Explanations of a record: which cells, which values, how likely; the single entry point of localisation."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from expectations.localise.channel import Floats, Ints
from expectations.localise.habits import Habits
from expectations.localise.operations import LOG_PRIOR, Operation
from expectations.localise.sets import minimal_sets
from expectations.localise.system import System
from expectations.localise.values import Assignments, Batch, Records, assign

MOST_CELLS = 4
NEGLIGIBLE = 20.0  # an explanation whose log score is this far below the best has a share of 2e-9


@dataclass(frozen=True)
class Explanation:
    """The changed cells with the values they most likely should have, and how probable this is."""

    changes: tuple[tuple[int, int], ...]
    probability: float
    kind: str


def explain(
    system: System, habits: Habits, batch: Batch, operations: tuple[Operation, ...], extra: int = 0
) -> list[list[Explanation]]:
    """For each record its explanations, the likeliest first; empty where nothing heals it within MOST_CELLS cells."""
    found = [("cells", part) for part in _by_cells(system, habits, batch, extra)]
    violated = system.violated(batch.typed, batch.constants)
    for operation in operations:
        asked = _may_heal(system, violated, operation)
        found += [(operation.kind, part) for part in _by_operation(system, habits, batch, operation, asked)]
    return _ranked(found, batch)


def doubt(
    system: System, habits: Habits, batch: Batch, operations: tuple[Operation, ...], suspected: NDArray[np.bool_]
) -> list[list[Explanation]]:
    """For records that keep every mandatory rule but look odd: that nothing is wrong (no changes), or one slip among
    the ``suspected`` cells (records, cells).
    """
    everything = np.arange(len(batch.typed))
    found = [("true", Assignments(everything, batch.typed, np.zeros(len(everything))))]
    for cell in np.flatnonzero(suspected.any(axis=0)):
        records = np.flatnonzero(suspected[:, cell])
        found.append(("cells", assign(system, habits, batch, frozenset({int(cell)}), records)))
    for operation in operations:
        if operation.kind == "unit":
            asked = suspected[:, list(operation.touched)].any(axis=1)
            found += [(operation.kind, part) for part in _by_operation(system, habits, batch, operation, asked)]
    return _ranked(found, batch)


def _may_heal(system: System, violated: NDArray[np.bool_], operation: Operation) -> NDArray[np.bool_]:
    """(records,): whether every rule that a record breaks reads a cell of the operation; the others it cannot heal."""
    reads = (system.rules.coefficients[:, list(operation.touched)] != 0).any(axis=1)
    return violated[:, reads].any(axis=1) & ~violated[:, ~reads].any(axis=1)


def _by_cells(system: System, habits: Habits, batch: Batch, extra: int) -> list[Assignments]:
    sets = minimal_sets(system, batch.typed, batch.constants, batch.blank, MOST_CELLS, extra)
    return [assign(system, habits, batch, node, records) for node, records in sets.items() if node]


def _by_operation(
    system: System, habits: Habits, batch: Batch, operation: Operation, asked: NDArray[np.bool_]
) -> list[Assignments]:
    records = np.flatnonzero(asked & ~batch.blank[:, list(operation.touched)].any(axis=1))
    records = records[operation.possible(batch.typed[records])]
    if not len(records):
        return []
    undone = operation.undo(batch.typed[records])
    rows = system.freed(frozenset(operation.unknown))
    healed = ~rows.violated(undone, batch.constants[records]).any(axis=1)
    records, undone = records[healed], undone[healed]
    if not len(records):
        return []
    blank = batch.blank[records].copy()
    blank[:, list(operation.unknown)] = True
    part = Batch(undone, batch.previous[records], batch.constants[records], blank)
    mended = assign(system, habits, part, frozenset(operation.unknown), np.arange(len(records)))
    evidence = _evidence(habits, batch, operation, records, undone)[mended.record]
    several = (mended.cells != batch.typed[records[mended.record]]).sum(axis=1) > 1  # one cell is a slip of that cell
    score = mended.score + LOG_PRIOR[operation.kind] + evidence
    return [Assignments(records[mended.record[several]], mended.cells[several], score[several])]


def _evidence(habits: Habits, batch: Batch, operation: Operation, records: Records, undone: Ints) -> Floats:
    """How much better last month explains the cells as undone than as typed."""
    touched = list(operation.touched)
    known = [cell for cell in touched if cell not in operation.unknown]
    previous = batch.previous[records]
    read = habits.log_probability(batch.typed[records][:, touched], previous[:, touched], touched)
    meant = habits.log_probability(undone[:, known], previous[:, known], known)
    return meant.sum(axis=1) - read.sum(axis=1)


def _ranked(found: list[tuple[str, Assignments]], batch: Batch) -> list[list[Explanation]]:
    options: list[list[tuple[float, tuple[tuple[int, int], ...], str]]] = [[] for _ in range(len(batch.typed))]
    best = np.full(len(batch.typed), -np.inf)
    for _, part in found:
        np.maximum.at(best, part.record, part.score)
    for kind, part in found:
        for line in np.flatnonzero(part.score > best[part.record] - NEGLIGIBLE).tolist():
            record, cells = part.record[line], part.cells[line]
            where = np.flatnonzero((cells != batch.typed[record]) | batch.blank[record]).tolist()
            options[record].append((float(part.score[line]), tuple((cell, int(cells[cell])) for cell in where), kind))
    return [_softmax(entries) for entries in options]


def _softmax(entries: list[tuple[float, tuple[tuple[int, int], ...], str]]) -> list[Explanation]:
    if not entries:
        return []
    top = max(score for score, _, _ in entries)
    weight: dict[tuple[tuple[int, int], ...], float] = defaultdict(float)
    kind_of: dict[tuple[tuple[int, int], ...], str] = {}
    for score, changes, kind in sorted(entries, reverse=True):
        weight[changes] += float(np.exp(score - top))
        kind_of.setdefault(changes, kind)
    total = sum(weight.values())
    ordered = sorted(weight.items(), key=lambda pair: (-pair[1], pair[0]))
    return [Explanation(changes, share / total, kind_of[changes]) for changes, share in ordered]
