"""What earlier months say about a figure: unchanged with some probability, else a curve over the logarithm of the
distance from what was expected.

Learned per item from the records that keep every rule: how widely and in what shape changes and levels lie, and how
often each small one was seen, where counting foretells better than the curve. Where a record has no last month, the
item's spread over all units of the month stands in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from expectations.localise.channel import Floats, Ints, signed_log

USUAL_SCALE = 0.1  # of the logarithm of a change, where too few were seen
LEAST_SCALE = 0.005  # half a percent, so that one odd month is not impossible
LEAST_LEVEL_SCALE = 0.3

# Most items are stocks: it takes the changes of some twenty communities to believe that one is a flow.
USUAL_FRESH, DRAWS_TO_DOUBT = 0.02, 20

SMALL = 20  # levels and changes up to it are counted one by one: 3 after 2 is no matter of logarithms
WORTH_COUNTING = 0.1  # of the logarithm: a tenth likelier; steps that grow with the stock gain less than half of that
KINDS = 2 * SMALL + 1
MOST_COMMON, RARE = 8, 0.02  # numbers worth trying as a value; one rarer than that hardly changes who is named

# The deviation of the normal with the median distance of a Laplace of scale 1, and its height beside that one's.
BELL_SCALE = 1.0276
BELL_HEIGHT = (2 / np.pi) ** 0.5 / BELL_SCALE
SHAPED_BY = 1_000  # draws tell one shape from the other

ROUNDS = 10  # of expectation and maximisation: a share of two parts settles fast

Cell = int | NDArray[np.intp]


@dataclass(frozen=True)
class Past:
    """What earlier months say of figures, arrays of one shape: the value of last month and the one that was expected;
    nan where there was no last month.
    """

    last: Floats
    expected: Floats

    @classmethod
    def month(cls, last: Floats) -> Past:
        """Where nothing but last month is known, its value is expected."""
        return cls(last, last)

    def __getitem__(self, which: Any) -> Past:
        return Past(self.last[which], self.expected[which])


@dataclass(frozen=True)
class Curve:
    """Where differences of logarithms lie, per cell (cells,): centre, scale, and whether they are shaped like a bell (a
    normal) or pointed (a Laplace). In either case one in twenty comes from a Laplace ten times as wide.
    """

    centre: Floats
    scale: Floats
    bell: NDArray[np.bool_]

    @classmethod
    def of(cls, draws: Iterable[Floats], least: float) -> Curve:
        """The likelier shape for the draws of each cell; the scale is at ``least`` that."""
        found = [(draw, *_spread(draw, least)) for draw in draws]
        centre, scale = (np.array([part[place] for part in found]) for place in (1, 2))
        return cls(centre, scale, np.array([_is_bell(*one) for one in found]))

    def density(self, value: Floats, cell: Cell) -> Floats:
        return _density(value - self.centre[cell], self.scale[cell], self.bell[cell])


@dataclass(frozen=True)
class Frequencies:
    """How often each small number was seen among all: shares (cells, numbers from −SMALL to SMALL), and the trust
    (cells,) in them: steps of a stock that grows with its size are not alike everywhere.
    """

    shares: Floats
    trust: Floats

    @classmethod
    def of(cls, numbers: Ints, cell: NDArray[np.intp], usual: Floats, width: int) -> Frequencies:
        """From what was seen: numbers, their cells (ascending) and what was expected of them (draws,)."""
        inside = np.abs(numbers) <= SMALL
        place = cell * KINDS + np.where(inside, numbers, 0) + SMALL
        counts = np.bincount(place[inside], minlength=width * KINDS)
        total = np.bincount(cell, minlength=width)
        others = np.where(inside, counts[place] - 1, 0) / np.maximum(total[cell] - 1, 1)  # a draw is no proof of itself
        pairs = zip(_by_cell(others, cell, width), _by_cell(usual, cell, width), strict=True)
        shares = counts.reshape(width, KINDS) / np.maximum(total, 1)[:, None]
        return cls(shares, np.array([_trust(*pair) for pair in pairs]))

    @cached_property
    def commonest(self) -> Ints:
        """(cells, MOST_COMMON): the numbers that were seen most often; 0 beside them."""
        order = np.argsort(-self.shares, axis=1, kind="stable")[:, :MOST_COMMON]
        return np.where(np.take_along_axis(self.shares, order, axis=1) > RARE, order - SMALL, 0)

    def blend(self, usual: Floats, number: Ints | Floats, cell: Cell) -> Floats:
        """Probabilities of whole numbers, where a smooth curve expects ``usual``."""
        inside = np.abs(number) <= SMALL
        place = np.where(inside, number, 0).astype(np.intp) + SMALL
        trust = self.trust[cell]
        return np.asarray((1 - trust) * usual + trust * np.where(inside, self.shares[cell, place], 0.0))


@dataclass(frozen=True)
class Habits:
    """Per cell (cells,): share unchanged, share of the others that owe nothing to last month (most flows), and of these
    the share of zeros; how levels other than 0 and steps from what was expected lie, in logarithms, and how often small
    ones were seen.
    """

    unchanged: Floats
    fresh: Floats
    zero: Floats
    level: Curve
    step: Curve
    levels: Frequencies
    steps: Frequencies

    @classmethod
    def learn(cls, cells: Ints, past: Past) -> Habits:
        """cells, past: (records, cells) of records without a violation."""
        known = ~np.isnan(past.last)
        moved = known & (cells != past.last)
        now, expected = signed_log(cells.astype(float)), signed_log(past.expected)
        habits = replace(
            cls.assumed(cells.shape[1], Curve.of((figures[figures != 0] for figures in now.T), LEAST_LEVEL_SCALE)),
            zero=(np.sum(cells == 0, axis=0) + 1) / (len(cells) + 2),
            unchanged=(known.sum(axis=0) - moved.sum(axis=0) + 1) / (known.sum(axis=0) + 2),
            step=Curve.of((now[m, c] - expected[m, c] for c, m in enumerate(moved.T)), LEAST_SCALE),
        )
        cell, record = np.nonzero(moved.T)
        return habits._counting(cells[record, cell], past[record, cell], cell)

    def _counting(self, value: Ints, past: Past, cell: NDArray[np.intp]) -> Habits:
        """The same, with what the values that moved say of small numbers and of flows; cell (draws,) ascends."""
        width = len(self.unchanged)
        from_level, from_past = self._moved(value, past, cell)
        counted = replace(
            self,
            levels=Frequencies.of(value, cell, from_level, width),
            steps=Frequencies.of((value - past.last).astype(np.int64), cell, from_past, width),
        )
        parts = (_by_cell(part, cell, width) for part in counted._moved(value, past, cell))
        return replace(counted, fresh=np.array([_share(*pair) for pair in zip(*parts, strict=True)]))

    @classmethod
    def assumed(cls, width: int, level: Curve, unchanged: float = 0.5, fresh: float = 1.0) -> Habits:
        """The same for each of ``width`` cells but their ``level``, where there is nothing to learn from."""
        nothing = Frequencies(np.zeros((width, KINDS)), np.zeros(width))
        step = Curve(np.zeros(width), np.full(width, USUAL_SCALE), np.zeros(width, dtype=bool))
        return cls(np.full(width, unchanged), np.full(width, fresh), np.zeros(width), level, step, nothing, nothing)

    def log_probability(self, value: Ints, past: Past, cell: Cell) -> Floats:
        """log P(true value | past) of one cell (records,) or of several (records, cells), per whole number."""
        known = ~np.isnan(past.last)
        seen = Past(np.where(known, past.last, 0.0), np.where(known, past.expected, 0.0))
        from_level, from_past = self._moved(value, seen, cell)
        fresh = np.where(known, self.fresh[cell], 1.0)
        stays = np.where(known, self.unchanged[cell], 0.0)
        moved = fresh * from_level + (1 - fresh) * from_past
        return np.log(np.where(value == past.last, stays, (1 - stays) * moved) + 1e-300)

    def usual(self, last: Floats, cell: NDArray[np.intp]) -> Floats:
        """(records, n): values that are common for the item, and after last month's; nan where that is unknown."""
        return np.concatenate([last[:, None] + self.steps.commonest[cell], self.levels.commonest[cell]], axis=1)

    def _moved(self, value: Ints, past: Past, cell: Cell) -> tuple[Floats, Floats]:
        """P(value | it changed), owing nothing to the past, and by its distance from it."""
        size, numbers = signed_log(value.astype(float)), np.abs(value) + 1
        zero = self.zero[cell]
        from_level = np.where(value == 0, zero, (1 - zero) * self.level.density(size, cell) / numbers)
        from_past = self.step.density(size - signed_log(past.expected), cell) / numbers
        return self.levels.blend(from_level, value, cell), self.steps.blend(from_past, value - past.last, cell)


