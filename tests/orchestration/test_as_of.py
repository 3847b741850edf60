"""``wuxing refresh --as-of``: what was known on a day comes back, and nothing else moves."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from delivery.console.corrections import correction_lines
from delivery.published import connect, read_manifest
from delivery.trace import trace
from ingest.data_root import ENVIRONMENT_VARIABLE, DataRoot
from ingest.inbox import ingest_inbox
from orchestration.as_of import NotKnown, rebuild
from orchestration.cli import main
from orchestration.definitions import defs
from orchestration.listener import Listener
from orchestration.refresh import refresh
from tests.end_to_end.support import rewrite_cell
from tests.orchestration.roots import small_root

pytestmark = pytest.mark.slow

TODAY = datetime.now(ZoneInfo("Asia/Shanghai")).date()
FIRST_DAY, SECOND_DAY = TODAY - timedelta(days=9), TODAY - timedelta(days=2)
COMMUNITY = "990101002002"


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


def tables(root: DataRoot) -> dict[str, Any]:
    manifest = read_manifest(root)
    assert manifest is not None
    return dict(manifest["tables"])


@dataclass(frozen=True)
class History:
    """A root with two releases: of the reports of FIRST_DAY, and of a correction of SECOND_DAY."""

    root: DataRoot
    first: dict[str, Any]
    second: dict[str, Any]


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[History]:
    folder = tmp_path_factory.mktemp("history")
    root = small_root(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(ENVIRONMENT_VARIABLE, str(root.path))
        ingest_inbox(root, noon(FIRST_DAY))
        refresh(root, Listener())
        first = tables(root)
        sent = next(root.inbox.glob("乙街道2024年2月*"))
        correction = root.inbox / "乙街道2月更正.xlsx"
        rewrite_cell(sent, correction, "社区月报", "乙二社区", "注册志愿者", 77)
        rewrite_cell(correction, correction, "社区月报", "乙二社区", "卫生户厕", 100)
        ingest_inbox(root, noon(SECOND_DAY))
        refresh(root, Listener())
        yield History(root, first, tables(root))


def files_outside(root: DataRoot) -> dict[Path, bytes]:
    """Every file of the root but those of its as-of rebuilds and Dagster's."""
    own = (path for path in root.path.rglob("*") if path.is_file() and not path.is_symlink())
    kept = (path for path in own if path.relative_to(root.path).parts[0] not in ("as-of", "dagster"))
    return {path: path.read_bytes() for path in kept}


def test_a_day_between_two_versions_gives_what_was_published_then(history: History) -> None:
    assert history.first != history.second
    rebuilt = rebuild(history.root, FIRST_DAY + timedelta(days=1), Listener())
    assert tables(rebuilt.root) == history.first


def test_a_day_after_the_last_arrival_gives_what_is_published_now(history: History) -> None:
    rebuilt = rebuild(history.root, TODAY, Listener())
    assert tables(rebuilt.root) == history.second
    assert rebuilt.release.release_id == read_manifest(history.root)["release_id"]


def test_the_same_day_asked_twice_gives_the_same_release_and_builds_nothing(history: History) -> None:
    first = rebuild(history.root, FIRST_DAY, Listener())
    built: list[str] = []

    class Heard(Listener):
        def node_finished(self, name: str, status: str) -> None:
            built.append(name)

    again = rebuild(history.root, FIRST_DAY, Heard())
    assert (again.release.release_id, again.release.changed, built) == (first.release.release_id, False, [])


def test_a_full_rebuild_gives_the_same_and_changes_no_other_file_of_the_root(history: History) -> None:
    before = files_outside(history.root)
    rebuilt = rebuild(history.root, FIRST_DAY, Listener(), full=True)
    assert tables(rebuilt.root) == history.first
    assert files_outside(history.root) == before


