"""Each kind of rule: passed on a clean month, violated by one change, not executed without one operand."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from expectations.catalogue import ExpressionRule, load_catalogue
from expectations.detect import detect
from expectations.history import DepartmentValue, History, Inputs
from expectations.violation import Outcome
from ingest.data_root import DataRoot
from ingest.reference import Unit
from tests.expectations.support import (
    COMMUNITIES,
    FEBRUARY,
    FIRST,
    JANUARY,
    MARCH,
    UNITS,
    YEAR_AGO,
    Month,
    clean_month,
    unit,
)

CATALOGUE = load_catalogue(None)
ONE = COMMUNITIES[0]


@dataclass(frozen=True)
class Case:
    """``changes`` of one community (or of its list, total row, or February) violate the rule about ``items``."""

    rule: str
    changes: dict[str, Any]
    items: str
    detail: str
    missing: str  # an item without which the rule cannot run
    where: str = "communities"
    before: bool = False  # the changes are February's


CASES = [
    Case("TEAM-SEX", {"B01": 8}, "B01;B02;B03", "B02+B03=B01：5+2≠8", "B03"),
    Case("TOILETS", {"W01": 900}, "P01;W01", "W01≤P01：900>873", "P01"),
    Case("GENERAL-BRANCH-DUE", {"D02": 0}, "D02;D03", "D03>50时，D02≥1：0<1，D03=99", "D03"),
    Case("ACTIVITIES-PARTICIPATIONS", {"V02": 0}, "V02;V03", "V02=0⇔V03=0：V02=0，V03=1200", "V03"),
    Case("HOUSEHOLD-SIZE", {"P02": 4000}, "P01;P02", "1.5×P01≤P02≤3.5×P01：1.5×873≤4000>3.5×873", "P01"),
    Case("MEMBERS-FLOW", {"D03": 142}, "D03;D06;D07", "D03=上月D03+D06−D07：142≠100+1−2", "D06"),
    Case("MEMBERS-FLOW", {"D03": 90}, "D03;D06;D07", "D03=上月D03+D06−D07：99≠90+1−2", "D03", before=True),
    Case("YEAR-TO-DATE", {"E04": "0.40"}, "E04", "E04≥上月E04：0.4<0.46", "E04"),
    Case("HOUSEHOLDS-CHANGE", {"P01": 990}, "P01", "0.9×上月P01≤P01≤1.1×上月P01：0.9×873≤990>1.1×873", "P01"),
    Case(
        "PETITIONS-WAVERING",
        {"F01": False},
        "F01",
        "2个月前F01→上月F01→F01：2个月前F01=是，上月F01=否，F01=是",
        "F01",
        before=True,
    ),
    Case("COMMUNITIES-REGISTER", {"G01": 12}, "G01", "G01=名册社区数：12≠3", "G01", where="lists"),
    Case("SECRETARIES-MEN-TEAM", {"S02": 16}, "B02;S02", "S02≤ΣB02：16>15", "S02", where="lists"),
    Case("STARS-TOTAL", {"X02": "01110"}, "X01;X02", "ΣX01=ΣX02星数：12≠11", "X01"),
    Case("TOTAL-ROW", {"D03": 397}, "D03", "合计D03=ΣD03：397≠297", "D03", where="totals"),
    Case("SECRETARIES-AGE-BANDS", {"S08": "60"}, "S01;S04;S05;S06;S07;S08", "60×3>", "S08", where="lists"),
    Case("PARTICIPATIONS-PER-ACTIVITY", {"V03": 1457}, "V01;V02;V03", "V03≤V01×V02：1457>182×8", "V01"),
    Case("REVENUE-TENFOLD", {"E01": "179.20"}, "E01", "10×12.6≤179.2<1000×12.6", "E01"),
    Case("STARS-LEVEL", {"X02": "01110"}, "X01;X02", "X02星数=X01：3≠4", "X02"),
    Case("STARS-BRANCH-FIRST", {"X02": "11100"}, "X02", "3≠5", "X02"),
    Case("POPULATION-ROUND", {"P02": 2600}, "P02", "P02尾数≠0：0=0", "P02"),
    Case("SURPLUS", {"E06": "40.34"}, "E01;E02;E03;E04;E05;E06", "40.34≠17.92+24.6+0−0.67−1.53", "E03"),
    Case("THREE-ZERO", {"F04": False}, "F01;F02;F03;F04", "F04=否，F01=是，F02=是，F03=是", "F02"),
    Case("TYPE-CHANGE", {"P05": "其他"}, "P05", "P05=其他", "P05"),
]


def history(first: Month, february: Month | None = None) -> History:
    months = [february or clean_month(FEBRUARY), clean_month(JANUARY), clean_month(YEAR_AGO)]
    return History({month.month: month.tables() for month in months}, first.tables())


def run(rule: str, month: Month, past: History | None = None, **more: Any) -> Outcome:
    found = CATALOGUE.by_id[rule]
    assert isinstance(found, ExpressionRule)
    return detect(Inputs(MARCH, month.tables(), past or history(month), more.pop("units", UNITS), **more), [found])


def changed(case: Case, changes: dict[str, Any]) -> tuple[Month, History]:
    now, february = clean_month(), clean_month(FEBRUARY)
    getattr(february if case.before else now, case.where)[ONE if case.where == "communities" else FIRST].update(changes)
    return now, history(now, february)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_a_clean_month_passes(case: Case) -> None:
    outcome = run(case.rule, clean_month())
    assert outcome.violations == ()
    assert all(execution.executed and not execution.violated for execution in outcome.executions)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_one_change_violates_the_rule_and_the_sentence_has_its_numbers(case: Case) -> None:
    outcome = run(case.rule, *changed(case, case.changes))
    assert len(outcome.violations) == 1
    violation = outcome.violations[0]
    assert ";".join(sorted({operand.item_code for operand in violation.operands})) == case.items
    assert case.detail in violation.detail
    assert sum(execution.violated for execution in outcome.executions) == 1


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_without_an_operand_the_rule_is_not_executed_and_says_why(case: Case) -> None:
    before = run(case.rule, clean_month())
    outcome = run(case.rule, *changed(case, {case.missing: None}))
    assert outcome.violations == ()
    reasons = [execution for execution in outcome.executions if execution.not_executed]
    assert [execution.not_executed for execution in reasons] == [reading(case)]
    assert f"缺 {case.missing}（2024-0{2 if case.before else 3}）" in (reasons[0].reason or "")
    assert sum(e.executed + e.not_executed for e in outcome.executions) == sum(e.executed for e in before.executions)


def reading(case: Case) -> int:
    """How many of the rule's statements read the operand that is missing."""
    rule = CATALOGUE.by_id[case.rule]
    assert isinstance(rule, ExpressionRule)
    return sum(case.missing in statement.item_codes for _, statement in rule.statements)


