"""One cause is said once: missing submissions, rows, columns; rules that hit everybody."""

from dataclasses import replace
from typing import Any

import pyarrow as pa

from expectations.catalogue import load_catalogue
from expectations.findings import Finding, collect
from expectations.history import History, Inputs
from expectations.violation import Operand, Violation
from ingest.raw.schema import TABLES
from ingest.reference import Unit
from tests.expectations.support import (
    COMMUNITIES,
    COUNTY,
    FIRST,
    MARCH,
    SECOND,
    UNITS,
    Month,
    clean_month,
    community_units,
)

CATALOGUE = load_catalogue(None)
ONE, OTHER = COMMUNITIES[0], COMMUNITIES[3]


def problem(kind: str, severity: str, **more: Any) -> dict[str, Any]:
    return {
        "subdistrict_code": FIRST, "month": MARCH, "form": "monthly_report", "workbook": "a.xlsx", "sheet": "社区月报",
        "kind": kind, "severity": severity, "message": f"{kind}：请核对", **more,
    }  # fmt: skip


def violation(rule: str, unit: str, *items: str) -> Violation:
    return Violation(rule, unit, MARCH, tuple(Operand(item, unit, MARCH, "") for item in items), "")


def collected(
    violations: list[Violation],
    problems: tuple[dict[str, Any], ...] = (),
    month: Month | None = None,
    units: tuple[Unit, ...] = UNITS,
) -> dict[tuple[str, str, str], Finding]:
    tables = (month or clean_month()).tables()
    tables["problems"] = pa.Table.from_pylist(list(problems), schema=TABLES["problems"])
    findings = collect(Inputs(MARCH, tables, History(), units), CATALOGUE.by_id, violations)
    assert len({finding.alert_id for finding in findings}) == len(findings)
    return {(f.rule_code, f.unit_code, ";".join(f.item_codes)): f for f in findings}


def test_a_rejected_cell_is_mandatory_a_flagged_one_is_asked_and_a_note_is_nobodys() -> None:
    found = collected(
        [],
        (
            problem("not_a_number", "rejected", unit_code=ONE, item_code="B01", cell="P5", text="七"),
            problem("approximate", "flagged", unit_code=ONE, item_code="P02", cell="D5", text="约2600"),
            problem("blank_mark", "note", unit_code=ONE, item_code="V02", cell="AR5", text="—"),
        ),
    )
    assert {(f.rule_code, f.severity, f.reported) for f in found.values()} == {
        ("INGEST-not_a_number", "mandatory", "B01=七"),
        ("INGEST-approximate", "verification", "P02=约2600"),
    }
    assert found["INGEST-not_a_number", ONE, "B01"].message == "子社区：not_a_number：请核对"


def test_problems_of_the_same_kind_and_unit_stand_together() -> None:
    found = collected([], tuple(problem("column_unknown", "rejected", cell=f"{letter}4") for letter in "XYZ"))
    (one,) = found.values()
    assert one.message.endswith("（共 3 处）")
    assert [cell.cell for cell in one.cells] == ["X4", "Y4", "Z4"]


def test_a_missing_submission_is_said_once_and_hides_what_follows_from_it() -> None:
    month = clean_month()
    del month.lists[SECOND]
    found = collected([violation("ROW-MISSING", OTHER)], month=month)
    missing = found["SUBMISSION-MISSING", SECOND, ""]
    assert missing.severity == "mandatory"
    assert missing.message == "乙街道：2024年3月五星月报没有报送"
    assert found["ROW-MISSING", OTHER, ""].suppressed_by == missing.alert_id


def test_a_missing_column_hides_the_blanks_of_all_communities_and_is_as_severe_as_they() -> None:
    blanks = [violation("BLANK-COMMUNITY", code, "V01") for code in COMMUNITIES[:3]]
    column = problem("column_missing", "flagged", item_code="V01")
    found = collected([*blanks, violation("BLANK-COMMUNITY", OTHER, "V01")], (column,))
    cause = found["INGEST-column_missing", FIRST, "V01"]
    assert cause.severity == "mandatory"
    assert [found["BLANK-COMMUNITY", code, "V01"].suppressed_by for code in COMMUNITIES[:3]] == [cause.alert_id] * 3
    assert found["BLANK-COMMUNITY", OTHER, "V01"].suppressed_by is None


