"""Running again: nothing new changes nothing, a correction changes its month, readers notice only the new release."""

from __future__ import annotations

import hashlib
import json
import shutil
import threading
import time
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb
import pytest

from tests.end_to_end.support import all_marts, mart_names, mart_rows, rewrite_cell, run

pytestmark = pytest.mark.slow

AUGUST = date(2023, 8, 1)
BY_MONTH = ("community_month", "subdistrict_month", "star_indicators", "star_ratings", "cadre_structure")


def published_bytes(root: Path) -> dict[str, str]:
    files = [path for path in (root / "published").rglob("*") if path.is_file() and path.name != "manifest.json"]
    return {str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_a_second_run_changes_no_published_byte_but_the_time(demo_root: Path, tmp_path: Path):
    root = Path(shutil.copytree(demo_root, tmp_path / "data"))
    before, manifest = published_bytes(root), json.loads((root / "published/manifest.json").read_text())
    run(root, "refresh")
    after = json.loads((root / "published/manifest.json").read_text())
    assert published_bytes(root) == before
    assert {key for key in manifest if manifest[key] != after[key]} <= {"checked_at"}


@dataclass
class Analyst:
    """Opens the published database again and again, as a reader with a query every hundredth of a second."""

    root: Path
    reads: list[tuple[int]] = field(default_factory=list)
    errors: list[duckdb.Error] = field(default_factory=list)
    _done: threading.Event = field(default_factory=threading.Event)

    def read(self) -> None:
        while not self._done.is_set():
            try:
                with duckdb.connect(str(self.root / "published/wuxing.duckdb"), read_only=True) as published:
                    self.reads += published.execute("select count(*) from marts.star_ratings").fetchall()
            except duckdb.Error as error:
                self.errors.append(error)
            time.sleep(0.01)

    def during(self, *arguments: str) -> None:
        reader = threading.Thread(target=self.read)
        reader.start()
        try:
            run(self.root, *arguments)
        finally:
            self._done.set()
            reader.join()


@dataclass
class Corrected:
    """A data root into which a correction of one workbook came, what it held before, and who read meanwhile."""

    root: Path
    before: dict[str, list[tuple]]
    analyst: Analyst


@pytest.fixture(scope="module")
def corrected(demo_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Corrected:
    root = Path(shutil.copytree(demo_root, tmp_path_factory.mktemp("corrected") / "data"))
    before = {mart: mart_rows(root, mart) for mart in BY_MONTH}
    source = next(path for path in sorted((root / "inbox").rglob("甲街道2023年8月*.xlsx")))
    rewrite_cell(source, source.with_name("甲街道2023年8月（补报）.xlsx"), "社区月报", "甲二社区", "注册志愿者", 77)
    analyst = Analyst(root)
    analyst.during("refresh")
    return Corrected(root, before, analyst)


def test_a_correction_changes_its_month_only(corrected: Corrected):
    for mart, rows in corrected.before.items():
        changed = set(rows) ^ set(mart_rows(corrected.root, mart))
        assert {row[0] for row in changed} <= {AUGUST}, mart
    assert set(corrected.before["community_month"]) != set(mart_rows(corrected.root, "community_month"))


def test_an_analyst_reading_in_a_loop_during_a_refresh_never_sees_an_error(corrected: Corrected):
    assert not corrected.analyst.errors
    assert len(corrected.analyst.reads) > 20
    assert set(corrected.analyst.reads) == {(300,)}


def test_the_marts_after_a_correction_equal_a_full_rebuild(corrected: Corrected):
    incremental = all_marts(corrected.root)
    run(corrected.root, "refresh", "--full")
    assert all_marts(corrected.root) == incremental


def test_every_mart_of_the_contract_is_published(demo_root: Path):
    contract = {
        "dim_community", "dim_subdistrict", "dim_item", "dim_rule", "dim_star_criterion", "community_month",
        "subdistrict_month", "star_indicators", "star_ratings", "star_summary", "cadre_structure", "cadre_summary",
        "submission_status", "quality_alerts", "rule_executions", "quality_scorecard", "reporting_burden",
    }  # fmt: skip
    assert contract <= set(mart_names(demo_root))
