"""Running again: nothing new changes nothing, a correction changes its month, a killed run is made good."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import threading
from datetime import date
from pathlib import Path

import duckdb
import pytest

from tests.end_to_end.support import all_marts, mart_names, mart_rows, rewrite_cell, run, wuxing

pytestmark = pytest.mark.slow


@pytest.fixture
def root(demo_root: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(demo_root, tmp_path / "data"))


def published_bytes(root: Path) -> dict[str, str]:
    files = [path for path in (root / "published").rglob("*") if path.is_file() and path.name != "manifest.json"]
    return {str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_a_second_run_changes_no_published_byte_but_the_time(root: Path):
    before, manifest = published_bytes(root), json.loads((root / "published/manifest.json").read_text())
    run(root, "refresh")
    after = json.loads((root / "published/manifest.json").read_text())
    assert published_bytes(root) == before
    assert {key for key in manifest if manifest[key] != after[key]} <= {"checked_at"}


def send_correction(root: Path) -> None:
    source = next(path for path in sorted((root / "inbox").rglob("甲街道2023年8月*.xlsx")))
    rewrite_cell(source, source.with_name("甲街道2023年8月（补报）.xlsx"), "社区月报", "甲二社区", "注册志愿者", 77)


def test_a_correction_changes_its_month_only_and_equals_a_full_rebuild(root: Path):
    before = {mart: mart_rows(root, mart) for mart in ("community_month", "subdistrict_month", "star_ratings")}
    send_correction(root)
    run(root, "refresh")
    for mart, rows in before.items():
        changed = set(rows) ^ set(mart_rows(root, mart))
        assert {row[0] for row in changed} <= {date(2023, 8, 1)}
    assert set(before["community_month"]) != set(mart_rows(root, "community_month"))
    corrected = all_marts(root)
    run(root, "refresh", "--full")
    assert all_marts(root) == corrected


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_run_killed_at_any_moment_and_run_again_ends_in_the_same_marts(demo_root: Path, tmp_path: Path, seed: int):
    root = tmp_path / "data"
    run(root, "init")
    shutil.copytree(demo_root / "inbox", root / "inbox", dirs_exist_ok=True)
    shutil.copy(demo_root / "reference/units.csv", root / "reference/units.csv")
    killed = 0
    chance = random.Random(seed)
    for _ in range(3):
        process = subprocess.Popen(wuxing(root, "refresh"), start_new_session=True, stdout=subprocess.DEVNULL)
        try:
            process.wait(timeout=chance.uniform(1.0, 18.0))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            killed += 1
        process.wait()
    assert killed >= 1
    run(root, "refresh")
    assert all_marts(root) == all_marts(demo_root)


def test_an_analyst_reading_in_a_loop_during_a_refresh_never_sees_an_error(root: Path):
    send_correction(root)
    done, reads, errors = threading.Event(), [], []

    def read() -> None:
        while not done.is_set():
            try:
                with duckdb.connect(str(root / "published/wuxing.duckdb"), read_only=True) as published:
                    reads.append(published.execute("select count(*) from marts.star_ratings").fetchone())
            except duckdb.Error as error:
                errors.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    run(root, "refresh")
    done.set()
    reader.join()
    assert not errors
    assert len(reads) > 20
    assert set(reads) == {(300,)}


def test_every_mart_of_the_contract_is_published(demo_root: Path):
    contract = {
        "dim_community", "dim_subdistrict", "dim_item", "dim_rule", "dim_star_criterion", "community_month",
        "subdistrict_month", "star_indicators", "star_ratings", "star_summary", "cadre_structure", "cadre_summary",
        "submission_status", "quality_alerts", "rule_executions", "quality_scorecard", "reporting_burden",
    }  # fmt: skip
    assert contract <= set(mart_names(demo_root))