def _by_cell(draws: Floats, cell: NDArray[np.intp], width: int) -> list[Floats]:
    """Draws of each cell; ``cell`` (draws,) ascends."""
    return np.split(draws, np.searchsorted(cell, np.arange(1, width)))


def _density(distance: Floats, scale: Floats | float, bell: NDArray[np.bool_] | bool) -> Floats:
    far = np.abs(distance) / scale
    near = np.exp(-np.where(bell, (far / BELL_SCALE) ** 2 / 2, far)) * np.where(bell, BELL_HEIGHT, 1.0)
    return np.asarray((0.95 * near + 0.005 * np.exp(-far / 10)) / (2 * scale))


def _is_bell(draws: Floats, centre: float, scale: float) -> bool:
    some = draws[:: len(draws) // SHAPED_BY + 1] - centre
    bell, pointed = (np.log(_density(some, scale, shape)).sum() for shape in (True, False))
    return bool(bell > pointed)


def _share(first: Floats, second: Floats) -> float:
    """The share of a mixture's first part, from both parts' densities of what was drawn; few draws say little."""
    share = 0.5
    for _ in range(ROUNDS):
        likely = share * first / (share * first + (1 - share) * second)
        share = (float(likely.sum()) + USUAL_FRESH * DRAWS_TO_DOUBT) / (len(first) + DRAWS_TO_DOUBT)
    return share


def _trust(counted: Floats, usual: Floats) -> float:
    """The share of ``counted`` in a mixture with ``usual``; none where it hardly foretells better what was drawn."""
    share = _share(counted, usual)
    gain = np.log((1 - share) * usual + share * counted) - np.log(usual)
    return share if float(gain.sum()) > WORTH_COUNTING * len(gain) else 0.0


def _spread(values: Floats, least: float) -> tuple[float, float]:
    """Centre and scale; (values,) may be empty.

    The median tells the scale (that of a Laplace is median ÷ ln 2): one wrong value among twenty communities, which
    breaks no rule and so is learned from, would make the mean believe in such changes.
    """
    if not len(values):
        return 0.0, USUAL_SCALE
    centre = float(np.median(values))
    spread = float(np.median(np.abs(values - centre)) / np.log(2)) if len(values) >= 5 else USUAL_SCALE
    return centre, max(spread, least)
