"""Explanations of a record: which cells, which values, how likely; the single entry point of localisation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from math import exp
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from expectations.localise.channel import Floats, Ints
from expectations.localise.habits import Habits
from expectations.localise.sets import minimal_sets
from expectations.localise.system import System
from expectations.localise.undo import Group, may_heal, undo
from expectations.localise.values import Assignments, Batch, Records, assign

MOST_CELLS = 4
MOST_BESIDE_A_COPY = 2  # cells; three slips are rarer than a copied run, and the search for them is most of the time
NEGLIGIBLE = 16.0  # an explanation whose log score is this far below the best has a share of 1e-7

Changes = tuple[tuple[int, int | None], ...]  # (cell, value); None where nobody knows it
Option = tuple[float, Changes, str, str]  # log score, what is changed, kind, the unit it was copied from or ""


@dataclass(frozen=True)
class Explanation:
    """The changed cells with the values they most likely should have, and how probable this is.

    ``origin``: the unit whose figures were copied.
    """

    changes: Changes
    probability: float
    kind: str
    origin: str = ""


def explain(
    system: System,
    habits: Habits,
    batch: Batch,
    groups: tuple[Group, ...],
    extra: int = 0,
    copies: Sequence[tuple[int, Option]] = (),
) -> list[list[Explanation]]:
    """For each record its explanations, the likeliest cells first.

    There are none where nothing heals it within MOST_CELLS cells. ``copies``: what else explains a record, by its line
    in ``batch``.
    """
    most = np.full(len(batch.typed), MOST_CELLS)
    most[[record for record, _ in copies]] = MOST_BESIDE_A_COPY
    sets = minimal_sets(system, batch.typed, batch.constants, batch.blank, most, extra)
    found = [("cells", assign(system, habits, batch, [(node, records) for node, records in sets.items() if node]))]
    violated = system.violated(batch.typed, batch.constants)
    for kind, alike in groupby(groups, key=lambda group: group.kind):
        some = tuple(alike)
        asked = [may_heal(system, violated, group) for group in some]
        found.append((kind, undo(system, habits, batch, some, asked, _best(found, batch) - NEGLIGIBLE)))
    return _ranked(found, batch, copies)


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
    found.append(("unit", undo(system, habits, batch, units, asked, _best(found, batch) - NEGLIGIBLE)))
    return _ranked(found, batch)


def _ranked(
    found: list[tuple[str, Assignments]], batch: Batch, copies: Sequence[tuple[int, Option]] = ()
) -> list[list[Explanation]]:
    best = _best(found, batch)
    for record, (score, *_) in copies:
        best[record] = max(best[record], score)
    options: list[list[Option]] = [[] for _ in range(len(batch.typed))]
    for kind, part in found:
        lines = np.flatnonzero(part.score > best[part.record] - NEGLIGIBLE)
        changes = _changes(part.cells[lines], batch, part.record[lines])
        for record, score, change in zip(part.record[lines].tolist(), part.score[lines].tolist(), changes, strict=True):
            options[record].append((score, change, kind, ""))
    for record, copy in copies:
        if copy[0] > best[record] - NEGLIGIBLE:
            options[record].append(copy)
    return [_softmax(entries) for entries in options]


def _best(found: Sequence[tuple[str, Assignments]], batch: Batch) -> Floats:
    """(records,): the score of the best explanation of each."""
    best = np.full(len(batch.typed), -np.inf)
    for _, part in found:
        np.maximum.at(best, part.record, part.score)
    return best


def _changes(cells: Ints, batch: Batch, record: Records) -> list[Changes]:
    """What was changed in each line, or filled in."""
    line, cell = np.nonzero((cells != batch.typed[record]) | batch.blank[record])
    pairs = list(zip(cell.tolist(), cells[line, cell].tolist(), strict=True))
    ends = np.searchsorted(line, np.arange(len(cells) + 1)).tolist()
    return [tuple(pairs[start:end]) for start, end in pairwise(ends)]


def _softmax(entries: list[Option]) -> list[Explanation]:
    if not entries:
        return []
    entries.sort(key=itemgetter(0), reverse=True)
    top = entries[0][0]
    weight: dict[Changes, float] = defaultdict(float)
    kind_of: dict[Changes, tuple[str, str]] = {}
    for score, changes, *kind in entries:
        weight[changes] += exp(score - top)
        kind_of.setdefault(changes, (kind[0], kind[1]))
    total = sum(weight.values())
    return [
        Explanation(changes, weight[changes] / total, *kind_of[changes]) for changes in likeliest_cells_first(weight)
    ]


def likeliest_cells_first(weight: Mapping[Changes, float]) -> list[Changes]:
    """By how likely the cells are, whatever their values, then by the values: which cell is wrong is asked first."""
    if len(weight) == 1:  # in every second record
        return list(weight)
    of_cells: dict[tuple[int, ...], float] = defaultdict(float)
    cells = {}
    for changes, share in weight.items():
        cells[changes] = key = tuple([cell for cell, _ in changes])
        of_cells[key] += share
    shares = {changes: (-of_cells[key], -weight[changes]) for changes, key in cells.items()}
    if len(set(shares.values())) == len(shares):
        return sorted(weight, key=shares.__getitem__)
    return sorted(weight, key=lambda changes: (shares[changes], in_order(changes)))


def in_order(changes: Changes) -> tuple[tuple[int, bool, int], ...]:
    """What changes are sorted by."""
    return tuple((cell, value is None, value or 0) for cell, value in changes)
