"""From a violated rule to a sentence with numbers and cells."""

import hashlib
from typing import Any

import pyarrow as pa
import pytest

from expectations.catalogue import load_catalogue
from expectations.detect import detect
from expectations.findings import collect
from expectations.findings.addresses import joined
from expectations.findings.model import UnitTree
from expectations.findings.rows import cell_rows, finding_rows
from expectations.history import History, Inputs
from ingest.raw.schema import TABLES
from tests.expectations.support import COMMUNITIES, FEBRUARY, FIRST, MARCH, UNITS, Month, clean_month

CATALOGUE = load_catalogue(None)
ONE = COMMUNITIES[0]


def rows(now: Month) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Findings and cells of a month whose February was clean."""
    inputs = Inputs(MARCH, now.tables(), History({FEBRUARY: clean_month(FEBRUARY).tables()}, now.tables()), UNITS)
    outcome = detect(inputs, CATALOGUE.expressions(MARCH))
    findings = collect(inputs, CATALOGUE.by_id, outcome.violations)
    found = finding_rows(findings, "e1", UnitTree(UNITS, MARCH))
    assert found.schema == TABLES["findings"]
    return found.to_pylist(), cell_rows(findings, "e1").to_pylist()


def finding(now: Month, rule: str) -> dict[str, Any]:
    return next(row for row in rows(now)[0] if row["rule_code"] == rule)


def test_the_sentence_names_the_unit_what_should_hold_and_the_numbers() -> None:
    now = clean_month()
    now.communities[ONE]["B01"] = 8
    row = finding(now, "TEAM-SEX")
    assert row["message"] == "子社区：班子男女之和应等于班子成员数（B02+B03=B01：5+2≠8）"
    assert row["reported"] == "B02=5;B03=2;B01=8"
    assert row["item_codes"] == "B01;B02;B03"
    assert (row["workbook"], row["sheet"], row["cell"]) == (f"{FIRST}.xlsx", "社区月报", "P5,Q5,R5")
    assert (row["unit_level"], row["community_code"], row["subdistrict_code"]) == ("community", ONE, FIRST)
    assert (row["severity"], row["channel"], row["evaluation_id"]) == ("mandatory", "alert", "e1")


def test_an_alert_is_named_by_rule_unit_month_and_items_never_by_values() -> None:
    first, second = clean_month(), clean_month()
    first.communities[ONE]["B01"] = 8
    second.communities[ONE]["B01"] = 9
    ids = {finding(month, "TEAM-SEX")["alert_id"] for month in (first, second)}
    identity = f'["TEAM-SEX", "{ONE}", "2024-03-01", ["B01", "B02", "B03"]]'
    assert ids == {hashlib.sha256(identity.encode()).hexdigest()[:16]}


def test_last_months_cell_stands_among_the_cells_of_a_flow() -> None:
    now = clean_month()
    now.communities[ONE]["D03"] = 142
    found, cells = rows(now)
    row = next(row for row in found if row["rule_code"] == "MEMBERS-FLOW")
    assert row["reported"] == "D03=142;D03[2024-02]=100;D06=1;D07=2"
    assert row["cell"] == "J5,L5,M5"
    mine = [cell for cell in cells if cell["alert_id"] == row["alert_id"]]
    assert [(c["ordinal"], c["cell"], f"{c['cell_month']:%Y-%m}", c["value"]) for c in mine] == [
        (1, "J5", "2024-03", "142"), (2, "J5", "2024-02", "100"), (3, "L5", "2024-03", "1"), (4, "M5", "2024-03", "2"),
    ]  # fmt: skip


def test_a_roll_up_points_at_the_list_and_keeps_the_communities_cells() -> None:
    now = clean_month()
    now.lists[FIRST]["S02"] = 16
    found, cells = rows(now)
    row = next(row for row in found if row["rule_code"] == "SECRETARIES-MEN-TEAM")
    assert (row["sheet"], row["cell"], row["reported"]) == ("街道汇总", "C5", "S02=16;ΣB02=15")
    beside = [cell["cell"] for cell in cells if cell["alert_id"] == row["alert_id"] and cell["sheet"] == "社区月报"]
    assert beside == ["Q5", "Q6", "Q7"]


def test_a_total_row_and_its_column_are_one_range() -> None:
    now = clean_month()
    now.totals[FIRST]["D03"] = 397
    row = finding(now, "TOTAL-ROW")
    assert row["reported"] == "合计D03=397;ΣD03=297"
    assert (row["cell"], row["community_code"], row["unit_level"]) == ("J5:J8", None, "subdistrict")


def test_words_are_told_as_they_were_answered() -> None:
    now = clean_month()
    now.communities[ONE].update(F04=False, X02="01110")
    assert finding(now, "THREE-ZERO")["reported"] == "F04=否;F01=是;F02=是;F03=是"
    assert finding(now, "STARS-LEVEL")["reported"] == "X02=01110;X01=4"


def test_a_column_that_was_not_sent_has_no_cell_but_is_still_named() -> None:
    now = clean_month()
    now.communities[ONE]["B01"] = 8
    tables = now.tables()
    kept = [row for row in tables["headers"].to_pylist() if row["item_code"] != "B03"]
    tables["headers"] = pa.Table.from_pylist(kept, schema=TABLES["headers"])
    inputs = Inputs(MARCH, tables, History(), UNITS)
    violations = detect(inputs, [CATALOGUE.by_id["TEAM-SEX"]]).violations
    row = finding_rows(collect(inputs, CATALOGUE.by_id, violations), "", UnitTree(UNITS, MARCH)).to_pylist()[0]
    assert (row["cell"], row["item_codes"]) == ("P5,Q5", "B01;B02;B03")


@pytest.mark.parametrize(
    ("addresses", "expected"),
    [
        (["P7", "Q7", "R7"], "P7,Q7,R7"),
        ([f"D{n}" for n in range(14, 4, -1)], "D5:D14"),
        (["D5", "D7", "D8", "AA1", "Z1"], "D5,D7:D8,Z1,AA1"),
        (["C3", "C3", "A1:B2"], "C3,A1:B2"),
        ([], ""),
    ],
)
def test_addresses_are_joined_short(addresses: list[str], expected: str) -> None:
    assert joined(addresses) == expected
