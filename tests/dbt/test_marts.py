from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from tests.dbt.raw_files import COUNTY, RawFiles, community, subdistrict
from tests.dbt.warehouse import query, records

A, B = subdistrict(1), subdistrict(2)
MARCH = "month = date '2024-03-01'"


def test_the_latest_version_counts_and_a_submission_without_receipt_does_not(county: RawFiles):
    sql = f"select community_code, team_male, households from marts.community_month where {MARCH} order by 1"
    assert query(county.root, sql)[0] == (community(1, 1), 6, 800)
    assert [row[0] for row in query(county.root, sql)] == [
        community(1, 1), community(1, 2), community(1, 3), community(2, 1), community(2, 2)
    ]  # fmt: skip


def test_a_subdistrict_has_the_sums_of_its_communities_and_its_own_items(county: RawFiles):
    sql = f"""select subdistrict_code, team_members, operating_surplus, team_mean_age, communities_reported,
              incomplete_items from marts.subdistrict_month where {MARCH} order by 1"""
    assert query(county.root, sql) == [
        (A, 24, Decimal("63.00"), Decimal("48.00"), 3, None),
        (B, 16, Decimal("42.00"), Decimal("42.00"), 2, "H02"),
    ]


def test_a_star_stands_or_falls_by_its_criteria(county: RawFiles):
    sql = f"""select community_code, branch_star, industry_star, livability_star, peace_star, civility_star, stars_met,
              stars_unknown, stars_planned, gap from marts.star_ratings where {MARCH} order by 1"""
    met, missed, unknown = "met", "not_met", "unknown"
    assert query(county.root, sql) == [
        (community(1, 1), met, met, missed, met, met, 4, 0, 5, 1),
        (community(1, 2), met, met, met, met, met, 5, 0, 4, -1),
        (community(1, 3), met, met, met, met, met, 5, 0, 5, 0),
        (community(2, 1), met, unknown, met, met, met, 4, 1, 5, 1),
        (community(2, 2), missed, met, met, met, unknown, 3, 1, 5, 2),
        (community(2, 3), unknown, unknown, unknown, unknown, unknown, 0, 5, None, None),
    ]


@pytest.mark.parametrize(
    ("place", "criterion", "expected"),
    [
        (community(1, 1), "livability_toilets", (Decimal("79.8750"), Decimal("-0.1250"), "not_met", None)),
        (community(1, 2), "livability_toilets", (Decimal("80.0000"), Decimal("0.0000"), "met", None)),
        (community(2, 1), "industry_surplus", (Decimal(21), Decimal(1), "unknown", "告警 surplus_disputed")),
        (community(2, 2), "civility_medical", (None, None, "unknown", "缺 H02")),
        (community(2, 3), "civility_medical", (None, None, "unknown", "缺 H02、H01")),
    ],
)
def test_an_indicator_shows_its_margin_or_why_it_is_unknown(county: RawFiles, place: str, criterion: str, expected):
    sql = f"""select value, margin, status, reason from marts.star_indicators
              where {MARCH} and community_code = '{place}' and criterion_code = '{criterion}'"""
    assert query(county.root, sql) == [expected]


def test_a_month_without_any_report_of_a_subdistrict_judges_none_of_its_communities(county: RawFiles):
    sql = "select distinct subdistrict_code from marts.star_ratings where month = date '2024-02-01'"
    assert query(county.root, sql) == [(A,)]


def test_the_summary_has_six_levels_for_each_subdistrict(county: RawFiles):
    sql = f"""select subdistrict_code, list(communities_planned order by star_level),
              list(communities_met order by star_level) from marts.star_summary where {MARCH} group by 1 order by 1"""
    assert query(county.root, sql) == [(A, [0, 0, 0, 0, 1, 2], [0, 0, 0, 0, 1, 2]), (B, [0, 0, 0, 0, 0, 2],
                                       [1, 0, 0, 1, 1, 0])]  # fmt: skip


