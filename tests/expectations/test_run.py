"""Evaluations as a log: what is stale, what is written, and that nothing is written twice."""

import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from expectations.history import History
from expectations.run import evaluate_month, evaluate_tables, stale_months
from ingest.data_root import DataRoot
from ingest.raw.read import load_month, partition
from ingest.raw.schema import TABLES
from ingest.raw.store import ensure_schemas, write_parquet
from tests.expectations.support import (
    COMMUNITIES,
    FEBRUARY,
    FIRST,
    MARCH,
    SECOND,
    UNITS,
    Month,
    clean_month,
    received_at,
)

WRITTEN = ("findings", "finding_cells", "rule_executions", "evaluations")


def send(root: DataRoot, month: Month) -> None:
    for name, table in month.tables().items():
        write_parquet(partition(root, name, month.month) / f"batch-{month.version}.parquet", table)


def correction(root: DataRoot, month: Month) -> None:
    month.version = 2
    tables = month.tables()
    for name, table in tables.items():
        at = table.schema.get_field_index("batch_id")
        renamed = table.set_column(at, table.schema.field(at), [["batch-two"] * len(table)])
        write_parquet(partition(root, name, month.month) / "batch-2.parquet", renamed)


@pytest.fixture
def root(tmp_path: Path) -> DataRoot:
    made = DataRoot(tmp_path).create()
    ensure_schemas(made)
    names = list(UNITS[0].model_dump())
    lines = [",".join(names)]
    for unit in UNITS:
        values = unit.model_dump()
        lines.append(",".join("" if values[name] in (None, ()) else str(values[name]) for name in names))
    made.units_file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    send(made, clean_month(FEBRUARY))
    send(made, clean_month())
    return made


def rows(root: DataRoot, table: str, month: date = MARCH) -> list[dict[str, Any]]:
    files = sorted(partition(root, table, month).glob("*.parquet"))
    return [row for file in files for row in pq.read_table(file, partitioning=None).to_pylist()]


def contents(root: DataRoot) -> dict[str, bytes]:
    return {str(path.relative_to(root.raw)): path.read_bytes() for path in sorted(root.raw.rglob("*.parquet"))}


def test_every_month_with_receipts_is_stale_until_it_is_evaluated(root: DataRoot) -> None:
    assert stale_months(root) == [FEBRUARY, MARCH]
    evaluate_month(root, FEBRUARY)
    assert stale_months(root) == [MARCH]
    evaluate_month(root, MARCH)
    assert stale_months(root) == []


def test_a_clean_month_is_executed_and_finds_nothing(root: DataRoot) -> None:
    report = evaluate_month(root, MARCH)
    assert (report.reused, report.findings) == (False, {})
    assert report.executed > 1000
    assert {suite.name for suite in report.gx} and all(suite.success for suite in report.gx)
    assert rows(root, "findings") == []
    (evaluation,) = rows(root, "evaluations")
    assert evaluation["evaluation_id"] == report.evaluation_id
    assert evaluation["as_of"] == evaluation["month_as_of"] == received_at(clean_month())
    counted = rows(root, "rule_executions")
    assert sum(row["executed"] for row in counted) == report.executed
    assert all((row["reason"] is None) == (row["not_executed"] == 0) for row in counted)


def test_the_written_tables_have_the_schemas_of_raw(root: DataRoot) -> None:
    evaluate_month(root, MARCH)
    for name in WRITTEN:
        for file in partition(root, name, MARCH).glob("*.parquet"):
            assert pq.read_table(file, partitioning=None).schema == TABLES[name], name


def test_the_same_inputs_are_evaluated_once_and_write_no_byte_again(root: DataRoot) -> None:
    first = evaluate_month(root, MARCH)
    before = contents(root)
    again = evaluate_month(root, MARCH)
    assert again.reused
    assert (again.evaluation_id, again.executed, again.findings) == (
        first.evaluation_id,
        first.executed,
        first.findings,
    )
    assert contents(root) == before


def test_a_run_that_was_cut_off_ends_in_the_same_bytes(root: DataRoot) -> None:
    evaluate_month(root, MARCH)
    whole = contents(root)
    shutil.rmtree(partition(root, "evaluations", MARCH))
    (next(partition(root, "findings", MARCH).glob("*.parquet"))).write_bytes(b"half")
    assert stale_months(root) == [FEBRUARY, MARCH]
    evaluate_month(root, MARCH)
    assert contents(root) == whole


def test_a_correction_is_a_new_evaluation_of_its_month_and_of_those_that_look_back_to_it(root: DataRoot) -> None:
    first = evaluate_month(root, MARCH)
    evaluate_month(root, FEBRUARY)
    february = clean_month(FEBRUARY)
    february.communities[COMMUNITIES[0]]["D03"] = 90
    correction(root, february)
    assert stale_months(root) == [FEBRUARY, MARCH]
    second = evaluate_month(root, MARCH)
    assert second.evaluation_id != first.evaluation_id
    assert second.findings["mandatory"] == 1
    assert [row["rule_code"] for row in rows(root, "findings") if row["severity"] == "mandatory"] == ["MEMBERS-FLOW"]
    assert len(rows(root, "evaluations")) == 2


def test_a_changed_rule_is_a_later_evaluation_of_the_same_data_and_taking_it_back_another(root: DataRoot) -> None:
    ids = [evaluate_month(root, MARCH).evaluation_id]
    own = root.reference / "rules" / "own.yml"
    own.parent.mkdir()
    own.write_text(
        "form: monthly_report\nrules:\n  - {id: OWN, level: hint, kind: change, scope: community, "
        "title_zh: 户数与上月相同, expression: P01 = P01[-1]}\n",
        encoding="utf-8",
    )
    assert MARCH in stale_months(root)
    ids.append(evaluate_month(root, MARCH).evaluation_id)
    own.unlink()
    assert MARCH in stale_months(root)
    ids.append(evaluate_month(root, MARCH).evaluation_id)
    assert MARCH not in stale_months(root)
    assert evaluate_month(root, MARCH).reused
    in_order = sorted(rows(root, "evaluations"), key=lambda row: row["as_of"])
    assert [row["evaluation_id"] for row in in_order] == ids
    assert len(set(ids)) == 3
    assert in_order[2]["as_of"] - in_order[0]["as_of"] == timedelta(microseconds=2)


def test_a_new_unit_makes_all_months_stale(root: DataRoot) -> None:
    evaluate_month(root, FEBRUARY)
    with root.units_file.open("a", encoding="utf-8") as lines:
        lines.write(f"{SECOND[:9]}004,午社区,community,{SECOND},城中村,village,2024-03-01,,,\n")
    assert FEBRUARY in stale_months(root)
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
    evaluate_month(root, MARCH)
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


def test_a_month_without_receipts_cannot_be_evaluated(root: DataRoot) -> None:
    with pytest.raises(KeyError):
        evaluate_month(root, date(2022, 1, 1))
