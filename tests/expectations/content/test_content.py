"""A file on time is no report yet: empty, all zeros, last month's, half of one."""

from typing import Any

from expectations.catalogue import load_catalogue
from expectations.content import check_content
from expectations.content.counts import count_values
from expectations.findings import Finding, collect
from expectations.history import History, Inputs
from expectations.violation import Operand, Violation
from ingest.reference import items
from tests.expectations.support import COMMUNITIES, FEBRUARY, FIRST, MARCH, SECOND, UNITS, Month, clean_month

CATALOGUE = load_catalogue(None)
RULES = CATALOGUE.content(MARCH)
ONE = COMMUNITIES[0]
CELLS = 3 * 45 + 15


def inputs_of(now: Month, last: Month | None = None) -> Inputs:
    earlier = {FEBRUARY: last.tables()} if last else {}
    return Inputs(MARCH, now.tables(), History(earlier), UNITS)


def said(now: Month, last: Month | None = None) -> dict[tuple[str, str], str]:
    return {(v.rule_code, v.unit_code): v.detail for v in check_content(inputs_of(now, last), RULES).violations}


def fill(month: Month, subdistrict: str, value: Any) -> Month:
    """Every number of a sub-district's report becomes ``value``; with None every cell does."""
    rows = [values for code, values in month.communities.items() if code[:9] == subdistrict[:9]]
    for values in [*rows, month.lists[subdistrict]]:
        for item in items():
            if item.item_code in values and (value is None or item.value_type in ("integer", "money", "mean")):
                values[item.item_code] = value
    return month


def copy_of_february(month: Month) -> Month:
    month.communities = {code: dict(values) for code, values in clean_month(FEBRUARY).communities.items()}
    return month


def test_a_month_that_moved_on_is_nobodys_copy() -> None:
    assert said(clean_month(), clean_month(FEBRUARY)) == {}


def test_an_empty_report_is_named_with_the_number_of_its_cells() -> None:
    assert said(fill(clean_month(), FIRST, None)) == {("CONTENT-EMPTY", FIRST): f"{CELLS} 个单元格全部为空"}


def test_a_report_of_zeros_is_named_whatever_its_answers_in_words() -> None:
    numbers = sum(item.value_type in ("integer", "money", "mean") for item in items() if item.sheet == "community")
    assert said(fill(clean_month(), FIRST, 0)) == {("CONTENT-ALL-ZERO", FIRST): f"{3 * numbers + 15} 个数值全部为 0"}


def test_last_months_report_is_named_with_its_flows_and_running_totals() -> None:
    found = said(copy_of_february(clean_month()), clean_month(FEBRUARY))
    assert set(found) == {("COPY-OF-LAST-MONTH", FIRST), ("COPY-OF-LAST-MONTH", SECOND)}
    assert found["COPY-OF-LAST-MONTH", FIRST] == (
        f"{CELLS} 个数值与 2024-02 完全相同，其中本月发生数 18 个、累计数 18 个"
    )


def test_a_copy_with_one_corrected_cell_is_still_a_copy_and_says_so() -> None:
    now = copy_of_february(clean_month())
    now.communities[ONE]["P02"] += 1
    assert said(now, clean_month(FEBRUARY))["COPY-OF-LAST-MONTH", FIRST].startswith(
        f"{CELLS} 个数值中 {CELLS - 1} 个与 2024-02 相同"
    )


def test_stocks_that_all_stayed_are_no_copy_while_flows_move() -> None:
    now = copy_of_february(clean_month())
    for values in now.communities.values():
        values["V03"] += 7
        values["E07"] = "0.99"
    assert said(now, clean_month(FEBRUARY)) == {}


def test_half_a_report_is_named_and_a_few_blanks_are_not() -> None:
    now = clean_month()
    for code in COMMUNITIES[:2]:
        now.communities[code] = dict(list(now.communities[code].items())[:20])
    now.communities[COMMUNITIES[3]].update(W01=None, W02=None)
    assert said(now) == {("CONTENT-PARTIAL", FIRST): f"{CELLS} 个单元格中 50 个未填"}


def test_without_a_last_month_the_copy_was_not_looked_for_and_a_missing_report_says_why() -> None:
    now = clean_month()
    del now.lists[SECOND]
    executions = check_content(inputs_of(now), RULES).executions
    assert {(e.rule_code, e.subdistrict_code, e.executed, e.reason) for e in executions if e.rule_code[0] == "C"} >= {
        ("COPY-OF-LAST-MONTH", FIRST, 0, "上月未报送（2024-02）"),
        ("CONTENT-EMPTY", FIRST, 1, None),
        ("CONTENT-EMPTY", SECOND, 0, "本月未报送（2024-03）"),
    }


def test_every_cell_is_counted_once() -> None:
    first, second = count_values(inputs_of(clean_month(), clean_month(FEBRUARY)))
    assert (first.subdistrict, second.subdistrict) == (FIRST, SECOND)
    assert first.asked == first.answered == CELLS


def collected(now: Month, *violations: Violation) -> dict[tuple[str, str], Finding]:
    inputs = inputs_of(now)
    found = collect(inputs, CATALOGUE.by_id, (*violations, *check_content(inputs, RULES).violations))
    return {(f.rule_code, f.unit_code): f for f in found}


def violation(rule: str, item: str) -> Violation:
    return Violation(rule, ONE, MARCH, (Operand(item, ONE, MARCH, "0"),), "")


def test_what_follows_from_a_report_of_zeros_is_said_once() -> None:
    found = collected(fill(clean_month(), FIRST, 0), violation("AT-LEAST-ONE", "P01"), violation("EXPENSE-ZERO", "E04"))
    cause = found["CONTENT-ALL-ZERO", FIRST]
    assert cause.message == "甲街道：报送的数值不应全部为0（129 个数值全部为 0）"
    assert cause.workbook == f"{FIRST}.xlsx"
    assert {f.suppressed_by for key, f in found.items() if key[1] == ONE} == {cause.alert_id}


def test_half_a_report_hides_its_blanks_is_as_severe_as_they_and_hides_nothing_else() -> None:
    now = fill(clean_month(), FIRST, None)
    now.communities[ONE]["P01"] = 873
    found = collected(now, violation("BLANK-COMMUNITY", "B01"), violation("AT-LEAST-ONE", "P01"))
    cause = found["CONTENT-PARTIAL", FIRST]
    assert cause.severity == "mandatory"
    assert found["BLANK-COMMUNITY", ONE].suppressed_by == cause.alert_id
    assert found["AT-LEAST-ONE", ONE].suppressed_by is None