def test_the_county_has_the_sum_of_headcounts_and_the_weighted_mean_age(county: RawFiles):
    sql = f"""select org_code, headcount, mean_age, share_female from marts.cadre_summary
              where {MARCH} and cadre_group = 'team' and org_level <> 'community' order by 1"""
    assert query(county.root, sql) == [
        (COUNTY, 40, Decimal("45.60"), Decimal("0.250000")),
        (A, 24, Decimal("48.00"), Decimal("0.250000")),
        (B, 16, Decimal("42.00"), Decimal("0.250000")),
    ]


def test_every_dimension_of_a_complete_group_adds_up_to_its_headcount(county: RawFiles):
    sql = """select org_code, cadre_group, dimension from marts.cadre_structure
             group by month, org_code, cadre_group, dimension having sum(headcount) <> max(group_headcount)"""
    assert query(county.root, sql) == []
    sql = "select count(distinct (cadre_group, dimension)) from marts.cadre_structure where org_level = 'county'"
    assert query(county.root, sql) == [(8,)]


def test_secretaries_are_never_shown_by_community(county: RawFiles):
    for mart in ("cadre_structure", "cadre_summary"):
        sql = f"select distinct org_level from marts.{mart} where cadre_group = 'secretary' order by 1"
        assert query(county.root, sql) == [("county",), ("subdistrict",)]


def test_who_has_not_sent_stands_in_the_status_too(county: RawFiles):
    sql = """select month, subdistrict_code, form, status, due_on, version, on_time from marts.submission_status
             order by form, month, subdistrict_code"""
    january, february, march = date(2024, 1, 1), date(2024, 2, 1), date(2024, 3, 1)
    report, due = "monthly_report", [date(2024, 2, 5), date(2024, 3, 5), date(2024, 4, 5)]
    assert query(county.root, sql) == [
        (january, A, report, "received", due[0], 1, True),
        (january, B, report, "received", due[0], 1, True),
        (february, A, report, "received", due[1], 1, True),
        (february, B, report, "missing", due[1], None, False),
        (march, A, report, "corrected", due[2], 2, True),
        (march, B, report, "partial", due[2], 1, True),
        (march, COUNTY, "profile", "received", None, 1, None),
    ]


def test_completeness_counts_content_and_missing_communities(county: RawFiles):
    sql = "select items_filled, items_asked, completeness from marts.submission_status where status = 'partial'"
    assert query(county.root, sql) == [(104, 150, Decimal("0.693333"))]


def test_an_alert_lives_from_its_first_to_its_last_evaluation(county: RawFiles):
    sql = """select alert_id, status, first_seen_at at time zone 'UTC', last_seen_at at time zone 'UTC', star_impact
             from marts.quality_alerts order by 1"""
    first, second = datetime(2024, 4, 6, 1), datetime(2024, 4, 9, 1)
    assert query(county.root, sql) == [
        ("surplus_disputed", "open", second, second, "产业兴旺：按上报值达标，按建议值不达标，按其余可能达标"),
        ("team_by_sex", "closed", first, first, None),
    ]


def test_a_suggestion_that_turns_a_star_shows_both_readings_and_its_alternatives(county: RawFiles):
    sql = """select rank, criterion_code, value_reported, value_suggested, status_reported, status_suggested,
             star_reported, star_suggested from marts.star_readings order by 1"""
    assert query(county.root, sql) == [
        (1, "industry_surplus", Decimal(21), Decimal(19), "met", "not_met", "met", "not_met"),
        (2, "industry_surplus", Decimal(21), Decimal(20), "met", "met", "met", "met"),
    ]


def test_an_alert_is_ordered_by_severity_and_by_confidence_times_its_effect(county: RawFiles):
    sql = "select turns_star, priority, priority_reason from marts.quality_alerts where status = 'open'"
    of_total = Decimal(2) / 42
    assert query(county.root, sql) == [
        (
            True,
            (40 + Decimal("0.8") * (10 + 30 + 20 * of_total)).quantize(Decimal("0.01")),
            "强制性；涉及1颗星，其中1颗两种读法不同；改动约占合计的5%；把握80%",
        )
    ]


