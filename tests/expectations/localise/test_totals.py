"""The 合计 row against its parts: who is to blame, in a made-up month of 400 communities with known slips."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from benchmarks.editing.form import Ints
from benchmarks.editing.province import CELLS, PER_SUBDISTRICT, Years, codes, month_under_test
from expectations.catalogue import load_catalogue
from expectations.localise.beliefs import Beliefs
from expectations.localise.records import Sheet
from expectations.localise.totals import Blame, Question, blame
from expectations.localise.verification import Verification

COUNT = 400
ADDED, COLLEGE_DUE, WRONG_TOTAL, SHORT, SWAPPED, UNCLEAR = range(6)  # the sub-districts, by what happened to them


@dataclass
class Town:
    """What was typed, and what the clerks' totals say: by sub-district and item."""

    years: Years
    typed: Ints
    totals: dict[tuple[int, str], int]

    def cell(self, subdistrict: int, row: int, item: str) -> tuple[int, int]:
        return subdistrict * PER_SUBDISTRICT + row, CELLS.index(item)

    def sum(self, subdistrict: int, item: str, rows: slice = slice(None)) -> int:
        of_item = self.typed[subdistrict * PER_SUBDISTRICT :, CELLS.index(item)][:PER_SUBDISTRICT]
        return int(of_item[rows].sum())


def tampered() -> Town:
    years = Years.drawn(COUNT, month_under_test(7), np.random.default_rng(7))
    town = Town(years, years.true.copy(), {})
    for subdistrict, row, item, typed in (
        (ADDED, 3, "W02", lambda value: value + 2),
        (COLLEGE_DUE, 4, "P02", lambda value: value + 9_000),
        (UNCLEAR, 5, "D09", lambda value: 9 - value // 2),
    ):
        town.totals[subdistrict, item] = town.sum(subdistrict, item)
        place = town.cell(subdistrict, row, item)
        town.typed[place] = typed(town.typed[place])
    town.totals[WRONG_TOTAL, "H01"] = town.sum(WRONG_TOTAL, "H01") * 10
    for item in ("P02", "V01", "H01"):
        town.totals[SHORT, item] = town.sum(SHORT, item, slice(None, -1))
    for item in ("V01", "W03"):
        town.totals[SWAPPED, item] = town.sum(SWAPPED, item)
    one, other = town.cell(SWAPPED, 6, "V01"), town.cell(SWAPPED, 6, "W03")
    town.typed[one], town.typed[other] = town.typed[other], town.typed[one]
    return town


@pytest.fixture(scope="module")
def blamed() -> dict[tuple[int, str], list[Blame]]:
    town = tampered()
    month = town.years.inputs(town.typed)
    catalogue = load_catalogue(None)
    sheet = Sheet.read(month, catalogue, "community")
    verification = Verification.read(month, catalogue, Beliefs.of(sheet), "community")
    subdistricts = codes(COUNT)[1][::PER_SUBDISTRICT]
    questions = [Question(item, subdistricts[place], total) for (place, item), total in town.totals.items()]
    return dict(zip(town.totals, blame(verification, questions, {}), strict=True))


def community(subdistrict: int, row: int) -> str:
    return codes(COUNT)[0][subdistrict * PER_SUBDISTRICT + row]


def test_a_rule_that_asks_for_an_explanation_tells_which_community_added_too_many(blamed):
    first = blamed[ADDED, "W02"][0]  # W01 = W01[-1] + W02 is broken in its row, and holds with the figure as meant
    assert (first.unit, first.typed - first.value) == (community(ADDED, 3), 2)
    assert first.probability > 0.95


def test_a_figure_that_left_its_last_month_is_blamed_with_near_certainty(blamed):
    first = blamed[COLLEGE_DUE, "P02"][0]
    assert (first.unit, first.typed - first.value) == (community(COLLEGE_DUE, 4), 9_000)
    assert first.probability > 0.99


def test_a_total_ten_times_too_large_is_itself_to_blame(blamed):
    first = blamed[WRONG_TOTAL, "H01"][0]
    assert (first.unit, first.typed) == (None, 10 * first.value)
    assert first.probability > 0.99


@pytest.mark.parametrize("item", ["P02", "V01", "H01"])
def test_totals_that_all_leave_out_the_last_row_share_one_cause(blamed, item: str):
    first = blamed[SHORT, item][0]
    assert first.unit is None
    assert first.probability > 0.99


@pytest.mark.parametrize("item", ["V01", "W03"])
def test_two_cells_of_a_row_filled_in_each_other_s_place_are_found_by_both_totals(blamed, item: str):
    first = blamed[SWAPPED, item][0]
    assert first.unit == community(SWAPPED, 6)
    assert first.probability > 0.99


def test_a_flow_that_any_community_may_have_had_is_not_pinned_on_one_of_them(blamed):
    reasons = blamed[UNCLEAR, "D09"]
    assert reasons[0].probability < 0.9
    assert community(UNCLEAR, 5) in [reason.unit for reason in reasons[:4]]


def test_every_part_and_the_total_are_weighed_once_and_the_shares_are_a_whole(blamed):
    for reasons in blamed.values():
        assert len({reason.unit for reason in reasons}) == PER_SUBDISTRICT + 1
        assert sum(reason.probability for reason in reasons) == pytest.approx(1)
        assert [r.probability for r in reasons] == sorted((r.probability for r in reasons), reverse=True)
