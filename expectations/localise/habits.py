"""What last month says about a figure: unchanged with some probability, else a Laplace on the logarithm of the change.

Learned per item from the records that keep every rule; where a record has no last month, the item's spread over all
units of the month stands in.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from expectations.localise.channel import Floats, Ints, signed_log

LEAST_SCALE = 0.005  # of the logarithm: half a percent, so that one odd month is not impossible

# Most items are stocks: it takes the changes of some twenty communities to believe that one is a flow.
USUAL_FRESH, DRAWS_TO_DOUBT = 0.02, 20

SMALL = 20  # levels and changes up to it are counted one by one: 3 after 2 is no matter of logarithms
WORTH_COUNTING = 0.1  # of the logarithm: a tenth likelier; steps that grow with the stock gain less than half of that
KINDS = 2 * SMALL + 1

ROUNDS = 10  # of expectation and maximisation: a share of two parts settles fast


Cell = int | NDArray[np.intp]


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
        ends = np.cumsum(total)[:-1]
        pairs = zip(np.split(others, ends), np.split(usual, ends), strict=True)
        shares = counts.reshape(width, KINDS) / np.maximum(total, 1)[:, None]
        return cls(shares, np.array([_trust(*pair) for pair in pairs]))

    def blend(self, usual: Floats, number: Floats, cell: Cell) -> Floats:
        """Probabilities of whole numbers, where a smooth curve expects ``usual``."""
        inside = np.abs(number) <= SMALL
        place = np.where(inside, number, 0).astype(np.intp) + SMALL
        trust = self.trust[cell]
        return np.asarray((1 - trust) * usual + trust * np.where(inside, self.shares[cell, place], 0.0))


@dataclass(frozen=True)
class Habits:
    """Per cell (cells,): share unchanged, share of the others that owe nothing to last month (most flows), centre and
    scale of the log change, centre and scale of the level; how often small levels and small changes were seen.
    """

    unchanged: Floats
    fresh: Floats
    centre: Floats
    scale: Floats
    level: Floats
    level_scale: Floats
    levels: Frequencies
    changes: Frequencies

    @classmethod
    def learn(cls, cells: Ints, previous: Floats) -> Habits:
        """cells, previous: (records, cells) of records without a violation; previous is nan where unknown."""
        width, known = cells.shape[1], ~np.isnan(previous)
        moved = known & (cells != previous)
        unchanged = (known.sum(axis=0) - moved.sum(axis=0) + 1) / (known.sum(axis=0) + 2)
        now, last = signed_log(cells.astype(float)), signed_log(previous)
        centre, scale = np.array([_laplace(now[m, c] - last[m, c]) for c, m in enumerate(moved.T)]).T
        level, level_scale = np.array([_laplace(column) for column in now.T]).T
        smooth = cls.assumed(width, 0.0, 0.0, 0.0, 0.0, 0.0)
        smooth = replace(
            smooth,
            unchanged=unchanged,
            centre=centre,
            scale=scale,
            level=level,
            level_scale=np.maximum(level_scale, 0.3),
        )
        cell, record = np.nonzero(moved.T)
        value, before = cells[record, cell], previous[record, cell]
        from_level, from_last = smooth._moved(value, before, cell)
        counted = replace(
            smooth,
            levels=Frequencies.of(value, cell, from_level, width),
            changes=Frequencies.of((value - before).astype(np.int64), cell, from_last, width),
        )
        ends = np.cumsum(moved.sum(axis=0))[:-1]
        parts = (np.split(part, ends) for part in counted._moved(value, before, cell))
        return replace(counted, fresh=np.array([_share(*pair) for pair in zip(*parts, strict=True)]))

    @classmethod
    def assumed(
        cls, width: int, unchanged: float, fresh: float, scale: float, level: float, level_scale: float
    ) -> Habits:
        """The same for each of ``width`` cells, where there is nothing to learn from."""
        nothing = Frequencies(np.zeros((width, KINDS)), np.zeros(width))
        same = (np.full(width, value) for value in (unchanged, fresh, 0.0, scale, level, level_scale))
        return cls(*same, nothing, nothing)

    def log_probability(self, value: Ints, previous: Floats, cell: Cell) -> Floats:
        """log P(true value | last month) of one cell (records,) or of several (records, cells), per whole number."""
        known = ~np.isnan(previous)
        from_level, from_last = self._moved(value, np.where(known, previous, 0.0), cell)
        fresh = np.where(known, self.fresh[cell], 1.0)
        stays = np.where(known, self.unchanged[cell], 0.0)
        moved = fresh * from_level + (1 - fresh) * from_last
        return np.log(np.where(value == previous, stays, (1 - stays) * moved) + 1e-300)

    def _moved(self, value: Ints, previous: Floats, cell: Cell) -> tuple[Floats, Floats]:
        """P(value | it changed), owing nothing to last month, and as a step from it."""
        size, numbers = signed_log(value.astype(float)), np.abs(value) + 1
        from_level = _density(size - self.level[cell], self.level_scale[cell]) / numbers
        step = size - signed_log(previous) - self.centre[cell]
        from_last = _density(step, self.scale[cell]) / numbers
        return self.levels.blend(from_level, value, cell), self.changes.blend(from_last, value - previous, cell)


def _density(distance: Floats, scale: Floats) -> Floats:
    """A Laplace with a heavy tail: one value in twenty comes from one ten times as wide."""
    far = np.abs(distance) / scale
    return (0.95 * np.exp(-far) + 0.005 * np.exp(-far / 10)) / (2 * scale)


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


def _laplace(values: Floats) -> tuple[float, float]:
    """Centre and scale; (values,) may be empty.

    The median tells the scale (that of a Laplace is median ÷ ln 2): one wrong value among twenty communities, which
    breaks no rule and so is learned from, would make the mean believe in such changes.
    """
    if not len(values):
        return 0.0, 0.1
    centre = float(np.median(values))
    spread = float(np.median(np.abs(values - centre)) / np.log(2)) if len(values) >= 5 else 0.1
    return centre, max(spread, LEAST_SCALE)
