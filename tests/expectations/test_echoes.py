"""An error of last month is said once: what it breaks this month follows from it, what is wrong this month does not."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from expectations.catalogue import load_catalogue
from expectations.evaluate import NOTHING, Evaluation, evaluate
from expectations.history import History, Inputs
from expectations.recorded import read, recorded
from expectations.run import evaluate_month, evaluate_months, stale_months
from expectations.suspicions import Suspicion, suspected_in, suspicions
from ingest.data_root import DataRoot
from ingest.raw.schema import TABLES
from tests.expectations.stored import correction, new_root, send
from tests.expectations.support import COMMUNITIES, FEBRUARY, JANUARY, MARCH, UNITS, Month, clean_month, sums

CATALOGUE = load_catalogue(None)
ONE, TWO = COMMUNITIES[:2]
YUAN = {"E01": "126000.00", "E02": "177600.00", "E04": "4600.00", "E05": "11000.00", "E06": "288000.00",
        "E07": "2700.00"}  # fmt: skip


def february_with(unit: str, **changes: Any) -> Month:
    month = clean_month(FEBRUARY)
    month.communities[unit].update(changes)
    month.totals = {code: sums(month, code) for code in month.lists}
    return month


def january() -> Month:
    """So that January's flows fit February's stocks."""
    return clean_month(JANUARY, D03=101, W01=726, E01="8.00", E02="9.00", E04="0.30", E05="0.80", E06="15.90")


def evaluated(month: Month, *earlier: Month, suspected: tuple[Suspicion, ...] = ()) -> Evaluation:
    history = History({one.month: one.tables() for one in earlier}, month.tables())
    return evaluate(Inputs(month.month, month.tables(), history, UNITS, suspicions=suspected), CATALOGUE, NOTHING)


def march_after(february: Month, march: Month) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The findings of February, and those of March that read them."""
    before = evaluated(february, january())
    suspected = suspected_in(before.findings, before.suggestions)
    after = evaluated(march, february, january(), suspected=suspected)
    return before.findings.to_pylist(), after.findings.to_pylist()


def of_rule(findings: list[dict[str, Any]], rule: str) -> list[dict[str, Any]]:
    return [row for row in findings if row["rule_code"] == rule]


def test_a_block_in_yuan_last_month_makes_no_findings_this_month() -> None:
    before, now = march_after(february_with(ONE, **YUAN), clean_month())
    [cause] = of_rule(before, "MONEY-UNIT-BLOCK")
    echoes = of_rule(now, "YEAR-TO-DATE")
    assert [row["item_codes"] for row in echoes] == ["E01", "E02", "E04", "E05", "E07"]
    assert {row["suppressed_by"] for row in echoes} == {cause["alert_id"]}


def test_a_wrong_stock_last_month_does_not_fail_the_flow_again() -> None:
    before, now = march_after(february_with(ONE, D03=200), clean_month())
    [cause] = of_rule(before, "MEMBERS-FLOW")
    [echo] = of_rule(now, "MEMBERS-FLOW")
    assert (cause["suggested_values"], cause["suppressed_by"]) == ("D03=100", None)
    assert echo["suppressed_by"] == cause["alert_id"]


def test_what_stays_wrong_with_last_month_put_right_is_a_finding_of_its_own() -> None:
    march = clean_month()
    march.communities[ONE]["D03"] = 88
    _, now = march_after(february_with(ONE, D03=200), march)
    assert [row["suppressed_by"] for row in of_rule(now, "MEMBERS-FLOW")] == [None]


def test_another_unit_with_the_same_finding_keeps_it() -> None:
    march = clean_month()
    march.communities[TWO]["D03"] = 120
    _, now = march_after(february_with(ONE, D03=200), march)
    assert {row["unit_code"]: bool(row["suppressed_by"]) for row in of_rule(now, "MEMBERS-FLOW")} == {
        ONE: True,
        TWO: False,
    }


def test_the_worst_alert_says_what_a_cell_should_have_been_and_alternatives_and_totals_do_not() -> None:
    findings = [{"alert_id": "a", "severity": "mandatory"}, {"alert_id": "b", "severity": "hint"}]
    row = {
        "alert_id": "a",
        "rank": 1,
        "is_suggested": True,
        "kind": "cells",
        "confidence": 0.7,
        "unit_code": ONE,
        "item_code": "D03",
    }
    rows = [
        row | {"value": "100"},
        row | {"item_code": "F01", "value": "是"},
        row | {"rank": 2, "item_code": "D04", "value": "9"},
        row | {"alert_id": "b", "value": "5", "confidence": 0.9},
        row | {"item_code": "D07", "value": "7", "kind": "total"},
    ]
    tables = (
        pa.Table.from_pylist(rows, schema=TABLES[name])
        for name, rows in (("findings", findings), ("suggestions", rows))
    )
    assert suspected_in(*tables) == (Suspicion(ONE, "D03", "100", "a"), Suspicion(ONE, "F01", "是", "a"))


@pytest.fixture
def root(tmp_path: Path) -> DataRoot:
    """January to March; February has an error, and nothing was evaluated."""
    made = new_root(tmp_path)
    for month in (january(), february_with(ONE, D03=200), clean_month()):
        send(made, month)
    return made


def latest(root: DataRoot) -> list[tuple[str, str | None]]:
    """(rule, suppressed by) of the latest evaluation of March."""
    rows = read(root, "findings", MARCH, recorded(root, MARCH)[-1].evaluation_id).to_pylist()
    return [(row["rule_code"], row["suppressed_by"]) for row in rows]


def test_a_later_evaluation_of_last_month_makes_this_month_stale_and_takes_its_echo_away(root: DataRoot) -> None:
    evaluate_month(root, MARCH)
    assert ("MEMBERS-FLOW", None) in latest(root)
    evaluate_months(root, [JANUARY, FEBRUARY])
    assert stale_months(root) == [MARCH]
    evaluate_month(root, MARCH)
    [suspicion] = suspicions(root, FEBRUARY)
    assert ("MEMBERS-FLOW", suspicion.alert_id) in latest(root)
    assert stale_months(root) == []


def test_months_are_evaluated_from_the_earliest_and_until_none_is_stale(root: DataRoot) -> None:
    evaluate_months(root, [MARCH])
    reports, _ = evaluate_months(root, [MARCH, FEBRUARY, JANUARY])
    assert [report.month for report in reports] == [MARCH, FEBRUARY, JANUARY]
    assert stale_months(root) == []
    correction(root, clean_month(FEBRUARY))
    evaluate_months(root, [FEBRUARY, MARCH])
    assert suspicions(root, FEBRUARY) == ()
    assert latest(root) == []
