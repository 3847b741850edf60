"""All smallest sets of cells whose change can heal a record: Fellegi and Holt's error localisation, in batches.

Records that free the same cells share one step: a *node* is a set of free cells with the records that reached it. A
record whose rows are all kept at a node is healed there; otherwise one of its violated rows must be healed by one of
that row's fixed cells, and the node branches over them. This reaches every irreducible set.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from expectations.localise.system import Ints, System

Node = frozenset[int]
Records = NDArray[np.intp]


def minimal_sets(
    system: System,
    cells: Ints,
    constants: Ints,
    blank: NDArray[np.bool_] | None = None,
    most: int | Ints = 4,
    extra: int = 0,
) -> dict[Node, Records]:
    """Which records each set heals; only irreducible sets of the record's smallest size, or up to ``extra`` above it.

    cells (records, cells), constants (records, rules), blank (records, cells): cells without a value are free from the
    start. ``most``: the largest number of further cells to try, for all or (records,); what needs more is in no set.
    """
    count = len(cells)
    healed: dict[Node, NDArray[np.bool_]] = {}
    budget = np.full(count, most)
    frontier = _start(blank, count)
    for size in range(int(budget.max(initial=0)) + 1):
        following: dict[Node, list[Records]] = defaultdict(list)
        for node, records in frontier.items():
            open_records = records[(budget[records] >= size) & ~_covered(node, healed, records)]
            if not len(open_records):
                continue
            done = _step(system, node, cells, constants, open_records, following)
            if len(done):
                healed.setdefault(node, np.zeros(count, dtype=bool))[done] = True
                budget[done] = np.minimum(budget[done], size + extra)
        frontier = {node: np.unique(np.concatenate(parts)) for node, parts in following.items()}
    return {node: np.flatnonzero(mask) for node, mask in healed.items()}


def _start(blank: NDArray[np.bool_] | None, count: int) -> dict[Node, Records]:
    if blank is None or not blank.any():
        return {frozenset(): np.arange(count)}
    patterns, inverse = np.unique(blank, axis=0, return_inverse=True)
    return {frozenset(np.flatnonzero(p).tolist()): np.flatnonzero(inverse == i) for i, p in enumerate(patterns)}


def _covered(node: Node, healed: dict[Node, NDArray[np.bool_]], records: Records) -> NDArray[np.bool_]:
    covered = np.zeros(len(records), dtype=bool)
    for smaller, mask in healed.items():
        if smaller <= node:
            covered |= mask[records]
    return covered


def _step(
    system: System, node: Node, cells: Ints, constants: Ints, records: Records, following: dict[Node, list[Records]]
) -> Records:
    rows = system.freed(node)
    violated = rows.violated(cells[records], constants[records])
    healed = ~violated.any(axis=1)
    if healed.all():
        return records
    # the violated row with the fewest fixed cells branches least; a row without any cannot be healed at all
    chosen = np.where(violated, rows.support, len(system.cells) + 1).argmin(axis=1)
    for row in np.unique(chosen[~healed]):
        here = records[~healed & (chosen == row)]
        for cell in np.flatnonzero(rows.coefficients[row]):
            following[node | {int(cell)}].append(here)
    return records[healed]