def test_without_last_month_nobody_is_accused() -> None:
    now = clean_month()
    outcome = run("MEMBERS-FLOW", now, History({}, now.tables()))
    assert outcome.violations == ()
    assert {execution.reason for execution in outcome.executions} == {"缺 D03（2024-02）"}


def test_the_first_version_shows_that_a_subsidy_was_mixed_in() -> None:
    first = clean_month(E06="40.59")
    outcome = run("SUBSIDY-MIXED-IN", clean_month(), history(first))
    assert {violation.unit_code for violation in outcome.violations} == set(COMMUNITIES)
    assert "40.32+0.27=40.59" in outcome.violations[0].detail
    assert run("SUBSIDY-MIXED-IN", clean_month()).violations == ()


def test_a_change_that_the_register_knows_is_not_asked() -> None:
    units = [unit(**{**as_arguments(u), "community_type": "其他"}) if u.unit_code == ONE else u for u in UNITS]
    now = clean_month()
    now.communities[ONE]["P05"] = "其他"
    assert run("TYPE-CHANGE", now, units=tuple(units)).violations == ()


def as_arguments(one: Unit) -> dict[str, Any]:
    return {"code": one.unit_code, "name": one.unit_name, "level": one.level, "parent": one.parent_code}


def test_a_departments_value_is_compared_where_there_is_one() -> None:
    given = (DepartmentValue(month=MARCH, unit_code=ONE, item_code="H04", value=Decimal(1400)),)
    outcome = run("PENSION-DEPARTMENT", clean_month(), department_values=given)
    assert [violation.unit_code for violation in outcome.violations] == [ONE]
    assert "1447>1.01×1400" in outcome.violations[0].detail
    assert sum(e.not_executed for e in outcome.executions if e.reason == "没有部门数据 H04（2024-03）") == 5


def test_a_county_rule_needs_all_its_months() -> None:
    december = date(2023, 12, 1)
    months = {date(2023, number, 1): clean_month(date(2023, number, 1)).tables() for number in range(1, 12)}
    rule = CATALOGUE.by_id["THREE-ZERO-ALWAYS"]
    assert isinstance(rule, ExpressionRule)
    now = clean_month(december)
    full = detect(Inputs(december, now.tables(), History(months), UNITS), [rule])
    assert [violation.unit_code for violation in full.violations] == ["990101000000"]
    del months[date(2023, 5, 1)]
    short = detect(Inputs(december, now.tables(), History(months), UNITS), [rule])
    assert short.violations == ()
    assert [execution.reason for execution in short.executions] == ["有社区缺 F04（2023-05）"]


def test_a_community_without_a_row_is_asked_and_counted_as_not_executed() -> None:
    now = clean_month()
    del now.communities[ONE]
    outcome = run("TEAM-SEX", now)
    assert [(e.executed, e.not_executed) for e in outcome.executions if e.subdistrict_code == FIRST] == [(2, 0), (0, 1)]


def test_a_number_too_large_for_fast_arithmetic_is_still_compared_exactly() -> None:
    now = clean_month()
    now.communities[ONE]["H02"] = 9 * 10**18
    violation = run("MEDICAL-ENROLLED", now).violations[0]
    assert "9000000000000000000>2487" in violation.detail


def test_a_community_that_stands_twice_counts_with_its_first_row() -> None:
    now = clean_month()
    tables = now.tables()
    name = "monthly_report_communities"
    twice = {**tables, name: tables[name].take([0, *range(len(tables[name]))])}
    rule = CATALOGUE.by_id["STARS-TOTAL"]
    assert isinstance(rule, ExpressionRule)
    assert detect(Inputs(MARCH, twice, history(now), UNITS), [rule]).violations == ()


def test_rows_that_came_can_be_counted(tmp_path: Path) -> None:
    text = """
form: monthly_report
rules:
  - id: OWN-ROWS
    level: verification
    kind: roll_up
    scope: subdistrict
    title_zh: 填报社区数应等于下辖社区数
    expression: rows() = G01
"""
    root = DataRoot(tmp_path)
    (root.reference / "rules").mkdir(parents=True)
    (root.reference / "rules" / "own.yml").write_text(text, encoding="utf-8")
    rule = load_catalogue(root).by_id["OWN-ROWS"]
    assert isinstance(rule, ExpressionRule)
    now = clean_month()
    del now.communities[ONE]
    outcome = detect(Inputs(MARCH, now.tables(), history(now), UNITS), [rule])
    assert [violation.detail for violation in outcome.violations] == ["填报社区数=G01：2≠3"]
