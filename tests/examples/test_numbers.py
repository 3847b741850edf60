"""The helpers that share totals out and walk back from them."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examples.synthetic.numbers import draw, largest, split, spread, walk_back

weights = st.lists(st.floats(0.1, 100), min_size=1, max_size=12)


@given(st.integers(0, 50_000), weights)
def test_parts_add_up_and_stay_within_one_of_their_share(total: int, weights: list[float]):
    parts = split(total, weights)
    assert sum(parts) == total
    assert all(abs(part - total * weight / sum(weights)) < 1.001 for part, weight in zip(parts, weights, strict=True))


@given(st.integers(0, 200), st.integers(1, 12), st.integers())
def test_a_spread_adds_up_and_differs_by_one_at_most(total: int, parts: int, seed: int):
    numbers = spread(total, parts, Random(seed))
    assert sum(numbers) == total
    assert max(numbers) - min(numbers) <= 1


def test_the_largest_sizes_get_one_each():
    assert largest(2, [5, 9, 7, 1]) == [0, 1, 1, 0]


def test_a_walk_back_ends_in_the_last_value():
    assert walk_back(10, [1, 0, -2]) == [11, 9, 9, 10]


def test_a_draw_is_repeated_until_it_holds():
    numbers = iter([1, 3, 4, 5])
    assert draw(lambda: next(numbers), lambda number: number % 2 == 0) == 4


def test_a_target_that_cannot_be_met_is_an_error_and_no_endless_loop():
    with pytest.raises(ValueError, match="no draw of 1000"):
        draw(lambda: 1, lambda number: number > 1)
