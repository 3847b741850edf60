from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from delivery.trace import trace
from ingest.data_root import DataRoot
from ingest.raw.read import load_month
from tests.ingest.support import CORRECTED, FILES, new_root, send

LATER = datetime(2024, 4, 9, tzinfo=UTC)


@pytest.fixture
def root(tmp_path: Path) -> DataRoot:
    """A sample with amounts in words, published as the mart that a trace starts from."""
    root = new_root(tmp_path / "data")
    [accepted] = send(root, FILES / "wan_suffix.xlsx").accepted
    tables = load_month(root, accepted.month)
    rows, cells = tables["monthly_report_communities"], tables["problems"]
    with duckdb.connect(str(root.released_database)) as connection:
        connection.register("rows", rows)
        connection.register("cells", cells.slice(0, 0))
        connection.execute("create schema marts")
        connection.execute("create table marts.community_month as from rows")
        connection.execute(
            "create table marts.quality_alert_cells as "
            "select month as cell_month, sheet, workbook, '' as alert_id, cell from cells"
        )
        connection.execute("create table marts.quality_alerts (alert_id varchar)")
    return root


def noted(root: DataRoot) -> list[tuple[str, str, str, str]]:
    """(item, unit, text, message) of each cell that was not read as it stands."""
    problems = load_month(root, date(2024, 3, 1))["problems"].to_pylist()
    of_cells = [problem for problem in problems if problem["item_code"] and problem["unit_code"]]
    return [(each["item_code"], each["unit_code"], each["text"], each["message"]) for each in of_cells]


def test_what_was_done_to_a_cell_is_told_with_its_text_as_sent(root: DataRoot) -> None:
    cells = noted(root)
    assert cells
    for item, unit, text, message in cells:
        lines = trace(root, "community_month", item, ["2024-03", unit]).lines
        assert f"读取时：{message}" in lines
        assert any(line.startswith(f"原文：“{text}”") for line in lines)


def test_a_newer_submission_that_is_not_published_yet_is_told(root: DataRoot) -> None:
    key = ["2024-03", "990101001001"]
    assert not any("尚未发布" in line for line in trace(root, "community_month", "P01", key).lines)
    send(root, CORRECTED, now=LATER)
    lines = trace(root, "community_month", "P01", key).lines
    assert "注意：已收到第 2 次报送，尚未发布；请运行 wuxing refresh" in lines
    assert any("第 1 次" in line for line in lines)
