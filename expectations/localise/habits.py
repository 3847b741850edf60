"""What last month says about a figure: unchanged with some probability, else a Laplace on the logarithm of the change.

Learned per item from the records that keep every rule; where a record has no last month, the item's spread over all
units of the month stands in.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

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
        moved = known & (cells != previous)
        unchanged = (known.sum(axis=0) - moved.sum(axis=0) + 1) / (known.sum(axis=0) + 2)
        changes = [_laplace(_log_change(cells[m, c], previous[m, c])) for c, m in enumerate(moved.T)]
        levels = [_laplace(signed_log(column.astype(float))) for column in cells.T]
        (centre, scale), (level, level_scale) = np.array(changes).T, np.array(levels).T
        return cls(unchanged, centre, scale, level, np.maximum(level_scale, 0.3))

    def log_probability(self, value: Ints, previous: Floats, cell: int | list[int]) -> Floats:
        """log P(true value | last month) of one cell (records,) or of several (records, cells), per whole number."""
        size = signed_log(value.astype(float))
        known = ~np.isnan(previous)
        centre = np.where(known, signed_log(np.where(known, previous, 0.0)) + self.centre[cell], self.level[cell])
        scale = np.where(known, self.scale[cell], self.level_scale[cell])
        # a heavy tail: one value in twenty comes from a Laplace ten times as wide
        near = 0.95 * np.exp(-np.abs(size - centre) / scale) / (2 * scale)
        far = 0.05 * np.exp(-np.abs(size - centre) / (10 * scale)) / (20 * scale)
        moved = (near + far) / (np.abs(value) + 1)
        stays = np.where(known, self.unchanged[cell], 0.0)
        return np.log(stays * (value == previous) + (1 - stays) * moved + 1e-300)


def _log_change(cells: Ints, previous: Floats) -> Floats:
    return signed_log(cells.astype(float)) - signed_log(previous)


def _laplace(values: Floats) -> tuple[float, float]:
    """Centre and scale; (values,) may be empty."""
    if not len(values):
        return 0.0, 0.1
    centre = float(np.median(values))
    spread = float(np.abs(values - centre).mean()) if len(values) >= 5 else 0.1
    return centre, max(spread, LEAST_SCALE)
