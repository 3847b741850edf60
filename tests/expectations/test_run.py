"""Evaluations as a log: what is stale, what is written, and that nothing is written twice."""

import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from expectations.history import History
from expectations.run import EvaluationReport, evaluate_month, evaluate_months, evaluate_tables, stale_months
from ingest.data_root import DataRoot
from ingest.raw.read import load_month, partition
from ingest.raw.schema import TABLES
from tests.expectations.stored import correction, new_root, send, write_units
from tests.expectations.support import (
    COMMUNITIES,
    FEBRUARY,
    FIRST,
    MARCH,
    SECOND,
    UNITS,
    clean_month,
    community_units,
    received_at,
)

WRITTEN = ("findings", "finding_cells", "suggestions", "rule_executions", "evaluations")


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> DataRoot:
    """Two clean months, not evaluated yet."""
    made = new_root(tmp_path_factory.mktemp("sent"))
    send(made, clean_month(FEBRUARY))
    send(made, clean_month())
    return made


@pytest.fixture(scope="module")
def march_evaluated(sent: DataRoot, tmp_path_factory: pytest.TempPathFactory) -> tuple[DataRoot, EvaluationReport]:
    """The same after March was evaluated, with the report of that."""
    made = copied(sent, tmp_path_factory.mktemp("evaluated"))
    return made, evaluate_month(made, MARCH)


def copied(root: DataRoot, folder: Path) -> DataRoot:
    shutil.copytree(root.path, folder, dirs_exist_ok=True)
    return DataRoot(folder)


@pytest.fixture
def root(march_evaluated: tuple[DataRoot, EvaluationReport], tmp_path: Path) -> DataRoot:
    return copied(march_evaluated[0], tmp_path)


@pytest.fixture
def report(march_evaluated: tuple[DataRoot, EvaluationReport]) -> EvaluationReport:
    return march_evaluated[1]


def rows(root: DataRoot, table: str, month: date = MARCH) -> list[dict[str, Any]]:
    files = sorted(partition(root, table, month).glob("*.parquet"))
    return [row for file in files for row in pq.read_table(file, partitioning=None).to_pylist()]


def contents(root: DataRoot) -> dict[str, bytes]:
    return {str(path.relative_to(root.raw)): path.read_bytes() for path in sorted(root.raw.rglob("*.parquet"))}


def test_every_month_with_receipts_is_stale_until_it_is_evaluated(sent: DataRoot, root: DataRoot) -> None:
    assert stale_months(sent) == [FEBRUARY, MARCH]
    assert stale_months(root) == [FEBRUARY]


def test_a_clean_month_is_executed_and_finds_nothing(root: DataRoot, report: EvaluationReport) -> None:
    assert (report.reused, report.findings) == (False, {})
    assert report.executed > 1000
    assert rows(root, "findings") == []
    (evaluation,) = rows(root, "evaluations")
    assert evaluation["evaluation_id"] == report.evaluation_id
    assert evaluation["as_of"] == evaluation["month_as_of"] == received_at(clean_month())


def test_months_evaluated_together_end_as_months_evaluated_one_by_one(
    sent: DataRoot, root: DataRoot, tmp_path: Path
) -> None:
    together = copied(sent, tmp_path / "together")
    heard: list[int] = []
    reports, suites = evaluate_months(together, [FEBRUARY, MARCH], heard.append)
    evaluate_month(root, FEBRUARY)
    assert contents(together) == contents(root)
    assert [report.month for report in reports] == [FEBRUARY, MARCH]
    assert heard == [0, 1, 2]
    assert len(suites) == 3
    assert all(suite.success for suite in suites)


def test_executions_add_up_and_each_that_did_not_run_has_its_reason(root: DataRoot, report: EvaluationReport) -> None:
    counted = rows(root, "rule_executions")
    assert sum(row["executed"] for row in counted) == report.executed
    assert sum(row["not_executed"] for row in counted) == report.not_executed
    assert all((row["reason"] is None) == (row["not_executed"] == 0) for row in counted)


def test_the_written_tables_have_the_schemas_of_raw(root: DataRoot) -> None:
    for name in WRITTEN:
        (file,) = partition(root, name, MARCH).glob("*.parquet")
        assert pq.read_table(file, partitioning=None).schema == TABLES[name], name


def test_the_same_inputs_are_evaluated_once_and_write_no_byte_again(root: DataRoot, report: EvaluationReport) -> None:
    before = contents(root)
    again = evaluate_month(root, MARCH)
    assert again.reused
    assert (again.evaluation_id, again.executed, again.findings) == (report.evaluation_id, report.executed, {})
    assert contents(root) == before


def test_a_run_that_was_cut_off_ends_in_the_same_bytes(root: DataRoot) -> None:
    whole = contents(root)
    shutil.rmtree(partition(root, "evaluations", MARCH))
    next(partition(root, "findings", MARCH).glob("*.parquet")).write_bytes(b"half")
    assert stale_months(root) == [FEBRUARY, MARCH]
    evaluate_month(root, MARCH)
    assert contents(root) == whole


