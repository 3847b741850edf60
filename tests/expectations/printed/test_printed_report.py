"""The report's own arithmetic: what it contradicts, and that all else holds silently."""

from datetime import UTC, datetime

import pytest

from examples.source_report.write import WORKBOOK
from expectations.printed import evaluate_profile
from ingest.check import read_for_check

JIA, YI, TOTAL = "990101001000", "990101002000", "990101000000"


@pytest.fixture(scope="module")
def outcome(root, units, rules):
    read = read_for_check(root, WORKBOOK, datetime(2024, 4, 3, tzinfo=UTC))
    return evaluate_profile(read.tables["profile_figures"], units, read.month, rules)


@pytest.fixture(scope="module")
def levels(rules):
    return {rule.id: rule.level for rule in rules}


CONTRADICTIONS = {
    "T29-ROLLUP": {("T29", JIA), ("T29", YI), ("T29", TOTAL)},
    "T18-ROLLUP": {("T18", JIA), ("T18", YI), ("T18", TOTAL), ("T15", JIA), ("T15", YI)},
    "T34-ROLLUP": {("T34", JIA), ("T34", YI), ("T34", TOTAL), ("T31", JIA), ("T31", YI)},
    "T24-SHARE": {("T24", YI), ("T15", YI)},
    "T24-ROLLUP": {("T24", JIA), ("T24", YI), ("T15", JIA), ("T15", YI), ("T23", TOTAL)},
    "T39-SHARE": {("T38", YI), ("T31", YI), ("T39", YI)},
    "T03-PLAN": {*((f"T{level}", JIA) for level in range(50, 55)), ("T03", JIA)},
    "T01-WHOLE": {("T01", JIA), ("T01", YI), ("T02", YI)},
}


def test_exactly_the_known_contradictions_are_found_with_their_cells(outcome, levels):
    found = {
        violation.rule_code: {(operand.item_code, operand.unit_code) for operand in violation.operands}
        for violation in outcome.violations
        if levels[violation.rule_code] != "hint"
    }
    assert found == CONTRADICTIONS
    assert len(outcome.violations) == len(CONTRADICTIONS) + 1


def test_what_hangs_on_a_word_or_a_blank_is_asked_and_not_asserted(levels):
    asked = {code for code in CONTRADICTIONS if levels[code] == "verification"}
    assert asked == {"T01-WHOLE", "T03-PLAN"}


def test_a_figure_in_conflict_that_equals_its_neighbour_gets_a_hint(outcome, levels):
    (hint,) = [violation for violation in outcome.violations if levels[violation.rule_code] == "hint"]
    assert hint.rule_code == "T24-COPIED"
    assert {(operand.item_code, operand.unit_code) for operand in hint.operands} == {("T24", YI), ("T39", YI)}


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("T29-ROLLUP", "书记任职10年以上：甲街道5＋乙街道5＝10≠合计11"),
        ("T18-ROLLUP", "书记平均年龄：甲街道52岁×10人、乙街道55岁×10人，加权平均应在53–54岁之间，合计却为52岁"),
        ("T34-ROLLUP", "班子平均年龄：甲街道49岁×79人、乙街道48岁×80人，加权平均应在48–49岁之间，合计却为46岁"),
        ("T24-SHARE", "书记大专及以上占比23%：10人中没有任何整数人数四舍五入后是23%，2人＝20%，3人＝30%"),
        ("T24-ROLLUP", "书记大专及以上：甲街道40%×10人＋乙街道23%×10人＝6.2–6.4≠合计9"),
        ("T39-SHARE", "班子大专及以上19÷班子成员数80＝23.75%，与所填班子大专及以上占比23%不符"),
        ("T03-PLAN", "拟创四星1＋拟创三星4＋拟创二星4＝9≠社区数10，拟创五星、拟创一星空白按0计"),
        (
            "T01-WHOLE",
            "面积47平方公里、占全市面积比重近二分之一，"
            "全市应在93–105.56平方公里之间，小于甲街道65＋乙街道47＝112平方公里",
        ),
    ],
)
def test_the_sentence_carries_the_numbers(outcome, rule, sentence):
    (violation,) = [violation for violation in outcome.violations if violation.rule_code == rule]
    assert violation.detail == sentence


@pytest.mark.parametrize(
    ("rule", "unit"),
    [
        ("T31-AGE-SHARES", JIA),  # 22/35/43 % of 79: 17, 28, 34
        ("T31-AGE-SHARES", YI),  # 31/38/31 % of 80: 25, 30, 25
        ("T14-SHARE", TOTAL),  # 561/1861 = 30.1 %
        ("T39-SHARE", JIA),  # 21/79 = 27 %
        ("T39-SHARE", TOTAL),  # 40/159 = 25 %
        ("T24-SHARE", JIA),  # 40 % of 10
        ("T45-SHARE", YI),  # 9/10 = 90 %
        ("T18-BANDS", JIA),
        ("T18-BANDS", YI),
        ("T34-BANDS", JIA),
        ("T34-BANDS", YI),
        ("T03-PLAN", YI),
        ("T15-TENURE", TOTAL),
        ("T58-QUOTIENT", TOTAL),  # 159/20 = 7.95 in 7–8
        ("T11-ROLLUP", TOTAL),
        ("T39-ROLLUP", TOTAL),  # 27 % of 79 and 23 % of 80 can give 40
    ],
)
def test_an_identity_that_holds_was_asked_and_is_silent(outcome, rule, unit):
    (execution,) = [e for e in outcome.executions if (e.rule_code, e.subdistrict_code) == (rule, unit)]
    assert (execution.executed, execution.violated) == (1, 0)


def test_a_figure_that_is_not_printed_is_the_reason_of_a_rule_not_asked(outcome):
    reasons = {(e.rule_code, e.subdistrict_code): e.reason for e in outcome.executions if e.not_executed}
    assert reasons["T15-TENURE", JIA] == "缺少甲街道的书记任职5年以下（T25）"
    assert reasons["T08-ROLLUP", TOTAL] == "缺少合计的人口（T08）"


def test_every_rule_is_asked_of_every_unit_that_it_concerns_once(outcome, rules):
    asked = [(e.rule_code, e.subdistrict_code) for e in outcome.executions]
    assert len(asked) == len(set(asked))
    assert {code for code, _ in asked} == {rule.id for rule in rules}
    assert all(e.executed + e.not_executed == 1 for e in outcome.executions)
