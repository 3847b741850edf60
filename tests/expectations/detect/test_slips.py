"""The slips that clerks make, as changes of a clean month: found, with the right items, and nothing else mandatory."""

from typing import Any

import pytest

from expectations.catalogue import load_catalogue
from expectations.detect import detect
from expectations.history import History, Inputs
from tests.expectations.support import (
    COMMUNITIES,
    FEBRUARY,
    FIRST,
    JANUARY,
    MARCH,
    SECOND,
    UNITS,
    YEAR_AGO,
    Month,
    clean_month,
    sums,
)  # fmt: skip

CATALOGUE = load_catalogue(None)
RULES = CATALOGUE.expressions(MARCH)
ONE, TWO = COMMUNITIES[0], COMMUNITIES[1]


def found(now: Month, first_totals: bool = True) -> set[tuple[str, str]]:
    """(rule, items) that are violated; the clerk's own totals are made to fit unless a test is about them."""
    if first_totals:
        now.totals = {code: sums(now, code) for code in now.lists}
    past = {month: clean_month(month).tables() for month in (FEBRUARY, JANUARY, YEAR_AGO)}
    outcome = detect(Inputs(MARCH, now.tables(), History(past, now.tables()), UNITS), RULES)
    return {(v.rule_code, ";".join(sorted({o.item_code for o in v.operands}))) for v in outcome.violations}


def with_changes(unit: str, **changes: Any) -> Month:
    now = clean_month()
    (now.lists if unit in now.lists else now.communities)[unit].update(changes)
    return now


def mandatory(violations: set[tuple[str, str]]) -> set[tuple[str, str]]:
    return {(rule, codes) for rule, codes in violations if CATALOGUE.by_id[rule].level == "mandatory"}


def test_a_clean_month_has_no_violation_at_all() -> None:
    assert found(clean_month(), first_totals=False) == set()


@pytest.mark.parametrize(
    ("unit", "changes", "expected"),
    [
        (TWO, {"D03": 142}, {("MEMBERS-FLOW", "D03;D06;D07")}),
        (ONE, {"E03": "1.20", "E06": "39.12"}, {("SURPLUS", "E01;E02;E03;E04;E05;E06")}),
        (
            ONE,
            {"B02": 7, "B03": 5, "B04": 2, "B05": 2, "B06": 3, "B01": 7},
            {("TEAM-SEX", "B01;B02;B03")},
        ),
        (
            ONE,
            {"B02": 7, "B03": 4, "B04": 3, "B05": 1, "B06": 2},
            {("TEAM-SEX", "B01;B02;B03"), ("TEAM-AGES", "B01;B04;B05;B06")},
        ),
        (ONE, {"H02": 2600}, {("MEDICAL-ENROLLED", "H01;H02")}),
        (FIRST, {"G01": 12}, {("COMMUNITIES-REGISTER", "G01")}),
        (SECOND, {"S02": 1}, {("SECRETARIES-SEX", "S01;S02;S03")}),
        (ONE, {"P01": 2600}, {("HOUSEHOLDS-POPULATION", "P01;P02")}),
    ],
    ids=["members_flow", "sign_lost", "swapped", "block_shifted", "enrolled_over_eligible", "community_count",
         "secretaries_sex_sum", "more_households_than_people"],
)  # fmt: skip
def test_a_slip_violates_exactly_the_mandatory_rules_it_breaks(
    unit: str, changes: dict[str, Any], expected: set[tuple[str, str]]
) -> None:
    assert mandatory(found(with_changes(unit, **changes))) == expected


def test_two_digits_too_many_are_asked_about_by_every_ratio_of_the_population() -> None:
    violations = found(with_changes(ONE, P02=258100))
    assert {rule for rule, _ in violations} >= {
        "HOUSEHOLD-SIZE",
        "POPULATION-CHANGE",
        "RESIDENTS-POPULATION",
        "MEDICAL-ELIGIBLE",
    }
    assert mandatory(violations) == set()


def test_a_block_in_yuan_is_one_question_about_the_whole_block() -> None:
    block = {
        "E01": "179200",
        "E02": "246000",
        "E03": "0",
        "E04": "6700",
        "E05": "15300",
        "E06": "403200",
        "E07": "2700",
    }
    money = {
        rule: codes for rule, codes in found(with_changes(ONE, **block)) if CATALOGUE.by_id[rule].kind == "unit_error"
    }
    assert money == {"MONEY-UNIT-BLOCK": "E01;E02;E03;E04;E05;E06;E07"}


def test_one_amount_in_yuan_is_a_question_about_that_amount() -> None:
    violations = found(with_changes(ONE, E07="2700"))
    assert ("MONEY-UNIT", "E07") in violations
    assert "MONEY-UNIT-BLOCK" not in {rule for rule, _ in violations}


def test_a_total_row_that_does_not_fit_is_found_at_its_item() -> None:
    now = clean_month()
    now.totals[FIRST]["D03"] += 100
    assert found(now, first_totals=False) == {("TOTAL-ROW", "D03")}


def test_last_months_file_breaks_the_flow_of_members() -> None:
    now = clean_month(FEBRUARY)
    now.month = MARCH
    violations = found(now)
    assert ("MEMBERS-FLOW", "D03;D06;D07") in violations