def test_a_cell_that_could_not_be_read_is_not_called_blank_as_well() -> None:
    rejected = problem("not_a_number", "rejected", unit_code=ONE, item_code="B01", cell="P5", text="七")
    found = collected([violation("BLANK-COMMUNITY", ONE, "B01"), violation("BLANK-COMMUNITY", ONE, "B02")], (rejected,))
    assert found["BLANK-COMMUNITY", ONE, "B01"].suppressed_by == found["INGEST-not_a_number", ONE, "B01"].alert_id
    assert found["BLANK-COMMUNITY", ONE, "B02"].suppressed_by is None


def test_a_missing_list_hides_its_blanks() -> None:
    found = collected([violation("BLANK-SUBDISTRICT", FIRST, "S01")], (problem("item_list_missing", "flagged"),))
    assert (
        found["BLANK-SUBDISTRICT", FIRST, "S01"].suppressed_by == found["INGEST-item_list_missing", FIRST, ""].alert_id
    )


def test_a_community_whose_row_was_rejected_is_not_called_missing_as_well() -> None:
    conflict = problem("duplicate_conflict", "rejected", unit_code=ONE)
    found = collected([violation("ROW-MISSING", ONE)], (conflict,))
    assert found["ROW-MISSING", ONE, ""].suppressed_by == found["INGEST-duplicate_conflict", ONE, ""].alert_id


def test_ingests_word_about_a_missing_community_follows_from_the_rule() -> None:
    found = collected([violation("ROW-MISSING", ONE)], (problem("community_missing", "flagged", unit_code=ONE),))
    rule = found["ROW-MISSING", ONE, ""]
    assert rule.suppressed_by is None
    assert found["INGEST-community_missing", ONE, ""].suppressed_by == rule.alert_id


def test_a_verification_rule_that_hits_most_communities_is_one_item_for_the_engineer() -> None:
    found = collected([violation("HOUSEHOLD-SIZE", code, "P01", "P02") for code in COMMUNITIES[:5]])
    storm = found["HOUSEHOLD-SIZE", COUNTY, "P01;P02"]
    assert (storm.channel, storm.severity) == ("engineer", "verification")
    assert "6 个社区中的 5 个" in storm.message
    assert {f.suppressed_by for key, f in found.items() if key[1] != COUNTY} == {storm.alert_id}


def test_four_hits_sixty_per_cent_or_a_mandatory_rule_are_no_storm() -> None:
    units = (*UNITS, *community_units(SECOND, "午未申酉")[3:])
    assert len([unit for unit in units if unit.level == "community"]) == 7
    four = collected([violation("HOUSEHOLD-SIZE", code, "P01") for code in COMMUNITIES[:4]])
    mandatory = collected([violation("TEAM-SEX", code, "B01") for code in COMMUNITIES])
    eight = tuple(replace_code(units[-1], n) for n in (8, 9))
    five_of_nine = collected([violation("HOUSEHOLD-SIZE", c, "P01") for c in COMMUNITIES[:5]], units=(*units, *eight))
    for found in (four, mandatory, five_of_nine):
        assert all(finding.suppressed_by is None for finding in found.values())


def replace_code(unit: Unit, number: int) -> Unit:
    return replace(unit, unit_code=f"{SECOND[:9]}{number:03}")


def test_an_open_finding_of_a_community_leaves_the_sub_districts_finding() -> None:
    found = collected([violation("TEAM-SEX", ONE, "B02"), violation("SECRETARIES-MEN-TEAM", FIRST, "S02", "B02")])
    assert all(finding.suppressed_by is None for finding in found.values())


def test_findings_come_worst_first_and_in_the_same_order_however_they_are_found() -> None:
    violations = [
        violation("HOUSEHOLD-SIZE", ONE, "P01"),
        violation("TEAM-SEX", OTHER, "B01"),
        violation("TEAM-SEX", ONE, "B01"),
    ]
    assert list(collected(violations)) == list(collected(violations[::-1]))
    assert [key[0] for key in collected(violations)] == ["TEAM-SEX", "TEAM-SEX", "HOUSEHOLD-SIZE"]


def test_a_finding_without_a_cell_names_the_workbook_that_was_sent() -> None:
    found = collected([violation("ROW-MISSING", ONE)])
    assert found["ROW-MISSING", ONE, ""].workbook == f"{FIRST}.xlsx"
    assert replace(found["ROW-MISSING", ONE, ""]).cells == ()
