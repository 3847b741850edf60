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


@dataclass(frozen=True)
class Habits:
    """Per cell (cells,): share unchanged, centre and scale of the log change, centre and scale of the level."""

    unchanged: Floats
    centre: Floats
    scale: Floats
    level: Floats
    level_scale: Floats

    @classmethod
    def learn(cls, cells: Ints, previous: Floats) -> Habits:
        """cells, previous: (records, cells) of records without a violation; previous is nan where unknown."""
        known = ~np.isnan(previous)
        same = (cells == previous) & known
        moved = np.where(known & ~same, signed_log(cells.astype(float)) - signed_log(previous), np.nan)
        unchanged = (same.sum(0) + 1) / (known.sum(0) + 2)
        centre, scale = _laplace(moved)
        level, level_scale = _laplace(signed_log(cells.astype(float)))
        return cls(unchanged, centre, scale, level, np.maximum(level_scale, 0.3))

    def log_probability(self, value: Ints, previous: Floats, cell: int) -> Floats:
        """log P(true value | last month) of one cell, per whole number; arrays of one shape."""
        size = signed_log(value.astype(float))
        known = ~np.isnan(previous)
        centre = np.where(known, signed_log(np.nan_to_num(previous)) + self.centre[cell], self.level[cell])
        scale = np.where(known, self.scale[cell], self.level_scale[cell])
        # a heavy tail: one value in twenty comes from a Laplace ten times as wide
        near = 0.95 * np.exp(-np.abs(size - centre) / scale) / (2 * scale)
        far = 0.05 * np.exp(-np.abs(size - centre) / (10 * scale)) / (20 * scale)
        moved = (near + far) / (np.abs(value) + 1)
        stays = np.where(known, self.unchanged[cell], 0.0)
        return np.log(stays * (value == previous) + (1 - stays) * moved + 1e-300)


def _laplace(values: Floats) -> tuple[Floats, Floats]:
    count = np.sum(~np.isnan(values), axis=0)
    filled = np.where(count == 0, 0.0, values)
    centre = np.where(count == 0, 0.0, np.nanmedian(filled, axis=0))
    spread = np.nanmean(np.abs(filled - centre), axis=0)
    return centre, np.maximum(np.where(count < 5, 0.1, spread), LEAST_SCALE)


def previous_of(table: Floats, records: NDArray[np.intp], cell: int) -> Floats:
    return table[records, cell]
