"""``wuxing refresh`` on two months of real workbooks: what it builds, what it leaves alone, what a kill costs."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from dagster import DagsterInstance

from delivery.published import connect, read_manifest
from ingest.data_root import ENVIRONMENT_VARIABLE, DataRoot
from orchestration.instance import open_instance
from orchestration.listener import Listener
from orchestration.refresh import RunFailed, refresh
from orchestration.staleness import pending
from tests.orchestration.roots import small_root

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def refreshed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DataRoot]:
    """A root after its first refresh; tests work on copies."""
    root = small_root(tmp_path_factory.mktemp("refreshed"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(ENVIRONMENT_VARIABLE, str(root.path))
        refresh(root, Listener())
        yield root


@pytest.fixture
def root(refreshed: DataRoot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataRoot:
    copy = DataRoot(Path(shutil.copytree(refreshed.path, tmp_path / "data")))
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, str(copy.path))
    return copy


def release_id(root: DataRoot) -> str:
    manifest = read_manifest(root)
    assert manifest is not None
    return str(manifest["release_id"])


def months_with_stars(root: DataRoot) -> list[str]:
    with connect(root) as connection:
        rows = connection.execute(
            "select distinct strftime(month, '%Y-%m') from marts.star_ratings order by 1"
        ).fetchall()
    return [month for (month,) in rows]


def job_runs(instance: DagsterInstance) -> list[tuple[str, str]]:
    return sorted((run.job_name, run.status.value) for run in instance.get_runs())


def test_the_first_refresh_publishes_every_month_and_its_runs_are_in_the_roots_instance(root: DataRoot) -> None:
    assert months_with_stars(root) == ["2024-02", "2024-03"]
    with open_instance(root) as instance:
        assert job_runs(instance) == [("ingest", "SUCCESS"), ("refresh", "SUCCESS")]


def test_a_second_refresh_changes_no_published_byte_but_the_time_and_starts_no_run(root: DataRoot) -> None:
    before = {path: path.read_bytes() for path in root.published.rglob("*") if path.is_file()}
    done = refresh(root, Listener())
    after = {path: path.read_bytes() for path in root.published.rglob("*") if path.is_file()}
    assert (done.read, done.months) == (False, [])
    assert {path.name for path in after if after[path] != before.get(path)} <= {"manifest.json"}
    with open_instance(root) as instance:
        assert len(job_runs(instance)) == 2


def test_a_correction_refreshes_its_month_and_equals_a_full_build(root: DataRoot, tmp_path: Path) -> None:
    sent = next(root.inbox.glob("乙街道2024年3月*"))
    shutil.copy(sent, tmp_path / "corrected.xlsx")
    change_a_figure(tmp_path / "corrected.xlsx")
    shutil.copy(tmp_path / "corrected.xlsx", root.inbox / "乙街道2024年3月（更正）.xlsx")
    done = refresh(root, Listener())
    assert [f"{month:%Y-%m}" for month in done.months] == ["2024-03"]
    corrected = release_id(root)
    assert [f"{month:%Y-%m}" for month in refresh(root, Listener(), full=True).months] == ["2024-02", "2024-03"]
    assert release_id(root) == corrected


def change_a_figure(path: Path) -> None:
    import openpyxl

    book = openpyxl.load_workbook(path)
    sheet = book["社区月报"]
    cell = next(cell for row in sheet.iter_rows(min_row=5) for cell in row[3:] if isinstance(cell.value, int))
    cell.value += 1
    book.save(path)


def test_a_failing_invariant_of_our_sql_keeps_the_old_release(
    root: DataRoot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from orchestration import definitions
    from orchestration.dbt import invoke, project

    broken = tmp_path / "dbt_project"
    shutil.copytree(project.PROJECT, broken, ignore=shutil.ignore_patterns("target", "logs"))
    (broken / "tests").mkdir(exist_ok=True)
    (broken / "tests" / "no_stars_at_all.sql").write_text("select * from {{ ref('star_ratings') }}", encoding="utf-8")
    for module in (invoke, project):
        monkeypatch.setattr(module, "PROJECT", broken)
    monkeypatch.setattr(definitions, "defs", definitions.build_definitions())
    before = release_id(root), root.released_database.read_bytes()
    with pytest.raises(RunFailed, match="no_stars_at_all"):
        refresh(root, Listener())
    assert (release_id(root), root.released_database.read_bytes()) == before
    assert pending(root).full


@pytest.mark.parametrize("left_behind", ["raw/evaluations", "warehouse/wuxing.duckdb"])
def test_a_run_killed_at_any_stage_is_made_good_by_the_next(
    refreshed: DataRoot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, left_behind: str
) -> None:
    root = small_root(tmp_path)
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, str(root.path))
    kill_when_there_is(root, left_behind)
    refresh(root, Listener())
    assert months_with_stars(root) == ["2024-02", "2024-03"]
    assert marts_without_times(root) == marts_without_times(refreshed)
    with open_instance(root) as instance:
        assert "STARTED" not in {status for _, status in job_runs(instance)}


def kill_when_there_is(root: DataRoot, name: str) -> None:
    """Start the command in a process of its own, and end it with -9 as soon as it has written something in ``name``."""
    command = [sys.executable, "-m", "orchestration.cli", "--data", str(root.path), "refresh"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None and not written(root.path / name):
            time.sleep(0.01)
        os.kill(process.pid, signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL


def written(path: Path) -> bool:
    return any(path.glob("month=*/*.parquet")) if path.is_dir() else path.is_file()


def marts_without_times(root: DataRoot) -> list[tuple[object, ...]]:
    """What does not depend on when the files were read."""
    with connect(root) as connection:
        return connection.execute(
            "select 'star', month, community_code, stars_met || '/' || stars_unknown from marts.star_ratings union all "
            "select 'alert', month, alert_id, status || message from marts.quality_alerts order by all"
        ).fetchall()
