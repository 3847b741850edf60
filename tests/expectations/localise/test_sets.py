"""Error sets: irreducible, complete, and of the size that a general solver finds."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.localise.sets import minimal_sets
from tests.expectations.localise.forms import no_constants, system_of, team
from tests.expectations.localise.oracle import fewest_changes


def named(system, healed, record: int) -> set[frozenset[str]]:
    return {frozenset(system.cells[cell] for cell in node) for node, records in healed.items() if record in records}


def test_a_record_that_keeps_every_rule_is_healed_by_the_empty_set():
    system = team()
    healed = minimal_sets(system, np.array([[8, 5, 3, 2, 3, 3, 2]]), no_constants(system, 1))
    assert named(system, healed, 0) == {frozenset()}


def test_a_part_of_one_partition_is_told_from_the_whole_by_the_other_partition():
    system = team()
    healed = minimal_sets(system, np.array([[8, 7, 3, 2, 3, 3, 2]]), no_constants(system, 1))
    assert named(system, healed, 0) == {frozenset({"B02"}), frozenset({"B03"})}


def test_a_wrong_whole_is_the_only_single_cell_that_heals_both_partitions():
    system = team()
    healed = minimal_sets(system, np.array([[80, 5, 3, 2, 3, 3, 2]]), no_constants(system, 1))
    assert named(system, healed, 0) == {frozenset({"B01"})}


def test_a_blank_cell_is_free_from_the_start():
    system = team()
    blank = np.array([[False, True, False, False, False, False, False]])
    healed = minimal_sets(system, np.array([[8, 0, 3, 2, 3, 3, 2]]), no_constants(system, 1), blank)
    assert named(system, healed, 0) == {frozenset({"B02"})}


def test_a_cell_can_be_blank_in_one_record_and_wrong_in_another():
    system = team()
    cells = np.array([[8, 0, 3, 2, 3, 3, 2], [8, 7, 3, 2, 3, 3, 2]])
    blank = np.zeros(cells.shape, dtype=bool)
    blank[0, 1] = True
    healed = minimal_sets(system, cells, no_constants(system, 2), blank)
    assert named(system, healed, 0) == {frozenset({"B02"})}
    assert named(system, healed, 1) == {frozenset({"B02"}), frozenset({"B03"})}


def test_a_record_that_needs_more_cells_than_allowed_is_in_no_set():
    system = team()
    cells = np.array([[-1, -1, -1, -1, -1, -1, -1]])
    assert minimal_sets(system, cells, no_constants(system, 1), most=2) == {}


FORMS = st.sampled_from(
    [
        team(),
        system_of("a b c d", ("=", {"a": 1, "b": 1, "c": -1}), (">=", {"c": 1, "d": -1}), (">=", {"d": 2, "a": -1})),
        system_of(
            "a b c d e f", ("=", {"a": 1, "b": 1, "c": -1}), ("=", {"c": 1, "d": 1, "e": -1}), (">=", {"e": 1, "f": -1})
        ),
    ]
)


@settings(max_examples=1000, deadline=None)
@given(FORMS, st.lists(st.integers(-5, 60), min_size=7, max_size=7))
def test_the_smallest_sets_are_as_small_as_the_general_solver_says(system, values):
    cells = np.array([values[: len(system.cells)]], dtype=np.int64)
    constants = no_constants(system, 1)
    healed = minimal_sets(system, cells, constants, most=len(system.cells))
    assert min(len(node) for node in healed) == fewest_changes(system, cells[0], constants[0], reach=400)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=7, max_size=7))
def test_all_sets_of_the_smallest_size_are_found(values):
    system, cells = team(), np.array([values], dtype=np.int64)
    constants = no_constants(system, 1)
    found = set(minimal_sets(system, cells, constants, most=7))
    size = min(len(node) for node in found)
    heals = {
        frozenset(chosen)
        for chosen in combinations(range(7), size)
        if not system.freed(frozenset(chosen)).violated(cells, constants).any()
    }
    assert found == heals
