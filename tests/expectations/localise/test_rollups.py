"""Every roll-up that the catalogue ships says whose figure it is: the sub-district's, a community's, the total's."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from expectations.catalogue import load_catalogue
from expectations.evaluate import NOTHING, evaluate
from expectations.history import History, Inputs
from tests.expectations.support import COMMUNITIES, FEBRUARY, FIRST, MARCH, UNITS, Month, clean_month, sums

CATALOGUE = load_catalogue(None)
KINDS = ("roll_up", "total", "mean_in_bands")
ONE = COMMUNITIES[0]
# Counted only where every community has a value and the list agrees with the register: then they agree by themselves.
CANNOT_FAIL = {"COMMUNITIES-TYPES", "COMMUNITIES-LEVELS"}

# rule → (where, item, what is typed), the suspected cell, its value
PLANTED: dict[str, tuple[tuple[str, str, Any], str, str]] = {
    "STARS-TOTAL": ((ONE, "X01", 2), f"X01@{ONE}", "4"),
    "SECRETARIES-MEN-TEAM": ((FIRST, "S02", 20), "S02", "2"),
    "SECRETARIES-WOMEN-TEAM": ((FIRST, "S03", 10), "S03", "1"),
    "SECRETARIES-YOUNG-TEAM": ((FIRST, "S04", 10), "S04", "0"),
    "SECRETARIES-OLD-TEAM": ((FIRST, "S06", 11), "S06", "1"),
    "SECRETARIES-COLLEGE-TEAM": ((FIRST, "S09", 20), "S09", "2"),
    "TOTAL-ROW": (("total", "P01", 26_190), "P01", "2619"),
}


def evaluated(month: Month) -> dict[str, list[dict[str, Any]]]:
    """The findings of the first sub-district and its communities by rule, and all rows of suggestions."""
    inputs = Inputs(MARCH, month.tables(), History({FEBRUARY: clean_month(FEBRUARY).tables()}, {}), UNITS)
    evaluation = evaluate(inputs, CATALOGUE, NOTHING)
    found: dict[str, list[dict[str, Any]]] = {"": rows(evaluation.suggestions)}
    for row in rows(evaluation.findings):
        found.setdefault(row["rule_code"], []).append(row)
    return found


def rows(table: pa.Table) -> list[dict[str, Any]]:
    return list(table.to_pylist())


def planted(place: tuple[str, str, Any]) -> Month:
    month = clean_month()
    where, item, value = place
    if where == "total":
        month.totals[FIRST][item] = value
    else:
        (month.lists if where == FIRST else month.communities)[where][item] = value
        month.totals[FIRST] = sums(month, FIRST)
    return month


def test_every_shipped_roll_up_is_planted_below_or_cannot_fail():
    shipped = {rule.id for rule in CATALOGUE.rules if rule.scope == "subdistrict" and rule.kind in KINDS}
    assert {rule for rule in shipped if "-AGE-" not in rule} == set(PLANTED) | CANNOT_FAIL


@pytest.mark.parametrize("rule", sorted(PLANTED))
def test_a_slip_in_a_roll_up_is_named_with_its_value(rule: str):
    place, suspected, value = PLANTED[rule]
    found = evaluated(planted(place))
    [finding] = found[rule]
    assert suspected in finding["suspected_items"].split(";")
    first = [row for row in found[""] if row["alert_id"] == finding["alert_id"] and row["rank"] == 1]
    changes = {f"{row['item_code']}@{row['unit_code']}": row["value"] for row in first}
    assert changes[suspected if "@" in suspected else f"{suspected}@{FIRST}"] == value


def test_a_community_whose_own_row_is_wrong_explains_the_roll_up_above_it():
    found = evaluated(planted((ONE, "X01", 2)))
    [above], [below] = found["STARS-TOTAL"], found["STARS-LEVEL"]
    assert above["suspected_items"] == f"X01@{ONE}"
    assert below["suspected_items"] == "X01"
    assert "子社区X01拟创星级应为4" in above["suggestion"]


@pytest.mark.parametrize("rule", ["TEAM-AGE-BANDS", "TEAM-AGE-MIDDLE"])
def test_where_nothing_tells_a_mean_from_its_bands_the_cells_to_look_at_are_named(rule: str):
    found = evaluated(planted((FIRST, "B08", "70.0")))
    [finding] = found[rule]
    assert finding["suggested_values"] is None
    assert finding["suggestion"].startswith("依据不足，请核对各社区B01班子成员数")
    assert "B08班子平均年龄" in finding["suggestion"]


def test_the_readings_of_an_alert_are_rows_that_lead_to_their_cells():
    found = evaluated(planted((ONE, "B02", 15)))
    [finding] = found["TEAM-SEX"]
    readings = [row for row in found[""] if row["alert_id"] == finding["alert_id"]]
    first = readings[0]
    assert (first["rank"], first["item_code"], first["reported"], first["value"]) == (1, "B02", "15", "5")
    assert first["cell"] in finding["cell"].split(",")
    assert [row["rank"] for row in readings] == sorted(row["rank"] for row in readings)
    assert sum({row["rank"]: row["confidence"] for row in readings}.values()) <= 1.001
