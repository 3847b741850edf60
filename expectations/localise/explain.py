"""Explanations of a record: which cells, which values, how likely; the single entry point of localisation."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby, pairwise
from math import exp

import numpy as np
from numpy.typing import NDArray

from expectations.localise.channel import Ints
from expectations.localise.habits import Habits
from expectations.localise.sets import minimal_sets
from expectations.localise.system import System
from expectations.localise.undo import Group, may_heal, undo
from expectations.localise.values import Assignments, Batch, Records, assign

MOST_CELLS = 4
NEGLIGIBLE = 20.0  # an explanation whose log score is this far below the best has a share of 2e-9

Changes = tuple[tuple[int, int], ...]  # (cell, value)
Option = tuple[float, Changes, str]  # log score, what is changed, kind


@dataclass(frozen=True)
class Explanation:
    """The changed cells with the values they most likely should have, and how probable this is."""

    changes: Changes
    probability: float
    kind: str


def explain(
    system: System, habits: Habits, batch: Batch, groups: tuple[Group, ...], extra: int = 0
) -> list[list[Explanation]]:
    """For each record its explanations, the likeliest first; empty where nothing heals it within MOST_CELLS cells."""
    sets = minimal_sets(system, batch.typed, batch.constants, batch.blank, MOST_CELLS, extra)
    found = [("cells", assign(system, habits, batch, [(node, records) for node, records in sets.items() if node]))]
    violated = system.violated(batch.typed, batch.constants)
    for kind, alike in groupby(groups, key=lambda group: group.kind):
        some = tuple(alike)
        asked = [may_heal(system, violated, group) for group in some]
        found.append((kind, undo(system, habits, batch, some, asked)))
    return _ranked(found, batch)


def doubt(
    system: System, habits: Habits, batch: Batch, groups: tuple[Group, ...], suspected: NDArray[np.bool_]
) -> list[list[Explanation]]:
    """For records that keep every mandatory rule but look odd: that nothing is wrong (no changes), or one slip among
    the ``suspected`` cells (records, cells).
    """
    everything = np.arange(len(batch.typed))
    found = [("true", Assignments(everything, batch.typed, np.zeros(len(everything))))]
    cells = np.flatnonzero(suspected.any(axis=0)).tolist()
    single = [(frozenset({cell}), np.flatnonzero(suspected[:, cell])) for cell in cells]
    found.append(("cells", assign(system, habits, batch, single)))
    units = [group for group in groups if group.kind == "unit"]
    asked = [suspected[:, group.columns] @ group.touched.T for group in units]
    found.append(("unit", undo(system, habits, batch, units, asked)))
    return _ranked(found, batch)


def _ranked(found: list[tuple[str, Assignments]], batch: Batch) -> list[list[Explanation]]:
    best = np.full(len(batch.typed), -np.inf)
    for _, part in found:
        np.maximum.at(best, part.record, part.score)
    options: list[list[Option]] = [[] for _ in range(len(batch.typed))]
    for kind, part in found:
        lines = np.flatnonzero(part.score > best[part.record] - NEGLIGIBLE)
        changes = _changes(part.cells[lines], batch, part.record[lines])
        for record, score, change in zip(part.record[lines].tolist(), part.score[lines].tolist(), changes, strict=True):
            options[record].append((score, change, kind))
    return [_softmax(entries) for entries in options]


def _changes(cells: Ints, batch: Batch, record: Records) -> list[Changes]:
    """What was changed in each line, or filled in."""
    line, cell = np.nonzero((cells != batch.typed[record]) | batch.blank[record])
    pairs = list(zip(cell.tolist(), cells[line, cell].tolist(), strict=True))
    ends = np.searchsorted(line, np.arange(len(cells) + 1)).tolist()
    return [tuple(pairs[start:end]) for start, end in pairwise(ends)]


def _softmax(entries: list[Option]) -> list[Explanation]:
    if not entries:
        return []
    entries.sort(reverse=True)
    top = entries[0][0]
    weight: dict[Changes, float] = defaultdict(float)
    kind_of: dict[Changes, str] = {}
    for score, changes, kind in entries:
        weight[changes] += exp(score - top)
        kind_of.setdefault(changes, kind)
    total = sum(weight.values())
    ordered = sorted(weight.items(), key=lambda pair: (-pair[1], pair[0]))
    return [Explanation(changes, share / total, kind_of[changes]) for changes, share in ordered]
