"""Habits: how an item usually moves is learned from few communities without believing the odd one among them."""

from __future__ import annotations

import numpy as np
import pytest

from expectations.localise.habits import Habits


def population(wrong: int) -> tuple[np.ndarray, np.ndarray]:
    """Twenty communities whose figure moved by a per mille or two; the last one typed ``wrong``."""
    last = np.arange(2000.0, 2020.0)[:, None]
    now = (last + np.arange(20)[:, None] % 5 - 2).astype(np.int64)
    now[-1, 0] = wrong
    return now, last


@pytest.mark.parametrize("wrong", [2019, 20_190, 201_900])
def test_one_wrong_value_among_twenty_does_not_widen_what_is_believed(wrong: int):
    habits = Habits.learn(*population(wrong))
    tenfold, usual = habits.log_probability(np.array([20_190, 2020]), np.array([2019.0, 2019.0]), 0)
    assert usual - tenfold > 10


def test_a_flow_is_learned_to_owe_nothing_to_last_month():
    draw = np.random.default_rng(1)
    last, now = draw.integers(100, 200, (60, 1)).astype(float), draw.integers(100, 200, (60, 1))
    assert Habits.learn(now, last).fresh[0] > 3 * Habits.learn(*population(2019)).fresh[0]
