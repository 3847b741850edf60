"""Explanations: the right cells and values first, with a probability that deserves its name."""

from __future__ import annotations

import numpy as np
import pytest

from expectations.localise.explain import Explanation, explain, likeliest_cells_first
from expectations.localise.habits import Curve, Habits, Past
from expectations.localise.operations import operations
from expectations.localise.undo import grouped
from expectations.localise.values import Batch
from tests.expectations.localise.forms import no_constants, system_of, team

TEAM = team()
TRUE = np.array([8, 5, 3, 2, 3, 3, 2])


def steady(width: int) -> Habits:
    """A history in which nine figures in ten stay as they were."""
    level = Curve(np.full(width, 2.0), np.ones(width), np.zeros(width, dtype=bool))
    return Habits.assumed(width, level, unchanged=0.9, fresh=0.05)


def explained(typed: list[int], previous: list[float], system=TEAM, run: tuple[int, ...] = tuple(range(7)), money=()):
    batch = Batch(
        np.array([typed]),
        Past.month(np.array([previous], dtype=float)),
        no_constants(system, 1),
        np.zeros((1, len(typed)), bool),
    )
    [explanations] = explain(
        system, steady(len(typed)), batch, grouped(operations(len(typed), [run] if run else [], money))
    )
    return explanations


def changes(explanation: Explanation, system=TEAM) -> dict[str, int]:
    return {system.cells[cell]: value for cell, value in explanation.changes}


@pytest.mark.parametrize("cell", range(7))
def test_last_month_tells_which_cell_is_wrong_and_what_it_was(cell: int):
    typed = TRUE.copy()
    typed[cell] += 60
    first = explained(typed.tolist(), TRUE.tolist())[0]
    assert changes(first) == {TEAM.cells[cell]: TRUE[cell]}
    assert first.probability > 0.9


def test_without_last_month_the_two_parts_of_a_sum_share_the_blame():
    explanations = explained([8, 7, 3, 2, 3, 3, 2], [np.nan] * 7)
    single = {tuple(changes(e)): e.probability for e in explanations if len(e.changes) == 1}
    assert set(single) == {("B02",), ("B03",)}
    assert max(single.values()) < 0.9


def test_swapped_neighbours_are_undone_as_one_slip():
    typed = TRUE.copy()
    typed[[2, 3]] = typed[[3, 2]]
    first = explained(typed.tolist(), TRUE.tolist())[0]
    assert first.kind == "swap"
    assert changes(first) == {"B03": 3, "B04": 2}


def test_a_run_typed_one_column_to_the_right_is_undone_as_one_slip():
    true = [8, 6, 2, 1, 4, 3, 5]
    typed = [8, 8, 6, 2, 1, 4, 5]
    first = explained(typed, [float(value) for value in true])[0]
    assert first.kind == "shift"
    assert changes(first) == {"B02": 6, "B03": 2, "B04": 1, "B05": 4, "B06": 3}


MONEY = system_of("E01 E02 E04 E06", ("=", {"E01": 1, "E02": 1, "E04": -1, "E06": -1}))


def test_part_of_a_money_block_in_yuan_is_undone_as_one_slip():
    true = np.array([1792, 2460, 67, 4185])
    typed = true.copy()
    typed[[0, 1]] *= 10_000
    first = explained(typed.tolist(), (true * 0.7).tolist(), MONEY, run=(), money=(0, 1, 2, 3))[0]
    assert first.kind == "unit"
    assert changes(first, MONEY) == {"E01": 1792, "E02": 2460}


def test_a_blank_cell_gets_the_value_that_the_rules_leave_it():
    batch = Batch(
        np.array([[8, 0, 3, 2, 3, 3, 2]]), Past.month(np.full((1, 7), np.nan)), no_constants(TEAM, 1),
        np.array([[False, True, False, False, False, False, False]]),
    )  # fmt: skip
    [explanations] = explain(TEAM, steady(7), batch, ())
    assert changes(explanations[0]) == {"B02": 5}


def test_probabilities_of_a_record_add_up_to_one():
    total = sum(e.probability for e in explained([8, 7, 3, 2, 3, 3, 2], [np.nan] * 7))
    assert total == pytest.approx(1)


def test_the_cell_is_asked_before_its_value():
    weight = {((0, 5),): 0.2, ((0, 6),): 0.2, ((0, 7),): 0.2, ((1, 3),): 0.3, ((1, 3), (2, 4)): 0.1}
    assert likeliest_cells_first(weight) == [((0, 5),), ((0, 6),), ((0, 7),), ((1, 3),), ((1, 3), (2, 4))]


def test_a_digit_left_out_is_no_run_that_moved_off_its_place():
    """A run that moved by one cell leaves its first figure as it was; another one there is a slip of its own."""
    flows = system_of("P Q R S T", ("=", {"P": 1, "Q": 1, "R": 1, "S": 1, "T": -1}))
    habits = Habits.assumed(5, steady(5).level, unchanged=0.001, fresh=0.05)
    batch = Batch(
        np.array([[100, 60, 62, 63, 85]]),
        Past.month(np.array([[98.0, 61.0, 60.0, 64.0, 283.0]])),
        no_constants(flows, 1),
        np.zeros((1, 5), bool),
    )
    [found] = explain(flows, habits, batch, grouped(operations(5, [tuple(range(5))], ())))
    assert changes(found[0], flows) == {"T": 285}
    assert sum(e.probability for e in found if e.kind == "shift") < 0.05
