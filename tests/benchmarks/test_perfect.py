"""The yardstick knows what the generator draws: no true month is impossible, no slip is likelier than it is made."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from benchmarks.editing.form import Generator
from benchmarks.editing.perfect import IMPOSSIBLE, log_month, slip_chance
from benchmarks.editing.province import CELLS, matrix
from benchmarks.editing.rollups import ONE_CELL
from benchmarks.editing.slips import KINDS, Slips

DRAWS = 40_000


def test_every_true_month_is_possible_and_one_with_a_figure_out_of_its_range_is_not():
    last, true = (matrix(month) for month in Generator(300, np.random.default_rng(1)).months())
    assert (log_month(true, last) > IMPOSSIBLE).all()
    wrong = true.copy()
    wrong[:, CELLS.index("D09")] = 9  # it is drawn from 4 to 8
    assert (log_month(wrong, last) <= IMPOSSIBLE).all()


@pytest.mark.parametrize(("true", "last", "below"), [(57, 55, 61), (8, 8, 3), (1204, 1300, 999)])
def test_a_slip_is_as_probable_as_it_is_often_made(true: int, last: int, below: int):
    draw = np.random.default_rng(2)
    rows, before = np.array([[true], [below]]), np.array([[last], [below]])
    slips = Slips(rows, before, [], [0], draw)
    made: Counter[int] = Counter()
    for kind in draw.choice(ONE_CELL, DRAWS):
        row = rows[0].copy()
        KINDS[str(kind)](slips, row, 0)
        made[int(row[0])] += 1
    for typed, count in made.most_common(12):
        if typed != true:
            expected = slip_chance(typed, true, last, below, money=1.0) / len(ONE_CELL)
            assert count / DRAWS == pytest.approx(expected, abs=0.004)
