"""The yardstick knows what the generator draws: no true month is impossible, no slip is likelier than it is made."""

from __future__ import annotations

from collections import Counter
from datetime import date

import numpy as np
import pytest

from benchmarks.editing.perfect import IMPOSSIBLE, log_month, slip_chance
from benchmarks.editing.province import CELLS, Years
from benchmarks.editing.rollups import ONE_CELL
from benchmarks.editing.slips import KINDS, Slips

DRAWS = 40_000


@pytest.mark.parametrize("month", [date(2025, 1, 1), date(2025, 8, 1)])
def test_every_true_month_is_possible_and_one_with_a_figure_out_of_its_range_is_not(month: date):
    years = Years.drawn(300, month, np.random.default_rng(1))
    past = years.last, years.levels, years.january
    assert (log_month(years.true, *past) > IMPOSSIBLE).all()
    wrong = years.true.copy()
    wrong[:, CELLS.index("D09")] = 11  # it is drawn from 4 to 10
    assert (log_month(wrong, *past) <= IMPOSSIBLE).all()


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
