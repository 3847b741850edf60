"""A clerk is asked a few questions: the worst and likeliest, and one line for the rest."""

from dataclasses import replace
from pathlib import Path

import pytest

from expectations.catalogue import load_catalogue
from expectations.findings.budget import QUERY_BUDGET, within_budget
from expectations.findings.model import Finding, UnitTree
from expectations.localise.suggestion import Suggestion
from expectations.settings import SettingsError, read_settings, shipped_settings
from ingest.data_root import DataRoot
from tests.expectations.support import COMMUNITIES, FIRST, MARCH, UNITS

RULES = load_catalogue(None).by_id
TREE = UnitTree(UNITS, MARCH)
ONE = COMMUNITIES[0]


def finding(rule: str, unit: str = ONE, item: str = "P01", confidence: float | None = None) -> Finding:
    said = None if confidence is None else Suggestion((item,), (), confidence, "")
    severity = RULES[rule].level
    return Finding(MARCH, "monthly_report", unit, rule, severity, "alert", rule, (item,), "", suggestion=said)


def questions(count: int) -> list[Finding]:
    return [finding("MONEY-UNIT", item=f"E{n:02}", confidence=n / 10) for n in range(1, count + 1)]


def test_a_community_is_asked_its_budget_and_the_rest_is_one_line() -> None:
    found = within_budget(questions(8), RULES, TREE, 5)
    [summary] = [f for f in found if f.rule_code == QUERY_BUDGET]
    hidden = [f for f in found if f.suppressed_by]
    assert (summary.severity, summary.unit_code) == ("hint", ONE)
    assert "另有 3 项核实性问题未逐条提出：金额不应达到上月的上千倍，疑似按“元”填报（3 项）" in summary.message
    assert {f.suppressed_by for f in hidden} == {summary.alert_id}
    assert len(found) == 9


def test_the_likeliest_questions_stay_and_hints_go_first() -> None:
    hint = replace(finding("SURPLUS-YEAR", confidence=0.99), severity="hint")
    found = within_budget([*questions(4), hint], RULES, TREE, 2)
    assert [f.item_codes for f in found if not f.suppressed_by and f.item_codes] == [("E03",), ("E04",)]


def test_a_mandatory_finding_is_neither_counted_nor_hidden() -> None:
    mandatory = [finding("TEAM-SEX", item=f"B{n:02}") for n in range(1, 10)]
    assert within_budget([*mandatory, *questions(5)], RULES, TREE, 5) == [*mandatory, *questions(5)]


def test_what_is_already_suppressed_private_or_about_a_sub_district_is_no_question() -> None:
    other = [
        *(replace(f, suppressed_by="x") for f in questions(6)),
        *(replace(f, channel="review") for f in questions(6)),
        *(replace(f, unit_code=FIRST) for f in questions(6)),
    ]
    assert not [f for f in within_budget(other, RULES, TREE, 5) if f.rule_code == QUERY_BUDGET]


def test_each_community_has_a_budget_of_its_own() -> None:
    asked = [replace(f, unit_code=unit) for unit in COMMUNITIES[:2] for f in questions(3)]
    assert len(within_budget(asked, RULES, TREE, 3)) == 6


def test_the_same_findings_in_another_order_end_the_same() -> None:
    assert within_budget(questions(8), RULES, TREE, 5) == within_budget(questions(8)[::-1], RULES, TREE, 5)


def test_what_ingest_asked_is_named_in_its_own_words() -> None:
    asked = replace(questions(1)[0], rule_code="INGEST-rounded", message="子社区：“1.234”多于两位小数")
    [summary, _] = sorted(within_budget([asked], RULES, TREE, 0), key=lambda f: f.rule_code != QUERY_BUDGET)
    assert summary.message.endswith("未逐条提出：“1.234”多于两位小数")


def test_a_deployment_replaces_the_budget_alone(tmp_path: Path) -> None:
    root = DataRoot(tmp_path).create()
    (root.reference / "settings.yml").write_text("budget: 3\n", encoding="utf-8")
    assert read_settings(root) == shipped_settings().model_copy(update={"budget": 3})


@pytest.mark.parametrize("content", ["budget: -1", "bugdet: 3", "- budget", "budget: ["])
def test_wrong_settings_are_refused_with_file_and_reason(tmp_path: Path, content: str) -> None:
    root = DataRoot(tmp_path).create()
    (root.reference / "settings.yml").write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"settings\.yml："):
        read_settings(root)
