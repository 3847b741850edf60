"""Great Expectations, really run on small batches: what fails, what is skipped, and with which rows."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date
from decimal import Decimal
from urllib.parse import unquote

import pandas as pd
import pyarrow as pa
import pytest

from expectations.catalogue.load import SHIPPED, read_rules
from expectations.structure import StructureInputs, SuiteResult, evaluate_structure
from ingest.raw.schema import TABLES
from ingest.reference import Unit, items

MONTH = date(2024, 3, 1)
COUNTY, JIA, YI = "990101000000", "990101001000", "990101002000"
GOOD = {"integer": 3, "money": Decimal("40.01"), "mean": Decimal("45.00"), "yes_no": True, "bits": "11100"}


def unit(code, level, parent, name=None):
    fields = {"unit_code": code, "unit_name": name or code, "level": level, "parent_code": parent}
    blank = dict.fromkeys(("community_type", "star_scheme", "successor_code", "valid_to"))
    return Unit(valid_from=date(2020, 1, 1), aliases=(), **fields, **blank)


def tree(communities):
    """Two sub-districts with ``communities`` each."""
    parts = [unit(JIA, "subdistrict", COUNTY, "甲街道"), unit(YI, "subdistrict", COUNTY, "乙街道")]
    below = [
        unit(f"{part.unit_code[:9]}{n:03}", "community", part.unit_code) for part in parts for n in range(communities)
    ]
    return [unit(COUNTY, "county", ""), *parts, *below]


def good(item):
    if item.item_code == "B01":
        return 7
    return item.choices[0] if item.value_type == "choice" else GOOD[item.value_type]


def rows_of(units):
    answers = {item.column_name: good(item) for item in items() if item.sheet == "community"}
    below = [each for each in units if each.level == "community"]
    codes = [{"subdistrict_code": each.parent_code, "community_code": each.unit_code} for each in below]
    frame = pd.DataFrame([code | {"row_number": row} | answers for row, code in enumerate(codes, start=6)])
    return frame.astype("object")


def lists_of(units):
    answers = {item.column_name: good(item) for item in items() if item.sheet == "subdistrict"}
    codes = [each.unit_code for each in units if each.level == "subdistrict"]
    return pd.DataFrame([{"subdistrict_code": code, "row_number": 4} | answers for code in codes]).astype("object")


UNITS = tree(3)


@pytest.fixture(scope="module")
def rules():
    return [rule for _, rule in read_rules(SHIPPED / "monthly_structure.yml")]


@pytest.fixture
def evaluate(rules):
    """Of ``rule_ids`` only, or of all: GX takes some 10 ms an expectation, however few the rows."""

    def evaluate(frame, *rule_ids, units=UNITS, lists=None, docs_folder=None):
        lists = lists_of(units) if lists is None else lists
        asked = [rule for rule in rules if not rule_ids or rule.id in rule_ids]
        month = StructureInputs(MONTH, frame, lists, tuple(units), tuple(asked))
        outcomes, suites = evaluate_structure([month], docs_folder)
        return outcomes[MONTH], suites

    return evaluate


def found(outcome):
    return {(violation.rule_code, violation.unit_code, violation.detail) for violation in outcome.violations}


def test_a_clean_month_passes_every_suite(evaluate, rules):
    outcome, suites = evaluate(rows_of(UNITS))
    assert outcome.violations == ()
    assert [(suite.name, suite.success, suite.unsuccessful) for suite in suites] == [
        ("社区月报", True, 0),
        ("街道汇总", True, 0),
        ("社区名册", True, 0),
    ]
    assert sum(suite.evaluated for suite in suites) == sum(len(rule.item_codes) or 1 for rule in rules)
    assert {execution.rule_code for execution in outcome.executions} == {rule.id for rule in rules}
    assert not any(execution.not_executed for execution in outcome.executions)


def test_a_blank_is_missing_and_its_range_is_not_asked(evaluate):
    frame = rows_of(UNITS)
    frame.loc[0, "households"] = None
    outcome, suites = evaluate(frame, "BLANK-COMMUNITY", "AT-LEAST-ONE")
    assert found(outcome) == {("BLANK-COMMUNITY", "990101001000", "P01 户数：未填报")}
    assert suites == [SuiteResult("社区月报", success=False, evaluated=45 + 6, unsuccessful=1)]
    (skipped,) = [execution for execution in outcome.executions if execution.not_executed]
    assert (skipped.rule_code, skipped.subdistrict_code, skipped.reason) == ("AT-LEAST-ONE", JIA, "缺 P01（2024-03）")


def test_zero_is_an_answer(evaluate):
    frame = rows_of(UNITS)
    frame.loc[0, "volunteer_activities"] = 0
    outcome, _ = evaluate(frame, "BLANK-COMMUNITY", "NOT-NEGATIVE")
    assert outcome.violations == ()


def test_what_was_sent_but_could_not_be_read_is_quoted(evaluate):
    frame = rows_of(UNITS).assign(households__text=None)
    frame.loc[0, ["households", "households__text"]] = [None, "约三百"]
    outcome, _ = evaluate(frame, "BLANK-COMMUNITY")
    (violation,) = outcome.violations
    assert violation.detail == "P01 户数：填为“约三百”，未能读出可用的值"
    assert violation.operands[0].value == "约三百"


@pytest.mark.parametrize(
    ("column", "value", "rule", "detail"),
    [
        ("households", 0, "AT-LEAST-ONE", "P01 户数：0<1"),
        ("planned_star_level", 6, "STAR-LEVEL", "X01 拟创星级：6>5"),
        ("operating_revenue", Decimal("-0.01"), "MONEY-NOT-NEGATIVE", "E01 经营收入（累计）：-0.01<0"),
        ("administrative_expense", Decimal("0.00"), "COST-ZERO", "E05 管理费用（累计）：0.00<0.01"),
        ("community_type", "别墅", "IN-LIST", "P05 社区类型：“别墅”不在选项（城中村、城郊村、其他）中"),
    ],
)
def test_a_value_outside_its_limits_is_found_with_its_number(evaluate, column, value, rule, detail):
    frame = rows_of(UNITS)
    frame.loc[4, column] = value
    outcome, _ = evaluate(frame, rule)
    assert found(outcome) == {(rule, "990101002001", detail)}


def test_an_amount_exactly_on_its_limit_is_inside(evaluate):
    frame = rows_of(UNITS)
    frame.loc[0, "administrative_expense"] = Decimal("0.01")
    outcome, _ = evaluate(frame, "COST-ZERO")
    assert outcome.violations == ()


def test_a_list_of_the_subdistrict_is_checked_too(evaluate):
    lists = lists_of(UNITS)
    lists.loc[1, "team_mean_age"] = Decimal("12.50")
    outcome, _ = evaluate(rows_of(UNITS), "TEAM-AGE", "MEMBERS-AGE", lists=lists)
    assert found(outcome) == {("TEAM-AGE", YI, "B08 班子平均年龄：12.50<18")}


def test_a_community_without_a_row_and_one_with_two_are_named(evaluate):
    frame = rows_of(UNITS)
    frame = pd.concat([frame.drop(index=1), frame.iloc[[0]].assign(row_number=20)], ignore_index=True)
    outcome, _ = evaluate(frame, "ROW-MISSING", "ROW-TWICE", "AT-LEAST-ONE")
    assert found(outcome) == {
        ("ROW-MISSING", "990101001001", "名册中的990101001001没有填报"),
        ("ROW-TWICE", "990101001000", "990101001000填报了2行：第6、20行"),
    }


def test_a_subdistrict_that_sent_nothing_is_not_asked_and_counted(evaluate):
    jia = rows_of(UNITS).query("subdistrict_code == @JIA")
    outcome, _ = evaluate(jia, "ROW-MISSING", "AT-LEAST-ONE", "TEAM-AGE", lists=lists_of(UNITS).iloc[:1])
    silent = [execution for execution in outcome.executions if execution.subdistrict_code == YI]
    assert outcome.violations == ()
    assert {execution.reason for execution in silent} == {"本月未报送（2024-03）"}
    assert {e.not_executed for e in silent if e.rule_code == "ROW-MISSING"} == {3}


def test_a_month_without_any_row_runs_no_suite(evaluate):
    outcome, suites = evaluate(rows_of(UNITS).iloc[:0], lists=lists_of(UNITS).iloc[:0])
    assert (outcome.violations, suites) == ((), [])
    assert all(execution.reason == "本月未报送（2024-03）" for execution in outcome.executions)


@pytest.mark.parametrize("failing", [21, 201, 450])
def test_every_failing_row_is_reported_however_many(evaluate, failing):
    units = tree(250)
    frame = rows_of(units)
    frame.loc[: failing - 1, "households"] = 0
    outcome, _ = evaluate(frame, "AT-LEAST-ONE", units=units)
    assert [violation.unit_code for violation in outcome.violations] == list(frame["community_code"][:failing])
    assert sum(e.violated for e in outcome.executions) == failing


def test_a_frame_made_from_raw_is_read_with_its_blanks(evaluate):
    rows = rows_of(UNITS).to_dict("records")
    rows[1] |= {"team_members": 4, "zero_petitions": None, "community_type": None, "community_type__text": "—"}
    rows[2] |= {"team_members": None, "administrative_expense": None}
    frame = pa.Table.from_pylist(rows, schema=TABLES["monthly_report_communities"]).to_pandas()
    outcome, _ = evaluate(frame, "TEAM-SIZE", "BLANK-COMMUNITY", "IN-LIST")
    assert found(outcome) == {
        ("TEAM-SIZE", "990101001001", "B01 班子成员数（两委+监委）：4<5"),
        ("BLANK-COMMUNITY", "990101001001", "F01 零上访：未填报"),
        ("BLANK-COMMUNITY", "990101001001", "P05 社区类型：填为“—”，未能读出可用的值"),
        ("BLANK-COMMUNITY", "990101001002", "B01 班子成员数（两委+监委）：未填报"),
        ("BLANK-COMMUNITY", "990101001002", "E05 管理费用（累计）：未填报"),
    }


def test_data_docs_name_the_rules_and_older_months_stay(evaluate, tmp_path):
    (tmp_path / "2024-02").mkdir()
    (tmp_path / "2024-02" / "index.html").write_text("二月")
    frame = rows_of(UNITS)
    frame.loc[0, "households"] = 0
    for _ in range(2):  # the second evaluation of a month replaces its pages
        evaluate(frame, "AT-LEAST-ONE", docs_folder=tmp_path)
    (page,) = tmp_path.glob("2024-03/validations/社区月报/**/*.html")
    shown = page.read_text(encoding="utf-8")
    assert "应不小于1：P01 户数（AT-LEAST-ONE" in shown
    assert "990101001000" in shown
    assert "社区月报" in (tmp_path / "2024-03" / "index.html").read_text(encoding="utf-8")
    assert (tmp_path / "2024-02" / "index.html").read_text() == "二月"


def test_no_page_of_data_docs_fetches_anything_from_the_internet(evaluate, tmp_path):
    evaluate(rows_of(UNITS), "AT-LEAST-ONE", docs_folder=tmp_path)
    for page in tmp_path.rglob("*.html"):
        shown = page.read_text(encoding="utf-8")
        assert not re.search(r"""<(script|img)[^>]+src=["']?http|<link[^>]+href=["']?http""", shown), page


def test_one_page_leads_to_every_months_results_without_the_internet(evaluate, tmp_path):
    older = tmp_path / "2024-02" / "validations" / "社区月报"
    older.mkdir(parents=True)
    (older / "二月.html").write_text("二月")
    evaluate(rows_of(UNITS), "AT-LEAST-ONE", docs_folder=tmp_path)
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    links = [unquote(link) for link in re.findall('href="([^"]+)"', page)]
    assert [link.split("/")[0] for link in links] == ["2024-03", "2024-02"]
    assert all((tmp_path / link).is_file() for link in links)
    assert "http" not in page


def test_great_expectations_draws_no_progress_bars(evaluate, capfd):
    evaluate(rows_of(UNITS), "AT-LEAST-ONE")
    assert capfd.readouterr() == ("", "")


def test_importing_the_package_does_not_import_great_expectations():
    code = (
        "import sys, expectations.structure; sys.exit('great_expectations' in sys.modules or 'pandas' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_months_evaluated_together_are_told_apart(rules):
    then, now = date(2024, 2, 1), MONTH
    broken = rows_of(UNITS)
    broken.loc[0, "households"] = None
    asked = [
        StructureInputs(then, broken, lists_of(UNITS), tuple(UNITS), tuple(rules)),
        StructureInputs(now, rows_of(UNITS), lists_of(UNITS), tuple(UNITS), tuple(rules)),
    ]
    outcomes, suites = evaluate_structure(asked, None)
    assert [violation.month for violation in outcomes[then].violations] == [then]
    assert outcomes[now].violations == ()
    assert len(suites) == 3


def test_the_same_community_in_two_months_does_not_stand_twice(rules):
    months = [date(2024, 2, 1), MONTH]
    asked = [StructureInputs(m, rows_of(UNITS), lists_of(UNITS), tuple(UNITS), tuple(rules)) for m in months]
    outcomes, _ = evaluate_structure(asked, None)
    assert all(outcome.violations == () for outcome in outcomes.values())
