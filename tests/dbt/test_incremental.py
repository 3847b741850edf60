"""A refresh of some months gives the same marts as a rebuild of all."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from tests.dbt.conftest import FEBRUARY, JANUARY, MARCH
from tests.dbt.raw_files import RawFiles, at
from tests.dbt.warehouse import all_marts, dbt, query

Marts = dict[str, list[tuple]]
MODELS = ("build", "--resource-type", "model", "--resource-type", "seed")
MARK = "update marts.community_month set workbook = 'untouched' where month = date '2024-01-01'"


def change_history(files: RawFiles) -> None:
    """March is corrected and evaluated again; all of February is gone; January's rows carry a mark."""
    files.submit(MARCH, 2, version=2, changes={1: {"E06": "19.99"}})
    files.evaluate(MARCH, "third", at(datetime(2024, 4, 10)))
    for folder in files.root.raw.glob("*/month=2024-02"):
        shutil.rmtree(folder)
    with duckdb.connect(str(files.root.warehouse)) as warehouse:
        warehouse.execute(MARK)


@pytest.fixture(scope="module")
def states(county: RawFiles, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Marts]:
    """The marts before, after a refresh of two months, after a refresh of all, and after a rebuild from nothing."""
    files = RawFiles(Path(shutil.copytree(county.path, tmp_path_factory.mktemp("history") / "county")))
    files.written = county.written
    found = {"before": all_marts(files.root)}
    change_history(files)
    dbt(files.root, *MODELS, months=[FEBRUARY, MARCH])
    found["refreshed"] = all_marts(files.root)
    dbt(files.root, *MODELS)
    found["replaced"] = all_marts(files.root)
    files.root.warehouse.unlink()
    dbt(files.root, *MODELS)
    found["rebuilt"] = all_marts(files.root)
    return found


def of_month(rows: list[tuple], month: object) -> list[tuple]:
    return [row for row in rows if month in row]


def test_a_correction_refreshed_alone_equals_a_full_rebuild(states: dict[str, Marts]):
    assert of_month(states["before"]["star_ratings"], MARCH) != of_month(states["refreshed"]["star_ratings"], MARCH)
    others = states["rebuilt"].keys() - {"community_month"}
    assert {mart: states["refreshed"][mart] for mart in others} == {mart: states["rebuilt"][mart] for mart in others}
    for month in (FEBRUARY, MARCH):
        marts = (states[name]["community_month"] for name in ("refreshed", "rebuilt"))
        assert of_month(next(marts), month) == of_month(next(marts), month)


def test_an_alert_that_the_newest_evaluation_no_longer_finds_is_closed(states: dict[str, Marts]):
    assert any("open" in row for row in states["before"]["quality_alerts"])
    assert not any("open" in row for row in states["refreshed"]["quality_alerts"])


def test_a_month_that_lost_its_rows_loses_them_in_the_marts(states: dict[str, Marts]):
    for mart in ("community_month", "subdistrict_month", "star_indicators", "star_ratings", "cadre_structure"):
        assert of_month(states["before"][mart], FEBRUARY)
        assert not of_month(states["refreshed"][mart], FEBRUARY)


def test_a_refresh_leaves_the_rows_of_other_months_alone(states: dict[str, Marts]):
    rows = of_month(states["refreshed"]["community_month"], JANUARY)
    assert rows
    assert all("untouched" in row for row in rows)


def test_no_month_named_means_all(states: dict[str, Marts]):
    assert states["replaced"] == states["rebuilt"]


def test_the_months_named_reach_the_scan_of_every_monthly_model(county: RawFiles):
    results = dbt(county.root, "compile", "--select", "config.materialized:incremental", months=[MARCH])
    monthly = [result.node for result in results if result.node.config.materialized == "incremental"]
    compiled = {node.name: node.compiled_code for node in monthly}
    assert len(compiled) == 17
    assert [name for name, sql in compiled.items() if "in (date '2024-03-01')" not in sql] == []
    [(_, plan)] = query(county.root, f"explain {compiled['community_month']}")
    assert "month='2024-03-01'" in plan
