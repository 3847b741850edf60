"""The marts of 2024-03 give back the report's printed figures wherever these are consistent with each other."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.end_to_end.support import query

A, B, COUNTY = "990101001000", "990101002000", "990101000000"
MARCH = "month = date '2024-03-01'"

PLANNED = {A: [1, 0, 4, 4, 1, 0], B: [0, 1, 4, 4, 0, 1]}  # by star level 0 … 5
MET_CRITERIA = {
    "branch_honoured": (2, 2),
    "industry_surplus": (4, 7),
    "livability_toilets": (10, 10),
    "peace_three_zero": (10, 9),
    "civility_medical": (10, 10),
    "civility_pension": (10, 10),
}
HEADCOUNTS = {
    ("team", "sex"): {"male": (57, 54, 111), "female": (22, 26, 48)},
    ("team", "age_band"): {"under_35": (17, 25, 42), "35_to_49": (28, 30, 58), "50_and_over": (34, 25, 59)},
    ("team", "education"): {"college_and_above": (21, 19, 40), "below_college": (58, 61, 119)},
    ("secretary", "sex"): {"male": (9, 9, 18), "female": (1, 1, 2)},
    ("secretary", "age_band"): {
        "under_35": (0, 1, 1), "35_to_49": (4, 3, 7), "50_to_59": (5, 5, 10), "60_and_over": (1, 1, 2),
    },
}  # fmt: skip


@pytest.mark.parametrize("subdistrict", [A, B])
def test_star_summary_shows_the_planned_levels_of_the_report(demo_root: Path, subdistrict: str):
    sql = f"""select star_level, communities_planned, communities_met from marts.star_summary
              where {MARCH} and subdistrict_code = '{subdistrict}' order by 1"""
    rows = query(demo_root, sql)
    assert [level for level, _, _ in rows] == [0, 1, 2, 3, 4, 5]
    assert [planned for _, planned, _ in rows] == PLANNED[subdistrict]
    assert sum(met for _, _, met in rows) == 10


@pytest.mark.parametrize("criterion", MET_CRITERIA)
def test_as_many_communities_meet_a_criterion_as_the_report_prints(demo_root: Path, criterion: str):
    sql = f"""select subdistrict_code, count(*) filter (where status = 'met') from marts.star_indicators
              where {MARCH} and criterion_code = '{criterion}' group by 1"""
    met = dict(query(demo_root, sql))
    assert (met[A], met[B]) == MET_CRITERIA[criterion]


@pytest.mark.parametrize(("group", "dimension"), HEADCOUNTS)
def test_cadre_structure_gives_the_printed_headcounts(demo_root: Path, group: str, dimension: str):
    sql = f"""select band, org_code, headcount from marts.cadre_structure
              where {MARCH} and cadre_group = '{group}' and dimension = '{dimension}' and org_level <> 'community'"""
    found = {(band, org): headcount for band, org, headcount in query(demo_root, sql)}
    expected = HEADCOUNTS[(group, dimension)]
    assert found == {
        (band, org): n for band, counts in expected.items() for org, n in zip((A, B, COUNTY), counts, strict=True)
    }


def test_cadre_summary_gives_the_printed_totals_and_means(demo_root: Path):
    sql = f"""select cadre_group, org_code, headcount, round(mean_age) from marts.cadre_summary
              where {MARCH} and org_level = 'subdistrict'"""
    found = {(group, org): (headcount, age) for group, org, headcount, age in query(demo_root, sql)}
    assert found[("team", A)] == (79, 49)
    assert found[("team", B)] == (80, 48)
    assert found[("secretary", A)] == (10, 52)
    assert found[("secretary", B)] == (10, 55)
    assert found[("member", A)][0] == 1096
    assert found[("member", B)][0] == 765


def test_thirty_point_one_percent_of_all_members_went_to_college(demo_root: Path):
    sql = f"""select headcount, share from marts.cadre_structure where {MARCH} and org_level = 'county'
              and cadre_group = 'member' and band = 'college_and_above'"""
    [(headcount, share)] = query(demo_root, sql)
    assert headcount == 561
    assert round(Decimal(str(share)) * 100, 1) == Decimal("30.1")


def test_no_secretary_stands_alone_in_a_community_row(demo_root: Path):
    sql = "select count(*) from marts.cadre_structure where org_level = 'community' and cadre_group = 'secretary'"
    assert query(demo_root, sql) == [(0,)]