def test_a_killed_rebuild_is_made_good_by_the_next(history: History) -> None:
    whole = rebuild(history.root, FIRST_DAY, Listener())
    shutil.rmtree(whole.root.raw)
    whole.root.warehouse.with_name("built.json").unlink()
    (whole.root.path / ".raw.partial" / "raw").mkdir(parents=True)
    again = rebuild(history.root, FIRST_DAY, Listener())
    assert again.release.release_id == whole.release.release_id
    assert not (whole.root.path / ".raw.partial").exists()


def test_a_rebuild_traces_to_the_version_and_the_original_of_then(history: History) -> None:
    column, key = "registered_volunteers", ["2024-02", COMMUNITY]
    then = rebuild(history.root, FIRST_DAY, Listener()).root
    [version] = [line for line in trace(then, "community_month", column, key).lines if line.startswith("报送：")]
    [original] = [line for line in trace(then, "community_month", column, key).lines if line.startswith("原件：")]
    assert "第 1 次" in version
    assert (then.path / original.removeprefix("原件：").partition("；")[0]).is_file()
    now = trace(history.root, "community_month", column, key)
    assert any("第 2 次" in line for line in now.lines)


def test_the_commands_read_the_rebuild_that_they_are_asked_for(history: History) -> None:
    rebuild(history.root, FIRST_DAY, Listener())
    row = f"month = '2024-02-01' and community_code = '{COMMUNITY}'"
    question = f"select registered_volunteers from community_month where {row}"

    def open_alerts_of_then() -> int:
        with connect(history.root.as_of(FIRST_DAY)) as then:
            return then.execute("select count(*) from marts.quality_alerts where status = 'open'").fetchone()[0]

    def answer(*arguments: str) -> str:
        done = CliRunner().invoke(main, ["--data", str(history.root.path), *arguments], catch_exceptions=True)
        assert done.exit_code == 0, done.output
        return done.output

    assert "77" in answer("sql", question, "--csv")
    assert "77" not in answer("sql", question, "--csv", "--as-of", FIRST_DAY.isoformat())
    assert len(json.loads(answer("alerts", "--json", "--as-of", FIRST_DAY.isoformat()))) == open_alerts_of_then()


def test_the_dagster_job_makes_the_same_rebuild(history: History) -> None:
    config = {"ops": {"rebuild_as_of": {"config": {"day": FIRST_DAY.isoformat()}}}}
    run = defs.resolve_job_def("as_of").execute_in_process(run_config=config, resources={"listener": Listener()})
    assert run.success
    assert tables(history.root.as_of(FIRST_DAY)) == history.first


def test_a_refresh_lists_what_corrections_moved(history: History) -> None:
    with connect(history.root) as connection:
        lines = correction_lines(connection, noon(FIRST_DAY))
        assert correction_lines(connection, noon(SECOND_DAY)) == []
    assert lines[0].startswith("更正 2024-02 乙街道 第 2 次报送：改动 2 个单元格、2 项合计")
    assert lines[1].startswith("  乙二社区 注册志愿者（V01）")
    assert lines[1].partition(" → ")[2].startswith("77（社区月报 ")


def test_the_receipt_of_a_correction_names_the_stars_that_it_moved(history: History) -> None:
    [receipt] = (history.root.returns / "2024-02").rglob("乙街道2月更正_回执.xlsx")
    said = [row[0].value for row in load_workbook(receipt).worksheets[0].iter_rows(max_row=5)]
    assert "与上一版本相比，星级变动 1 处：乙二社区“生态宜居”达标 → 未达标。" in said


@pytest.mark.parametrize(
    ("day", "month", "said"),
    [
        (FIRST_DAY - timedelta(days=1), None, f"最早的一份是 {FIRST_DAY} 收到的"),
        (TODAY + timedelta(days=1), None, "还没有到"),
        (FIRST_DAY, date(2024, 4, 1), "2024-04 还没有收到报表；当时收到过的月份：2024-02、2024-03"),
    ],
)
def test_what_was_not_known_is_said_with_what_was(history: History, day: date, month: date | None, said: str) -> None:
    with pytest.raises(NotKnown, match=said):
        rebuild(history.root, day, Listener(), month)
