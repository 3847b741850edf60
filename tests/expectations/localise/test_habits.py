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


def test_small_flows_are_counted_one_by_one():
    draw = np.random.default_rng(2)
    last, now = draw.integers(0, 4, (4000, 1)).astype(float), draw.integers(0, 4, (4000, 1))
    likely = np.exp(Habits.learn(now, last).log_probability(np.arange(5), np.full(5, 2.0), 0))
    assert likely[:4] == pytest.approx([0.25] * 4, abs=0.08)
    assert likely[4] < 0.02


def test_small_steps_of_a_large_stock_are_counted_one_by_one():
    draw = np.random.default_rng(3)
    last = draw.integers(40, 150, (4000, 1)).astype(float)
    now = (last + draw.integers(-1, 2, last.shape)).astype(np.int64)
    likely = np.exp(Habits.learn(now, last).log_probability(np.array([79, 80, 81, 83]), np.full(4, 80.0), 0))
    assert likely[:3] == pytest.approx([1 / 3] * 3, abs=0.08)
    assert likely[3] < 0.001


def test_few_communities_do_not_rule_out_a_number_that_none_of_them_has():
    last = np.zeros((6, 1))
    now = np.array([[1], [2], [1], [2], [1], [2]])
    three, twenty = Habits.learn(now, last).log_probability(np.array([3, 20]), np.zeros(2), 0)
    assert -6 < three < 0
    assert twenty < three - 3