def test_the_senders_correction_says_which_suggestion_was_right(county: RawFiles):
    sql = """select alert_id, rank, item_code, reported, suggested, next_value, outcome, is_right, is_answered
             from marts.suggestion_outcomes order by 1, 2"""
    assert query(county.root, sql) == [
        ("team_by_sex", 1, "B02", 5, 6, 6, "accepted", True, True),
        ("team_by_sex", 2, "B02", 5, 7, 6, "other_value", False, True),
    ]
    sql = "select band, kind, suggestions, right_ones, share_right from marts.confidence_calibration order by 1"
    assert query(county.root, sql) == [("0.8–0.95", "cells", 1, 1, 1), ("不足0.5", "cells", 1, 0, 0)]


def test_review_signals_and_engineer_items_are_kept_apart_from_alerts(county: RawFiles):
    assert query(county.root, "select alert_id, status from marts.review_signals") == [("frozen", "open")]
    assert query(county.root, "select alert_id, status from marts.engineer_items") == [("too_strict", "open")]
    assert query(county.root, "select alert_id from marts.quality_alert_cells") == [("surplus_disputed",)]


def test_every_reading_of_an_open_alert_is_kept_and_none_of_a_closed_one(county: RawFiles):
    sql = "select alert_id, rank, confidence from marts.alert_suggestions order by rank"
    assert query(county.root, sql) == [("surplus_disputed", 1, 0.8), ("surplus_disputed", 2, 0.15)]


def test_a_rule_that_could_not_run_says_why_and_how_often(county: RawFiles):
    sql = """select subdistrict_code, executed, violated, not_executed, reason from marts.rule_executions order by 1"""
    assert query(county.root, sql) == [(A, 3, 0, 0, None), (B, 1, 1, 2, "社区未报（1）；缺 B02（1）")]


def test_the_scorecard_has_one_row_for_each_dimension(county: RawFiles):
    sql = f"""select dimension, score from marts.quality_scorecard
              where {MARCH} and subdistrict_code = '{A}' order by 1"""
    scores = dict(query(county.root, sql))
    assert scores == {
        "timeliness": Decimal(1), "completeness": Decimal(1), "consistency": Decimal(1),
        "stability": Decimal("0.993333"),
    }  # fmt: skip


def test_the_burden_counts_prefilled_cells_that_had_to_be_changed(county: RawFiles):
    sql = "select month, cells_asked, cells_prefilled, cells_changed from marts.reporting_burden where"
    rows = query(county.root, f"{sql} subdistrict_code = '{A}' order by month")
    assert [row[1:] for row in rows] == [(150, 87, None), (150, 87, 2), (150, 87, 4)]


def test_printed_figures_stand_beside_what_the_monthly_reports_give(county: RawFiles):
    rows = records(county.root, "select * from marts.profile_comparison")
    found = {(row["figure_code"], row["org_code"]): (row["computed"], row["agrees"]) for row in rows}
    assert found == {
        ("T31", A): (Decimal("24.0000"), True),
        ("T31", COUNTY): (Decimal("40.0000"), None),  # one community has not sent
        ("T36", A): (Decimal("37.5000"), True),
        ("T32", A): (Decimal("18.0000"), False),
        ("T08", A): (Decimal("5700.0000"), True),
        ("T01", A): (None, None),
        ("T40", B): (Decimal("1.0000"), None),
        ("T43", A): (Decimal("66.6667"), True),
        ("T51", A): (Decimal("1.0000"), True),
    }


def test_times_are_instants_and_not_local_ones(county: RawFiles):
    sql = "select max(received_at) from marts.submission_status where month = date '2024-01-01'"
    assert query(county.root, sql)[0][0].astimezone(UTC) == datetime(2024, 2, 3, 1, tzinfo=UTC)
