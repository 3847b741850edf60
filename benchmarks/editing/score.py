"""What counts as found: over the cells that take part in a violated mandatory rule, on the records that rules flag."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from benchmarks.editing.form import Ints
from benchmarks.editing.slips import MODELLED
from expectations.localise.explain import Explanation


@dataclass
class Tally:
    """Counts over records: how many, with the exact set of cells, with the right values, and how confident."""

    records: int = 0
    exact: int = 0
    values: int = 0
    right_cells: int = 0
    named_cells: int = 0
    answers: list[tuple[float, bool]] = field(default_factory=list)  # (confidence, cells and values right)

    def add(self, first: Explanation | None, true: dict[int, int], visible: NDArray[np.bool_]) -> None:
        named = {cell: value for cell, value in (first.changes if first else ()) if visible[cell]}
        meant = {cell: value for cell, value in true.items() if visible[cell]}
        right = all(named.get(cell) == value for cell, value in meant.items())
        self.records += 1
        self.exact += named.keys() == meant.keys()
        self.values += right
        self.right_cells += len(named.keys() & meant.keys())
        self.named_cells += len(named)
        if first:
            stated = all(value in (None, meant.get(cell)) for cell, value in named.items())
            self.answers.append((first.probability, stated and named.keys() == meant.keys()))

    def confident(self, least: float) -> tuple[int, float]:
        """How many answers were at least so confident, and the share of them that was right."""
        sure = [right for confidence, right in self.answers if confidence >= least]
        return len(sure), sum(sure) / max(len(sure), 1)


def tally(
    flagged: NDArray[np.intp],
    found: list[Explanation | None],
    typed: Ints,
    meant: Ints,
    visible: NDArray[np.bool_],
    kinds: dict[int, str],
) -> dict[str, Tally]:
    """By kind of slip, and for "all", "modelled", "not modelled"; ``visible`` (flagged records, cells)."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    for line, record in enumerate(flagged.tolist()):
        true = {int(cell): int(meant[record, cell]) for cell in np.flatnonzero(typed[record] != meant[record])}
        kind = kinds[record]
        for name in (kind, "all", "modelled" if kind in MODELLED else "not modelled"):
            tallies[name].add(found[line], true, visible[line])
    return dict(tallies)
