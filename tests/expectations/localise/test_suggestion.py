"""What readers are told where the likeliest value is not likely enough to be named."""

from __future__ import annotations

from expectations.calibration import Correction
from expectations.findings.model import UnitTree
from expectations.localise.explain import Explanation
from expectations.localise.suggestion import Suggestion, suggest
from tests.expectations.support import MARCH, UNITS


def said(*readings: tuple[int, int, float]) -> Suggestion:
    """Of readings of one cell each: (cell, value, probability)."""
    found = [Explanation(((cell, value),), probability, "cells") for cell, value, probability in readings]
    suggestion = suggest(found, ("W01", "P01"), UnitTree(UNITS, MARCH), Correction())
    assert suggestion
    assert suggestion.values is None
    return suggestion


def test_a_cell_that_is_likely_wrong_is_called_so_though_its_value_is_open():
    open_value = said((0, 278, 0.35), (0, 279, 0.3), (0, 277, 0.3), (1, 300, 0.05))
    assert open_value.items == ("W01",)
    assert open_value.sentence == "疑似误填，请核对W01卫生户厕户数"


def test_where_either_of_two_cells_may_be_wrong_the_evidence_does_not_suffice():
    undecided = said((0, 278, 0.45), (1, 300, 0.45), (0, 277, 0.1))
    assert undecided.items == ("W01", "P01")
    assert undecided.sentence == "依据不足，请核对W01卫生户厕户数、P01户数"
