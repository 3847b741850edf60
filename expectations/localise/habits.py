"""What last month says about a figure: unchanged with some probability, else a Laplace on the logarithm of the change.

Learned per item from the records that keep every rule; where a record has no last month, the item's spread over all
units of the month stands in.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from expectations.localise.channel import Floats, Ints, signed_log

LEAST_SCALE = 0.005  # of the logarithm: half a percent, so that one odd month is not impossible

# Most items are stocks: it takes the changes of some twenty communities to believe that one is a flow.
USUAL_FRESH, DRAWS_TO_DOUBT = 0.02, 20

ROUNDS = 10  # of expectation and maximisation: a share of two parts settles fast


@dataclass(frozen=True)
class Habits:
    """Per cell (cells,): share unchanged, share of the others that owe nothing to last month (most flows), centre and
    scale of the log change, centre and scale of the level.
    """

    unchanged: Floats
    fresh: Floats
    centre: Floats
    scale: Floats
    level: Floats
    level_scale: Floats

    @classmethod
    def learn(cls, cells: Ints, previous: Floats) -> Habits:
        """cells, previous: (records, cells) of records without a violation; previous is nan where unknown."""
        known = ~np.isnan(previous)
        moved = known & (cells != previous)
        unchanged = (known.sum(axis=0) - moved.sum(axis=0) + 1) / (known.sum(axis=0) + 2)
        now, last = signed_log(cells.astype(float)), signed_log(previous)
        centre, scale = np.array([_laplace(now[m, c] - last[m, c]) for c, m in enumerate(moved.T)]).T
        level, level_scale = np.array([_laplace(column) for column in now.T]).T
        level_scale = np.maximum(level_scale, 0.3)
        cell, record = np.nonzero(moved.T)
        from_level = _density(now[record, cell] - level[cell], level_scale[cell])
        from_last = _density(now[record, cell] - last[record, cell] - centre[cell], scale[cell])
        ends = np.cumsum(moved.sum(axis=0))[:-1]
        fresh = [_share(*parts) for parts in zip(np.split(from_level, ends), np.split(from_last, ends), strict=True)]
        return cls(unchanged, np.array(fresh), centre, scale, level, level_scale)

    def log_probability(self, value: Ints, previous: Floats, cell: int | NDArray[np.intp]) -> Floats:
        """log P(true value | last month) of one cell (records,) or of several (records, cells), per whole number."""
        size = signed_log(value.astype(float))
        known = ~np.isnan(previous)
        change = size - signed_log(np.where(known, previous, 0.0))
        fresh = np.where(known, self.fresh[cell], 1.0)
        moved = fresh * _density(size - self.level[cell], self.level_scale[cell])
        moved += (1 - fresh) * _density(change - self.centre[cell], self.scale[cell])
        stays = np.where(known, self.unchanged[cell], 0.0)
        return np.log(stays * (value == previous) + (1 - stays) * moved / (np.abs(value) + 1) + 1e-300)


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
