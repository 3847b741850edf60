"""What a correction moved, and series that run on over changes of units."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from expectations.carried import carried
from ingest.data_root import DataRoot
from ingest.raw.read import load_month
from ingest.reference import items, read_units
from ingest.reference.publish import write_reference
from ingest.succession import Succession
from tests.dbt.raw_files import RawFiles, at, community, subdistrict
from tests.dbt.warehouse import dbt, query, records

FEBRUARY, MARCH = date(2024, 2, 1), date(2024, 3, 1)
CORRECTION = f"monthly_report-2024-02-{subdistrict(1)}-v2"
ENROLLED = {"item_code": "H02", "sheet": "社区月报", "column_letter": "AK", "row_number": None}
TEAM = {"alert_id": "team"}
FLOW = {"alert_id": "flow", "rule_code": "members_flow", "item_codes": "D03"}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> DataRoot:
    """February is corrected after March came; with March two communities have become one."""
    files = RawFiles(tmp_path_factory.mktemp("corrected"), subdistricts=1, communities=4)
    lines = files.root.units_file.read_text(encoding="utf-8").splitlines()
    files.root.units_file.write_text("\n".join(_merged(line) for line in lines) + "\n", encoding="utf-8")
    write_reference(files.root)
    files.submit(FEBRUARY, 1, changes={4: None})
    files.evaluate(FEBRUARY, "february-1", at(datetime(2024, 3, 3)), [TEAM])
    files.submit(MARCH, 1, changes={2: None, 3: None, 4: {"P02": 4100}})
    files.evaluate(MARCH, "march-1", at(datetime(2024, 4, 3)))
    files.submit(FEBRUARY, 1, version=2, received=at(datetime(2024, 4, 20)), changes={1: {"H02": 100}, 4: None})
    header = {"batch_id": f"b-{CORRECTION}", "submission_id": CORRECTION, "month": FEBRUARY, **ENROLLED}
    files.write("headers", FEBRUARY, [header])
    files.evaluate(FEBRUARY, "february-2", at(datetime(2024, 4, 20)))
    files.evaluate(MARCH, "march-2", at(datetime(2024, 4, 20)), [FLOW])
    dbt(files.root, "build", "--exclude-resource-type", "unit_test")
    return files.root


def _merged(line: str) -> str:
    ended = (community(1, 2), community(1, 3))
    if line.startswith(ended):
        return line.replace("2020-01-01,,,", f"2020-01-01,2024-02-29,{community(1, 4)},")
    return line.replace("2020-01-01", "2024-03-01") if line.startswith(community(1, 4)) else line


def test_a_correction_lists_its_cells_and_the_sums_they_moved(root: DataRoot) -> None:
    wanted = "select effect, unit_code, item_code, value_before, value_after, change, version, sheet, cell"
    assert query(root, f"{wanted} from marts.correction_effects order by effect") == [
        ("cell", community(1, 1), "H02", "1850", "100", Decimal(-1750), 2, "社区月报", "AK6"),
        ("sum", subdistrict(1), "H02", "5550", "3800", Decimal(-1750), 2, None, None),
    ]


def test_a_star_moves_with_the_item_that_its_criterion_reads(root: DataRoot) -> None:
    [move] = records(root, "from marts.star_moves where criterion_code = 'civility_medical'")
    assert (move["month"], move["community_code"], move["item_codes"]) == (FEBRUARY, community(1, 1), "H02")
    assert (move["status_before"], move["status_after"]) == ("met", "not_met")
    assert (move["star_before"], move["star_after"], move["caused_by"]) == ("met", "not_met", CORRECTION)


def test_a_correction_opens_and_closes_alerts_of_later_months_too(root: DataRoot) -> None:
    moves = query(root, "select month, alert_id, move, caused_by from marts.alert_moves order by month")
    assert moves == [(FEBRUARY, "team", "closed", CORRECTION), (MARCH, "flow", "opened", CORRECTION)]


def test_what_a_move_says_of_now_is_what_the_marts_say(root: DataRoot) -> None:
    assert (
        query(
            root,
            "select m.status_after, i.status from marts.star_moves m join marts.star_indicators i "
            "using (month, community_code, criterion_code) where m.status_after <> i.status",
        )
        == []
    )


def test_the_burden_over_a_merger_compares_with_what_the_workbook_came_prefilled_with(root: DataRoot) -> None:
    origins = Succession(read_units(root)).origins(MARCH, FEBRUARY)
    before, now = carried(load_month(root, FEBRUARY), origins), load_month(root, MARCH)
    expected = sum(
        count_changed(sheet, before[f"monthly_report_{table}"].to_pylist(), now[f"monthly_report_{table}"].to_pylist())
        for sheet, table in (("community", "communities"), ("subdistrict", "subdistricts"))
    )
    sql = f"select cells_changed from marts.reporting_burden where month = date '{MARCH}'"
    assert (query(root, sql), expected > 10) == ([(expected,)], True)


def count_changed(sheet: str, before: list[dict[str, Any]], now: list[dict[str, Any]]) -> int:
    """The prefilled cells of the units of ``now`` that differ."""
    prefilled = [item.column_name for item in items() if item.sheet == sheet and item.asked == "prefilled"]
    last = {row[f"{sheet}_code"]: row for row in before}
    pairs = ((row, last[row[f"{sheet}_code"]]) for row in now)
    return sum(row[name] != earlier.get(name) for row, earlier in pairs for name in prefilled)


def test_one_month_refreshed_alone_equals_a_full_build(root: DataRoot) -> None:
    marts = ("correction_effects", "star_moves", "alert_moves", "community_series")
    before = {mart: query(root, f"from marts.{mart} order by all") for mart in marts}
    dbt(root, "run", "--select", *marts, months=[FEBRUARY])
    assert {mart: query(root, f"from marts.{mart} order by all") for mart in marts} == before


def test_a_series_runs_on_over_a_merger_and_old_months_keep_old_names(root: DataRoot) -> None:
    new = community(1, 4)
    series = query(root, f"select month, registered_population from marts.community_series where series_code = '{new}'")
    assert sorted(series) == [(FEBRUARY, 4000), (MARCH, 4100)]
    changed = query(
        root, "select community_name_before, community_name_after, kind from marts.dim_community_succession"
    )
    assert sorted(changed) == [("社区1-2", "社区1-4", "merged"), ("社区1-3", "社区1-4", "merged")]
    assert {
        code for (code,) in query(root, f"select community_code from marts.community_month where month = '{FEBRUARY}'")
    } == {community(1, number) for number in (1, 2, 3)}


def test_series_and_sub_districts_have_the_same_sums(root: DataRoot) -> None:
    assert query(
        root, "select month, sum(registered_population) from marts.community_series group by 1 order by 1"
    ) == query(root, "select month, sum(registered_population) from marts.subdistrict_month group by 1 order by 1")
