"""A run of cells that was copied from a neighbouring row, or from last month, is one slip."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from expectations.calibration import Correction
from expectations.catalogue import load_catalogue
from expectations.findings.model import UnitTree
from expectations.history import History, Inputs
from expectations.localise.copied import copied
from expectations.localise.explain import explain
from expectations.localise.habits import Habits, Past
from expectations.localise.records import Sheet
from expectations.localise.suggestion import Suggestion, restricted, suggest
from expectations.localise.values import Batch
from tests.expectations.localise.forms import no_constants, system_of, team
from tests.expectations.localise.test_explain import steady
from tests.expectations.support import COMMUNITIES, FEBRUARY, MARCH, UNITS, clean_month

TEAM = team()
LAST = [8, 5, 3, 2, 3, 3, 2]
NEIGHBOUR = [11, 9, 2, 4, 6, 1, 5]
FLOWS = system_of("P Q R S T", ("=", {"P": 1, "Q": 1, "R": 1, "S": 1, "T": -1}))


def readings(typed: list[int], last: list[float], row: list[float], system=TEAM):
    batch = Batch(
        np.array([typed]), Past.month(np.array([last], float)), no_constants(system, 1), np.zeros((1, len(typed)), bool)
    )
    habits = steady(len(typed))
    found = copied(system, habits, batch, np.array([[row]], float))
    copies = [(one.record, (one.score, one.changes, "copied", COMMUNITIES[1])) for one in found]
    [explanations] = explain(system, habits, batch, (), copies=copies)
    return explanations


def test_a_run_of_the_neighbours_figures_is_one_slip_with_last_months_values_where_they_fit():
    first = readings([8, *NEIGHBOUR[1:5], 3, 2], LAST, NEIGHBOUR)[0]
    assert (first.kind, first.origin) == ("copied", COMMUNITIES[1])
    assert dict(first.changes) == {1: 5, 2: 3, 3: 2, 4: 3}


def test_what_neither_the_rules_nor_last_month_tell_is_to_be_typed_again():
    first = readings([950, 1420, 377, 60, 720], [310, 95, 130, 60, 580], [950, 1420, 377, 12, 44], FLOWS)[0]
    assert first.kind == "copied"
    assert {cell for cell, _ in first.changes} == {0, 1, 2}


def test_a_cell_of_the_run_that_a_balance_leaves_open_is_deduced():
    system = system_of("P Q R S T U", ("=", {"P": 1, "Q": 1, "R": 1, "S": 1, "T": -1}))
    last, row = [310, 95, 130, 60, 595, 44], [20, 12, 9, 60, 377, 1420]
    first = readings([330, 95, 130, 60, 377, 1420], last, row, system)[0]
    assert dict(first.changes) == {4: 615, 5: None}


def test_a_row_that_keeps_every_rule_or_has_blank_cells_is_not_suspected():
    row, last = [[40, 52, 63, 950, 1105]], np.array([[7.0, 3, 12, 500, 522]])
    for typed, blank in ((row, False), ([[40, 52, 63, 950, 0]], True)):
        holes = np.array([[False] * 4 + [blank]])
        batch = Batch(np.array(typed), Past.month(last), no_constants(FLOWS, 1), holes)
        assert list(copied(FLOWS, steady(5), batch, np.array([row], float))) == []


@pytest.mark.parametrize("row", [[8, 0, 0, 0, 3, 3, 2], [8, 5, 3, 2, 1, 1, 1]])
def test_zeros_and_figures_that_did_not_move_are_no_evidence(row: list[float]):
    typed = [8, *(int(value) for value in row[1:4]), 9, 3, 2]
    assert {e.kind for e in readings(typed, LAST, row)} == {"cells"}


def month_with(changes: dict[str, Any]) -> Sheet:
    """March, in which the second community sent ``changes`` and the first one, in the row above, has them too."""
    march, february = clean_month(), clean_month(FEBRUARY)
    march.communities[COMMUNITIES[1]] |= changes
    inputs = Inputs(MARCH, march.tables(), History({FEBRUARY: february.tables()}), UNITS)
    return Sheet.read(inputs, load_catalogue(None), "community")


def test_last_months_figures_typed_again_are_one_slip_of_nobodys_row():
    last = [950.0, 1420.0, 377.0, 60.0, 2807.0]
    habits = Habits.assumed(5, steady(5).level, unchanged=0.001, fresh=0.05)
    batch = Batch(
        np.array([[950, 1420, 377, 71, 2990]]),
        Past.month(np.array([last])),
        no_constants(FLOWS, 1),
        np.zeros((1, 5), bool),
    )
    found = max(copied(FLOWS, habits, batch, batch.past.last[:, None]), key=lambda one: one.score)
    assert found.changes == ((0, None), (1, None), (2, None))


def test_small_equal_flows_beside_a_slip_are_no_evidence():
    first = month_with({"D03": 990}).mandatory_readings()[COMMUNITIES[1]][0]
    assert first.kind == "cells"


def test_the_rows_above_and_below_are_those_of_the_sub_districts_sheet():
    frame = month_with({}).frame
    assert frame.beside(np.arange(6)).tolist() == [[-1, 1], [0, 2], [1, -1], [-1, 4], [3, 5], [4, -1]]


def said(typed: list[int], last: list[float], row: list[float], own: frozenset[int]) -> Suggestion:
    found = restricted(readings(typed, last, row), own)
    suggestion = suggest(found, TEAM.cells, UnitTree(UNITS, MARCH), Correction())
    assert suggestion is not None
    return suggestion


def test_the_sentence_names_the_neighbour_and_the_values():
    suggestion = said([8, *NEIGHBOUR[1:5], 3, 2], LAST, NEIGHBOUR, frozenset(range(7)))
    assert suggestion.sentence.startswith("疑似照抄相邻一行（丑社区）：B02其中男应为5、B03其中女应为3、")


def test_the_sentence_asks_to_type_again_what_nobody_knows_and_no_value_is_suggested():
    unknown = [float("nan")] * 7
    suggestion = said([80, 910, 223, 442, 63, 3, 2], unknown, [11, 910, 223, 442, 63, 1, 5], frozenset({1, 2}))
    assert suggestion.sentence == "疑似照抄相邻一行（丑社区）：请按本社区实际重填B02其中男、B03其中女"
    assert suggestion.values is None
    assert [change.number for change in suggestion.readings[0].changes] == [None, None]
