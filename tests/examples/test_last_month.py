"""The last month adds up to what the source report prints, wherever the report agrees with itself."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest

A, B = "990101001000", "990101002000"

SUMS = {
    "P01": (7969, None), "P03": (28905, None), "P04": (107, None),
    "D01": (20, 18), "D02": (3, None), "D03": (1096, 765),
    "B01": (79, 80), "B02": (57, 54), "B03": (22, 26), "B07": (21, 19),
    "B04": (17, 25), "B05": (28, 30), "B06": (34, 25),
}  # fmt: skip
SUMMARY = {
    "S01": (10, 10), "S02": (9, 9), "S03": (1, 1), "S04": (0, 1), "S05": (4, 3), "S06": (5, 5), "S07": (1, 1),
    "G01": (10, 10),
}  # fmt: skip
MEANS = {"B08": (49, 48), "S08": (52, 55)}
TEAM_AGE_SHARES = {A: (22, 35, 43), B: (31, 38, 31)}
COUNTS = {
    "surplus of 20 万元": (lambda r: r["E06"] >= 20, 4, 7),
    "toilets 80 %": (lambda r: r["W01"] * 100 >= 80 * r["P01"], 10, 10),
    "three zeros": (lambda r: r["F04"] == "是", 10, 9),
    "both insurances 95 %": (lambda r: min(r["H02"] / r["H01"], r["H04"] / r["H03"]) * 100 >= 95, 10, 10),
    "honoured": (lambda r: r["R01"] >= 1, 2, 2),
}
PLANNED = {A: {4: 1, 3: 4, 2: 4, 0: 1}, B: {5: 1, 3: 4, 2: 4, 1: 1}}


def whole(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1), ROUND_HALF_UP)


@pytest.mark.parametrize("item", SUMS)
def test_the_communities_add_up_to_the_printed_figure(last_month, item):
    for code, printed in zip((A, B), SUMS[item], strict=True):
        assert printed is None or sum(last_month[code].column(item)) == printed


@pytest.mark.parametrize("item", SUMMARY)
def test_the_summary_sheet_has_the_printed_count(last_month, item):
    assert tuple(last_month[code].summary[item] for code in (A, B)) == SUMMARY[item]


@pytest.mark.parametrize("item", MEANS)
def test_a_mean_age_rounds_to_the_printed_one(last_month, item):
    assert tuple(whole(last_month[code].summary[item]) for code in (A, B)) == MEANS[item]


@pytest.mark.parametrize("criterion", COUNTS)
def test_as_many_communities_reach_the_line_as_printed(last_month, criterion):
    reaches, *printed = COUNTS[criterion]
    assert [sum(map(reaches, last_month[code].communities.values())) for code in (A, B)] == printed


@pytest.mark.parametrize("code", [A, B])
def test_the_shares_of_the_age_bands_round_to_the_printed_ones(last_month, code):
    book = last_month[code]
    shares = [whole(sum(book.column(item)) * 100 / sum(book.column("B01"))) for item in ("B04", "B05", "B06")]
    assert tuple(shares) == TEAM_AGE_SHARES[code]


@pytest.mark.parametrize("code", [A, B])
def test_as_many_communities_plan_a_level_as_printed(last_month, code):
    levels = last_month[code].column("X01")
    assert {level: levels.count(level) for level in set(levels)} == PLANNED[code]


def test_the_second_population_prints_as_nineteen_thousand(last_month):
    assert 18_500 <= sum(last_month[B].column("P03")) < 19_500


def test_members_of_both_have_the_printed_schooling_and_age(last_month):
    members, educated = (sum(sum(last_month[code].column(item)) for code in (A, B)) for item in ("D03", "D04"))
    assert (members, educated) == (1861, 561)
    assert (educated * 100 / members).quantize(Decimal("0.1")) == Decimal("30.1")
    years = sum(sum(last_month[code].column("D03")) * last_month[code].summary["D05"] for code in (A, B))
    assert whole(years / members) == 48


def test_secretaries_of_both_have_the_printed_tenure_and_schooling(last_month):
    together = {item: sum(last_month[code].summary[item] for code in (A, B)) for item in ("S10", "S11", "S12", "S09")}
    assert together == {"S10": 4, "S11": 5, "S12": 11, "S09": 9}
    assert last_month[A].summary["S12"] == 5
    assert last_month[A].summary["S09"] == 4


def test_the_first_subdistrict_has_the_printed_kinds_of_villages(last_month):
    kinds = last_month[A].column("P05")
    assert (kinds.count("城中村"), kinds.count("城郊村")) == (4, 6)