def test_a_correction_makes_its_month_stale_and_those_that_look_back_to_it(
    root: DataRoot, report: EvaluationReport
) -> None:
    february = clean_month(FEBRUARY)
    february.communities[COMMUNITIES[0]]["D03"] = 90
    correction(root, february)
    assert stale_months(root) == [FEBRUARY, MARCH]
    second = evaluate_month(root, MARCH)
    assert second.evaluation_id != report.evaluation_id
    assert second.findings["mandatory"] == 1
    assert [row["rule_code"] for row in rows(root, "findings") if row["severity"] == "mandatory"] == ["MEMBERS-FLOW"]
    assert len(rows(root, "evaluations")) == 2


OWN_RULE = """
form: monthly_report
rules:
  - {id: OWN, level: hint, kind: change, scope: community, title_zh: 户数与上月相同, expression: "P01 = P01[-1]"}
"""


def test_a_changed_rule_is_a_later_evaluation_of_the_same_data_and_taking_it_back_another(root: DataRoot) -> None:
    own = root.reference / "rules" / "own.yml"
    own.parent.mkdir()
    own.write_text(OWN_RULE, encoding="utf-8")
    assert MARCH in stale_months(root)
    evaluate_month(root, MARCH)
    own.unlink()
    assert MARCH in stale_months(root)
    evaluate_month(root, MARCH)
    assert MARCH not in stale_months(root)
    in_order = sorted(rows(root, "evaluations"), key=lambda row: row["as_of"])
    assert len({row["evaluation_id"] for row in in_order}) == 3
    assert in_order[2]["as_of"] - in_order[0]["as_of"] == timedelta(microseconds=2)
    assert evaluate_month(root, MARCH).evaluation_id == in_order[2]["evaluation_id"]


def test_a_new_unit_makes_all_months_stale_and_is_missed(root: DataRoot) -> None:
    write_units(root, (*UNITS, *community_units(SECOND, "卯辰巳午")[3:]))
    assert stale_months(root) == [FEBRUARY, MARCH]
    evaluate_month(root, MARCH)
    mandatory = {row["rule_code"] for row in rows(root, "findings") if row["severity"] == "mandatory"}
    assert mandatory == {"ROW-MISSING", "COMMUNITIES-REGISTER"}


def test_blanks_and_ranges_are_found_by_great_expectations_with_their_cells(root: DataRoot) -> None:
    march = clean_month()
    march.communities[COMMUNITIES[0]].update(B07=None, D09=-1)
    march.lists[FIRST]["S12"] = None
    correction(root, march)
    evaluate_month(root, MARCH)
    found = {row["rule_code"]: row for row in rows(root, "findings")}
    assert found["BLANK-COMMUNITY"]["cell"] == "V5"
    assert found["BLANK-COMMUNITY"]["item_codes"] == "B07"
    assert found["NOT-NEGATIVE"]["reported"] == "D09=-1"
    assert (found["BLANK-SUBDISTRICT"]["sheet"], found["BLANK-SUBDISTRICT"]["cell"]) == ("街道汇总", "C15")


def test_who_sent_nothing_is_named_once(root: DataRoot) -> None:
    april = clean_month(date(2024, 4, 1))
    del april.lists[SECOND]
    send(root, april)
    report = evaluate_month(root, april.month)
    found = rows(root, "findings", april.month)
    leading = [row for row in found if row["subdistrict_code"] == SECOND and row["suppressed_by"] is None]
    assert [row["rule_code"] for row in leading] == ["SUBMISSION-MISSING"]
    assert report.not_executed > 0


def test_the_rules_that_findings_name_are_written_for_the_marts(root: DataRoot) -> None:
    rules = {row["rule_code"]: row for row in pq.read_table(root.raw / "reference" / "rules.parquet").to_pylist()}
    assert rules["TEAM-SEX"]["expression"] == "B02 + B03 = B01"
    assert rules["TEAM-SEX"]["item_codes"] == "B01;B02;B03"
    assert {"SUBMISSION-MISSING", "INGEST-not_a_number", "T03-ROLLUP"} <= set(rules)


def test_tables_that_are_not_stored_are_evaluated_without_writing_or_missing_anybody(root: DataRoot) -> None:
    before = contents(root)
    march = clean_month()
    march.communities[COMMUNITIES[0]]["B01"] = 8
    del march.lists[SECOND]
    history = History({FEBRUARY: load_month(root, FEBRUARY)})
    evaluation = evaluate_tables(root, MARCH, march.tables(), history)
    found = evaluation.findings.to_pylist()
    assert [row["rule_code"] for row in found if row["severity"] == "mandatory"] == ["TEAM-AGES", "TEAM-SEX"]
    assert {row["subdistrict_code"] for row in found} == {FIRST}
    assert contents(root) == before


def test_one_file_is_no_storm_by_itself(root: DataRoot) -> None:
    march = clean_month(D09=4)
    del march.lists[SECOND]
    found = evaluate_tables(root, MARCH, march.tables(), History()).findings.to_pylist()
    assert {row["rule_code"] for row in found} == {"MEETINGS-HELD"}
    assert {row["suppressed_by"] for row in found} == {None}
