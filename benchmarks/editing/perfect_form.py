"""Perfect knowledge of the form of items.csv: the likeliest explanation of a record by whoever knows the generator.

It sees the typed figures, last month's and the next row's, as ours does. It knows besides how each item moves, the
hidden levels of the running totals (more than any number of earlier months could tell), how slips are made and how
often, and the true figures of the cells that no violated rule reads. It is even told which slip of several cells was
made, but for two digits: of a copied run it has to say which cells would have been as they are anyway, any other counts
as found. So what it misses, no ranker can find: with these rules and cells two truths are as likely as each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from benchmarks.editing.form import HIGHEST, LOWEST, TOTALS, Generator, Ints
from benchmarks.editing.perfect import IMPOSSIBLE, digit_chance, log_month, slip_chance
from benchmarks.editing.province import CELLS, MONEY, Years, matrix
from expectations.catalogue import load_catalogue
from expectations.localise.channel import DIGITS
from expectations.localise.explain import Explanation
from expectations.localise.records import Sheet
from expectations.localise.system import System

TOLD = {"swapped", "block_in_yuan", "part_of_block", "shifted"}
TIED = ({"D03", "D06", "D07"}, {"W01", "W02"}, {"V02", "V03"})  # what shows of one tells of the others
DRAWN = 2_000  # months that follow the last one, to see how often a copied figure is the true one by chance
NEAR, SMALL = 20, 330  # stocks move by at most 16, flows come to at most 8 times 40
SAME_DIGIT = 0.1  # P(a digit is drawn that stands there already), which leaves one of two cells as it was


@dataclass(frozen=True)
class Truth:
    """What a record may have been: its changed cells with their values, and how likely that is."""

    changes: tuple[tuple[int, int], ...]
    weight: float


@dataclass(frozen=True)
class Oracle:
    """Whoever knows how ``years`` were drawn and slips planted.

    ``constants`` (records, rules) of ``system``; ``copied``: the cells of a record that were copied together.
    """

    years: Years
    system: System
    constants: Ints
    copied: Mapping[int, slice]

    @classmethod
    def of(cls, years: Years, system: System, copied: Mapping[int, slice]) -> Oracle:
        """The constants are those of the true month: where a balance is nearly kept, a typed one changes them."""
        clean = Sheet.read(years.inputs(years.true), load_catalogue(None), "community")
        return cls(years, system, clean.frame.batch.constants, copied)

    def explanation(self, record: int, typed: Ints, visible: NDArray[np.bool_], kind: str) -> Explanation:
        """The likeliest cells among the visible ones, with their likeliest values."""
        true = self.years.true[record]
        if kind in TOLD:
            return Explanation(tuple((int(c), int(true[c])) for c in np.flatnonzero(typed != true)), 1.0, "told")
        if kind.endswith("_run"):
            return self._run(record, typed, visible)
        row = np.where(visible, typed, true)
        digits = bool((row != typed).any())  # a cell that nobody accuses is wrong as well: two digits it is
        weights: dict[tuple[int, ...], list[Truth]] = defaultdict(list)
        for truth in self._truths(record, row, np.flatnonzero(visible).tolist(), digits):
            weights[tuple(cell for cell, _ in truth.changes)].append(truth)
        total = {cells: sum(truth.weight for truth in truths) for cells, truths in weights.items()}
        cells = max(total, key=lambda cells: total[cells])
        best = max(weights[cells], key=lambda truth: truth.weight)
        return Explanation(best.changes, best.weight / sum(total.values()), "perfect")

    def _run(self, record: int, typed: Ints, visible: NDArray[np.bool_]) -> Explanation:
        """Of the copied cells those that are more likely wrong than right."""
        run = np.arange(len(CELLS))[self.copied[record]]
        shown = np.setdiff1d(np.arange(len(CELLS)), run)
        drawn, found = self._drawn(record), {}
        for cell in run[visible[run]].tolist():
            tied = [place for place in shown.tolist() if any({CELLS[cell], CELLS[place]} <= group for group in TIED)]
            possible = drawn[(drawn[:, tied] == typed[tied]).all(axis=1), cell]
            values, counts = np.unique(possible, return_counts=True)
            if (possible == typed[cell]).mean() < 0.5:
                found[cell] = int(values[counts.argmax()])
        return Explanation(tuple(found.items()), 1.0, "perfect")

    def _drawn(self, record: int) -> Ints:
        """(DRAWN, cells): months as they may have followed the last one."""
        generator = Generator(DRAWN, np.random.default_rng(record))
        generator.levels = np.repeat(self.years.levels[:, [record]], DRAWN, axis=1)
        last = {code: np.full(DRAWN, self.years.last[record, place]) for place, code in enumerate(CELLS)}
        generator.losing = last["E03"] < 0
        return matrix(generator.following(last, self.years.january))

    def _truths(self, record: int, row: Ints, visible: list[int], digits: bool) -> Iterator[Truth]:
        found = [*self._single(record, row, visible)]
        found += [] if digits else [*self._pairs(record, row, visible)]
        rows = np.concatenate(found)
        likely = self._log_month(record, rows)
        possible = likely > IMPOSSIBLE
        highest = likely.max()
        for true, log in zip(rows[possible], likely[possible], strict=True):
            changed = np.flatnonzero(true != row).tolist()
            chance = self._chance(record, row, true, changed, digits)
            if chance:
                yield Truth(tuple((cell, int(true[cell])) for cell in changed), chance * np.exp(log - highest))

    def _chance(self, record: int, row: Ints, true: Ints, changed: list[int], digits: bool) -> float:
        """P(``row`` | ``true``), as a multiple of P(a kind is drawn)."""
        each = [digit_chance(int(row[cell]), int(true[cell])) / len(CELLS) for cell in changed]
        if len(changed) > 1:
            return float(2 * np.prod(each))
        if digits:
            return each[0]
        [cell] = changed
        below = int(self.years.true[(record + 1) % len(self.years.true), cell])
        money = cell in MONEY and len(CELLS) / len(MONEY)
        one = slip_chance(int(row[cell]), int(true[cell]), int(self.years.last[record, cell]), below, money)
        return one / len(CELLS) + 2 * SAME_DIGIT * each[0]

    def _log_month(self, record: int, rows: Ints) -> NDArray[np.float64]:
        last = np.broadcast_to(self.years.last[record], rows.shape)
        levels = np.broadcast_to(self.years.levels[:, [record]], (len(TOTALS), len(rows)))
        return log_month(rows, last, levels, self.years.january)

    def _single(self, record: int, row: Ints, visible: list[int]) -> Iterator[Ints]:
        """Rows that keep every rule, with one cell changed."""
        for cell in visible:
            low, high = self._bounds(cell, row[None], record)
            values = self._values(record, cell, row, low[0], high[0])
            yield _replaced(row, cell, values[values != row[cell]])

    def _pairs(self, record: int, row: Ints, visible: list[int]) -> Iterator[Ints]:
        """Rows that keep every rule, with a digit changed in each of two cells."""
        broken = self.system.rules.coefficients[self._violated(row[None], record)[0]] != 0
        for first, second in combinations(visible, 2):
            if (broken[:, first] | broken[:, second]).all():
                rows = _replaced(row, first, self._possible(record, first, _digits(int(row[first]))))
                low, high = self._bounds(second, rows, record)
                values = self._possible(record, second, _digits(int(row[second])))
                which, value = np.nonzero((values >= low[:, None]) & (values <= high[:, None]))
                both = rows[which]
                both[:, second] = values[value]
                yield both

    def _bounds(self, cell: int, rows: Ints, record: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Lowest and highest value with which every rule holds; none where there is no such value."""
        constants = np.broadcast_to(self.constants[record], (len(rows), self.constants.shape[1]))
        healed = ~self.system.freed(frozenset({cell})).violated(rows, constants).any(axis=1)
        low, high = self.system.bounds(cell, frozenset({cell}), rows, constants)
        return low, np.where(healed, high, -np.inf)

    def _violated(self, rows: Ints, record: int) -> NDArray[np.bool_]:
        return self.system.violated(rows, self.constants[[record]])

    def _values(self, record: int, cell: int, row: Ints, low: float, high: float) -> Ints:
        if low == high:
            return np.array([low], dtype=np.int64)
        last = int(self.years.last[record, cell])
        asked = [np.arange(last - NEAR, last + NEAR + 1), np.arange(SMALL + 1)]
        if CELLS[cell] in TOTALS:
            asked = [np.arange(*self._reach(record, cell))]
        values = np.unique(np.concatenate(asked))
        return values[(values >= low) & (values <= high)]

    def _possible(self, record: int, cell: int, values: Ints) -> Ints:
        if CELLS[cell] not in TOTALS:
            return values
        least, beyond = self._reach(record, cell)
        return values[(values >= least) & (values < beyond)]

    def _reach(self, record: int, cell: int) -> tuple[int, int]:
        """The least running total that the generator may have drawn, and the first that it may not."""
        last, level = int(self.years.last[record, cell]), self.years.levels[TOTALS.index(CELLS[cell]), record]
        sign, base = -1 if last < 0 else 1, 0 if self.years.january else last
        ends = base + sign * np.array([np.floor(LOWEST * level), np.ceil(HIGHEST * level)]).astype(np.int64)
        return int(ends.min()), int(ends.max()) + 1


def _replaced(row: Ints, cell: int, values: Ints) -> Ints:
    rows = np.repeat(row[None], len(values), axis=0)
    rows[:, cell] = values
    return rows


def _digits(typed: int) -> Ints:
    """The numbers from which one changed digit leads to ``typed``."""
    size, power = abs(typed), 10 ** np.arange(DIGITS, dtype=np.int64)[:, None]
    values = size + (np.arange(10) - size // power % 10) * power
    return np.unique(values[values != size]) * (-1 if typed < 0 else 1)
