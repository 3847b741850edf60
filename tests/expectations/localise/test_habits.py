"""Habits: how an item usually moves is learned from few communities without believing the odd one among them."""

from __future__ import annotations

import numpy as np
import pytest

from expectations.localise.habits import Habits, Past


def population(wrong: int) -> tuple[np.ndarray, np.ndarray]:
    """Twenty communities whose figure moved by a per mille or two; the last one typed ``wrong``."""
    last = np.arange(2000.0, 2020.0)[:, None]
    now = (last + np.arange(20)[:, None] % 5 - 2).astype(np.int64)
    now[-1, 0] = wrong
    return now, last


def learned(now: np.ndarray, last: np.ndarray) -> Habits:
    return Habits.learn(now, Past.month(last))


@pytest.mark.parametrize("wrong", [2019, 20_190, 201_900])
def test_one_wrong_value_among_twenty_does_not_widen_what_is_believed(wrong: int):
    habits = learned(*population(wrong))
    tenfold, usual = habits.log_probability(np.array([20_190, 2020]), Past.month(np.array([2019.0, 2019.0])), 0)
    assert usual - tenfold > 10


def test_a_flow_is_learned_to_owe_nothing_to_last_month():
    draw = np.random.default_rng(1)
    last, now = draw.integers(100, 200, (60, 1)).astype(float), draw.integers(100, 200, (60, 1))
    assert learned(now, last).fresh[0] > 3 * learned(*population(2019)).fresh[0]


def test_small_flows_are_counted_one_by_one():
    draw = np.random.default_rng(2)
    last, now = draw.integers(0, 4, (4000, 1)).astype(float), draw.integers(0, 4, (4000, 1))
    likely = np.exp(learned(now, last).log_probability(np.arange(5), Past.month(np.full(5, 2.0)), 0))
    assert likely[:4] == pytest.approx([0.25] * 4, abs=0.08)
    assert likely[4] < 0.02


def test_small_steps_of_a_large_stock_are_counted_one_by_one():
    draw = np.random.default_rng(3)
    last = draw.integers(40, 150, (4000, 1)).astype(float)
    now = (last + draw.integers(-1, 2, last.shape)).astype(np.int64)
    likely = np.exp(learned(now, last).log_probability(np.array([79, 80, 81, 83]), Past.month(np.full(4, 80.0)), 0))
    assert likely[:3] == pytest.approx([1 / 3] * 3, abs=0.08)
    assert likely[3] < 0.001


def test_few_communities_do_not_rule_out_a_number_that_none_of_them_has():
    last = np.zeros((6, 1))
    now = np.array([[1], [2], [1], [2], [1], [2]])
    three, twenty = learned(now, last).log_probability(np.array([3, 20]), Past.month(np.zeros(2)), 0)
    assert -6 < three < 0
    assert twenty < three - 3


def test_a_flow_that_is_often_nothing_is_believed_to_be_0_and_never_just_above_it():
    draw = np.random.default_rng(4)
    last, now = (draw.integers(50, 300, (3000, 1)) * (draw.random((3000, 1)) < 0.8) for _ in range(2))
    nothing, few = np.exp(
        learned(now, last.astype(float)).log_probability(np.array([0, 3]), Past.month(np.full(2, 90.0)), 0)
    )
    assert nothing == pytest.approx(0.2, abs=0.05)
    assert few < 0.001


def test_a_value_near_what_was_expected_is_likelier_than_one_near_last_month():
    draw = np.random.default_rng(5)
    last = draw.integers(1000, 5000, (500, 1)).astype(float)
    past = Past(last, last * 1.5)
    now = (past.expected * np.exp(draw.normal(0, 0.02, last.shape))).astype(np.int64)
    habits = Habits.learn(now, past)
    near, far = habits.log_probability(np.array([3010, 2040]), Past(np.full(2, 2000.0), np.full(2, 3000.0)), 0)
    assert near > far + 5


def test_the_usual_values_of_an_item_are_those_that_were_seen_most():
    draw = np.random.default_rng(6)
    last = draw.integers(400, 1500, (4000, 1)).astype(float)
    now = (last + draw.integers(0, 4, last.shape)).astype(np.int64)
    usual = learned(now, last).usual(np.array([800.0]), np.array([0]))
    assert {801.0, 802.0, 803.0} <= set(usual[0].tolist())
    assert 810.0 not in usual
