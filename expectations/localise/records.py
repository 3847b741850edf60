"""Readings of the month's records: which cells of a unit are wrong and what they should be, by unit code."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from expectations.catalogue import Catalogue
from expectations.catalogue.kinds import ITEMS
from expectations.history import Inputs
from expectations.localise.channel import Floats
from expectations.localise.compile import Compiled, compile_sheet
from expectations.localise.copied import Copy, copied
from expectations.localise.explain import Explanation, Option, doubt, explain
from expectations.localise.frame import Frame, read_frame
from expectations.localise.habits import Habits
from expectations.localise.operations import operations
from expectations.localise.undo import Group, grouped
from expectations.localise.values import Batch, Records

LEARNED_FROM = 5_000  # records, evenly over the tree: more would not move a habit by a percent
MOST_BLANKS = 4  # a row with more blank cells than this says too little about any of them


@dataclass(frozen=True)
class Sheet:
    """A sheet's records of one month, what breaks its rules, and how its items usually move."""

    compiled: Compiled
    frame: Frame
    broken: NDArray[np.bool_]  # (records,): whether a rule is broken that reads no blank cell
    habits: Habits
    operations: tuple[Group, ...]

    @classmethod
    def read(cls, inputs: Inputs, catalogue: Catalogue, scope: str) -> Sheet:
        compiled = compile_sheet(catalogue, scope, inputs.month)
        frame = read_frame(inputs, compiled, scope)
        broken = frame.broken(compiled)
        kept = np.flatnonzero(~broken & (frame.blanks == 0))
        usual = frame.records(kept[:: len(kept) // LEARNED_FROM + 1])
        habits = Habits.learn(usual.typed, usual.past)
        return cls(compiled, frame, broken, habits, _operations(compiled.system.cells))

    def mandatory_readings(self) -> dict[str, list[Explanation]]:
        """For each unit that breaks a mandatory rule or left a few cells blank: its explanations."""
        blanks = self.frame.blanks
        wanted = np.flatnonzero((self.broken | (blanks > 0)) & (blanks <= MOST_BLANKS))
        batch, pairs, rows = self._beside(wanted)
        copies = self._copies(batch, pairs, rows)
        return self._by_unit(wanted, explain(self.compiled.system, self.habits, batch, self.operations, copies=copies))

    def _beside(self, records: NDArray[np.intp]) -> tuple[Batch, Records, Floats]:
        """The records; which ones stand above and below each (records, 2), -1 for none; the figures of these (records,
        2, cells), nan where nothing stands.
        """
        pairs = self.frame.beside(records)
        there = np.where(pairs.ravel()[:, None] < 0, np.nan, self.frame.figures(pairs.ravel()))
        rows = there.reshape(*pairs.shape, there.shape[1])
        batch = self.frame.records(records)
        return replace(batch, beside=(rows == batch.typed[:, None]).mean(axis=1)), pairs, rows

    def _copies(self, batch: Batch, pairs: Records, beside: Floats) -> list[tuple[int, Option]]:
        """The runs that may have been copied, by line of ``batch``."""
        rows = np.concatenate([beside, batch.past.last[:, None]], axis=1)
        found = list(copied(self.compiled.system, self.habits, batch, rows))
        return [(one.record, (one.score, one.changes, "copied", self._unit(pairs, one))) for one in found]

    def _unit(self, pairs: NDArray[np.intp], one: Copy) -> str:
        """Whose row was copied; nobody's where it was last month's."""
        own = one.source == pairs.shape[1]
        return "" if own else str(self.frame.tree.column("unit")[int(pairs[one.record, one.source])])

    def doubtful_readings(self, suspects: dict[str, frozenset[str]]) -> dict[str, list[Explanation]]:
        """For units whose ``suspects`` (items by unit) break a verification rule: that all is true, or what else."""
        index = {cell: position for position, cell in enumerate(self.compiled.system.cells)}
        place = {unit: position for position, unit in enumerate(self.frame.units)}
        units = [unit for unit in sorted(suspects) if unit in place]
        wanted = np.array([place[unit] for unit in units], dtype=np.intp)
        suspected = np.zeros((len(units), len(index)), dtype=bool)
        for line, unit in enumerate(units):
            suspected[line, [index[item] for item in suspects[unit] if item in index]] = True
        batch, *_ = self._beside(wanted)
        found = doubt(self.compiled.system, self.habits, batch, self.operations, suspected & ~batch.blank)
        return self._by_unit(wanted, found)

    def _by_unit(self, records: NDArray[np.intp], found: list[list[Explanation]]) -> dict[str, list[Explanation]]:
        units = self.frame.tree.column("unit").take(records).to_pylist()
        return dict(zip(units, found, strict=True))


@lru_cache(maxsize=4)
def _operations(cells: tuple[str, ...]) -> tuple[Group, ...]:
    """Neighbours stand in one group of the form: the letter of their codes."""
    groups: dict[str, list[int]] = {}
    for position, cell in enumerate(cells):
        groups.setdefault(cell[0], []).append(position)
    money = tuple(position for position, cell in enumerate(cells) if ITEMS[cell].value_type == "money")
    return grouped(operations(len(cells), [tuple(group) for group in groups.values()], money))
