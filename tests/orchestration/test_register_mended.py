"""A register that is mended after a report came: what a refresh then publishes, tells and traces."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from delivery.console.corrections import correction_lines
from delivery.published import connect
from delivery.trace import Step, trace
from ingest.data_root import ENVIRONMENT_VARIABLE, DataRoot
from ingest.inbox import ingest_inbox
from orchestration.as_of import rebuild
from orchestration.listener import Listener
from orchestration.refresh import Refreshed, refresh
from tests.orchestration.roots import small_root

pytestmark = pytest.mark.slow

COMMUNITY = "990101002002"
NOW = datetime.now(UTC)
SENT = NOW - timedelta(days=9)


@dataclass(frozen=True)
class Mended:
    root: DataRoot
    done: Refreshed


@pytest.fixture(scope="module")
def mended(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mended]:
    """Two months were read without one community, whose line the register then got."""
    root = small_root(tmp_path_factory.mktemp("mended"))
    whole = root.units_file.read_text(encoding="utf-8")
    lines = [line for line in whole.splitlines(keepends=True) if not line.startswith(COMMUNITY)]
    root.units_file.write_text("".join(lines), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(ENVIRONMENT_VARIABLE, str(root.path))
        ingest_inbox(root, SENT)
        refresh(root, Listener())
        root.units_file.write_text(whole, encoding="utf-8")
        yield Mended(root, refresh(root, Listener()))


def rows(root: DataRoot, sql: str) -> list[tuple[Any, ...]]:
    with connect(root) as connection:
        return connection.execute(sql).fetchall()


MONTHS_OF_COMMUNITY = f"select count(*) from marts.community_month where community_code = '{COMMUNITY}'"


def lines_of(step: Step) -> list[str]:
    return [*step.lines, *(line for part in step.parts for line in lines_of(part))]


def test_a_refresh_publishes_what_the_register_had_left_out(mended: Mended) -> None:
    assert {date(2024, 2, 1), date(2024, 3, 1)} <= {*mended.done.months}
    assert rows(mended.root, MONTHS_OF_COMMUNITY) == [(2,)]
    unknown = (
        "select count(*) from marts.quality_alerts where rule_code = 'INGEST-community_unknown' and status = 'open'"
    )
    assert rows(mended.root, unknown) == [(0,)]


def test_what_is_read_again_is_no_correction_by_its_sender(mended: Mended) -> None:
    found = rows(
        mended.root,
        "select version, last_corrected_at from marts.submission_status "
        "where subdistrict_code = '990101002000' and form = 'monthly_report' and version is not null",
    )
    assert found == [(2, None), (2, None)]
    stability = "select distinct part = whole from marts.quality_scorecard where dimension = 'stability' and part > 0"
    assert rows(mended.root, stability) == [(True,)]


def test_the_console_tells_it_as_what_it_is_and_only_once(mended: Mended) -> None:
    with connect(mended.root) as connection:
        lines = correction_lines(connection, SENT)
        [(known,)] = connection.execute("select as_of from main.release").fetchall()
        again = correction_lines(connection, known)
    assert [line.split("：")[0] for line in lines if not line.startswith(" ")] == [
        "名册变动后重读 2024-02 乙街道（版本 2）",
        "名册变动后重读 2024-03 乙街道（版本 2）",
    ]
    assert again == []


def test_a_trace_leads_to_the_version_that_was_read_again(mended: Mended) -> None:
    step = trace(mended.root, "community_month", "P01", ["2024-03", COMMUNITY])
    [said] = [line for line in lines_of(step) if line.startswith("报送：")]
    assert said.startswith("报送：monthly_report-2024-03-990101002000-v2")
    assert said.endswith("因名册有变动按原件重新读取")


def test_before_it_was_mended_the_community_was_not_known(mended: Mended) -> None:
    rebuilt = rebuild(mended.root, (NOW - timedelta(days=5)).date(), Listener())
    assert rows(rebuilt.root, MONTHS_OF_COMMUNITY) == [(0,)]
    assert rows(mended.root, MONTHS_OF_COMMUNITY) == [(2,)]


def test_the_next_refresh_has_nothing_to_read(mended: Mended, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, str(mended.root.path))
    done = refresh(mended.root, Listener())
    assert (done.read, done.months) == (False, [])
