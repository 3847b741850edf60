"""The demonstration's alerts: each contradiction of the printed report with its cells, each planted slip, no more."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import openpyxl
import pytest

from examples.synthetic.slips import read_slips
from tests.end_to_end.support import query, run, wuxing

CONTRADICTIONS = {
    "T29-ROLLUP": "D32,E32,F32",  # ten years and more: 5 + 5 ≠ 11
    "T18-ROLLUP": "D18,D21,E18,E21,F21",  # secretaries' mean age: 52 and 55 cannot give 52
    "T34-ROLLUP": "D34,D37,E34,E37,F37",  # team's mean age: 49 and 48 cannot give 46
    "T24-SHARE": "E18,E27",  # 23 % of 10 people is no whole number
    "T24-ROLLUP": "D18,D27,E18,E27,F26",  # 40 % and 23 % of 10 cannot give 9
    "T39-SHARE": "E34,E41:E42",  # 19 of 80 is 24 %, printed 23 %
    "T03-PLAN": "D6,D53:D57",  # 1 + 4 + 4 planned levels for 10 communities
    "T01-WHOLE": "D4,E4:E5",  # nearly half of the city, and smaller than the other part of it
}
SIGNS = {"T24-COPIED"}  # a hint beside T24-SHARE: the neighbour's 23 % was typed again


def test_every_contradiction_of_the_printed_report_is_an_alert_with_its_cells_and_nothing_else(demo_root: Path):
    sql = """select rule_code, workbook, sheet, cell, severity from marts.quality_alerts
             where status = 'open' and workbook like '%概况表%'"""
    found = {rule: (workbook, sheet, cell, severity) for rule, workbook, sheet, cell, severity in query(demo_root, sql)}
    assert {rule: cell for rule, (_, _, cell, _) in found.items() if rule not in SIGNS} == CONTRADICTIONS
    assert {sheet for _, sheet, _, _ in found.values()} == {"概况表"}
    assert all(found[rule][3] == "hint" for rule in SIGNS & set(found))


def test_the_sentence_of_a_contradiction_carries_its_numbers(demo_root: Path):
    sql = "select message from marts.quality_alerts where rule_code = 'T29-ROLLUP'"
    [(message,)] = query(demo_root, sql)
    assert "甲街道5＋乙街道5＝10≠合计11" in message


def test_an_impossible_percentage_is_traced_to_the_one_that_fits_both_rules(demo_root: Path):
    sql = "select suspected_items, suggested_values from marts.quality_alerts where rule_code = 'T24-SHARE'"
    [(suspected, suggested)] = query(demo_root, sql)
    assert suspected == "T24@990101002000"
    assert suggested.startswith("T24@990101002000=50%")


@pytest.mark.parametrize(
    ("month", "rule", "suggested"),
    [
        ("2023-07-01", "MONEY-UNIT-BLOCK", "E01=3.84;E02=1.93;E04=0.91;E05=0.45;E06=4.41;E07=2.94"),
        ("2023-08-01", "MEDICAL-ENROLLED", "H01=1287;H02=1230"),
        ("2024-02-01", "SECRETARIES-SEX", "S03=1"),
    ],
)
def test_the_suggestion_for_a_planted_slip_is_what_was_meant(demo_root: Path, month: str, rule: str, suggested: str):
    sql = f"select suggested_values from marts.quality_alerts where month = date '{month}' and rule_code = '{rule}'"
    assert query(demo_root, sql) == [(suggested,)]


def test_a_suggestion_that_would_turn_a_star_shows_both_readings_everywhere(demo_root: Path):
    both = "产业兴旺：按上报值达标，按建议值不达标"
    sql = "select rule_code, star_impact from marts.quality_alerts where turns_star"
    assert query(demo_root, sql) == [("MONEY-UNIT-BLOCK", both)]
    assert f"★ {both}" in run(demo_root, "alerts", "--month", "2023-07")
    [receipt] = (demo_root / "returns" / "2023-07").rglob("甲街道*_回执.xlsx")
    suggestions = [row[6] for row in openpyxl.load_workbook(receipt).worksheets[0].iter_rows(values_only=True)]
    assert [text for text in suggestions if text and both in text]


def test_one_wrong_figure_that_breaks_several_rules_is_asked_once(demo_root: Path):
    sql = """select message from marts.quality_alerts
             where month = date '2024-03-01' and suggested_values like 'P02=%'"""
    [(message,)] = query(demo_root, sql)
    assert message.count("；") >= 3


ONLY_WHILE_READING = "ingest"


def planted() -> list[tuple[str, str, str, str]]:
    return [
        (slip.slip_id, f"{slip.month:%Y-%m-01}", slip.unit_code, rule)
        for slip in read_slips()
        if not slip.corrected
        for rule in slip.seen_by
        if rule != ONLY_WHILE_READING
    ]


@pytest.mark.parametrize(("slip", "month", "unit", "rule"), planted())
def test_a_planted_slip_is_found_by_the_rules_that_should_see_it(
    demo_root: Path, slip: str, month: str, unit: str, rule: str
):
    found = f"read_parquet('{demo_root}/raw/findings/*/*.parquet', hive_partitioning = false)"
    sql = f"""select count(*) from {found} where month = date '{month}' and rule_code = '{rule}'
              and unit_code = '{unit}' and channel = 'alert'"""
    assert query(demo_root, sql)[0][0] >= 1, slip


def test_the_last_month_is_clean_but_for_its_planted_slips(demo_root: Path):
    sql = """select distinct coalesce(community_code, subdistrict_code) from marts.quality_alerts
             where month = date '2024-03-01' and severity = 'mandatory' and form = 'monthly_report'"""
    allowed = {slip.unit_code for slip in read_slips() if f"{slip.month:%Y-%m}" == "2024-03"}
    assert {unit for (unit,) in query(demo_root, sql)} <= allowed


def test_the_command_prints_alerts_in_their_order_as_people_and_as_json(demo_root: Path):
    alerts = json.loads(run(demo_root, "alerts", "--month", "2024-03", "--json"))
    priorities = [alert["priority"] for alert in alerts]
    assert priorities == sorted(priorities, reverse=True)
    assert all(alert["priority_reason"] for alert in alerts)
    printed = run(demo_root, "alerts", "--month", "2024-03")
    assert "强制性" in printed
    assert "概况表 › D32,E32,F32" in printed


def test_the_demonstration_prints_stages_stars_structure_and_where_to_go_next(demo_output: str):
    for expected in (
        "审核月份",
        "发布数据",
        "计划与达到",
        "概况表印出的数字与月报数据",
        "≠ 53.2",
        "wuxing sql",
        "make desk",
        "make dev",
    ):
        assert expected in demo_output


def test_a_file_checked_before_sending_shows_what_it_should_have_been_and_no_private_signal(demo_root: Path):
    workbook = demo_root / "inbox" / "乙街道2023年8月.xlsx"
    done = subprocess.run(
        wuxing(demo_root, "check", str(workbook), "--json"), capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    findings = json.loads(done.stdout)["findings"]
    assert {finding["channel"] for finding in findings} == {"alert"}
    [swapped] = [finding for finding in findings if finding["suggested_values"] == "H01=1287;H02=1230"]
    assert swapped["stars"] == ["文明幸福"]
    told = subprocess.run(wuxing(demo_root, "check", str(workbook)), capture_output=True, text=True, check=False)
    assert "★ 建议涉及文明幸福的标准" in told.stdout
