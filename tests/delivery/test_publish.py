from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from delivery.publish import RELEASES_KEPT, NothingToPublish, publish
from delivery.published import NoRelease, connect, read_manifest
from ingest.data_root import DataRoot
from tests.delivery.warehouses import build_warehouse, new_root

NOW = datetime(2024, 4, 8, 9, 0, tzinfo=UTC)


@pytest.fixture
def root(tmp_path: Path) -> DataRoot:
    root = new_root(tmp_path / "data")
    build_warehouse(root)
    return root


def published_bytes(root: DataRoot) -> dict[str, bytes]:
    return {
        path.relative_to(root.published).as_posix(): path.read_bytes()
        for path in sorted(root.published.rglob("*"))
        if path.is_file()
    }


def test_a_release_holds_every_mart_in_the_database_and_as_parquet(root: DataRoot) -> None:
    release = publish(root, NOW)
    assert release.changed
    assert release.tables == {"numbers": 10, "submission_status": 1}
    with connect(root) as connection:
        assert connection.execute("select sum(i), sum(quarter) from marts.numbers").fetchone() == (45, 11.25)
    parquet = root.published / "releases" / release.release_id / "numbers.parquet"
    assert duckdb.sql(f"select count(*) from '{parquet}'").fetchone() == (10,)


def test_comments_travel_with_the_marts(root: DataRoot) -> None:
    publish(root, NOW)
    with connect(root) as connection:
        table = connection.execute("select comment from duckdb_tables() where table_name = 'numbers'").fetchone()
        column = connection.execute("select comment from duckdb_columns() where column_name = 'i'").fetchone()
    assert (table, column) == (("Numbers | 数",), ("第 i 个",))


def test_the_manifest_says_as_of_when_the_data_are_and_when_they_were_checked(root: DataRoot) -> None:
    release = publish(root, NOW)
    manifest = read_manifest(root)
    assert manifest is not None
    assert manifest["release_id"] == release.release_id
    assert manifest["as_of"] == "2024-04-02T02:00:00+00:00"
    assert manifest["checked_at"] == "2024-04-08T09:00:00+00:00"
    assert manifest["tables"]["numbers"]["rows"] == 10


def test_publishing_the_same_content_again_changes_no_byte_but_the_time(root: DataRoot) -> None:
    first = publish(root, NOW)
    before = published_bytes(root)
    second = publish(root, NOW + timedelta(hours=1))
    after = published_bytes(root)
    assert (second.release_id, second.changed) == (first.release_id, False)
    assert {name for name in after if after[name] != before[name]} == {"manifest.json"}
    old, new = json.loads(before["manifest.json"]), json.loads(after["manifest.json"])
    assert old | {"checked_at": new["checked_at"]} == new


def test_the_order_of_rows_makes_no_new_release(root: DataRoot) -> None:
    first = publish(root, NOW)
    build_warehouse(root, reverse=True)
    assert not publish(root, NOW).changed
    assert publish(root, NOW).release_id == first.release_id


def test_a_changed_value_a_doubled_row_and_a_renamed_column_each_make_a_new_release(root: DataRoot) -> None:
    seen = {publish(root, NOW).release_id}
    for change in (
        "update marts.numbers set quarter = 0.5 where i = 1",
        "insert into marts.numbers select * from marts.numbers where i < 2",
        "alter table marts.numbers rename column name to label",
    ):
        with duckdb.connect(str(root.warehouse)) as connection:
            connection.execute(change)
        release = publish(root, NOW)
        assert release.changed
        seen.add(release.release_id)
    assert len(seen) == 4


def test_only_the_latest_releases_are_kept(root: DataRoot) -> None:
    ids = []
    for rows in range(RELEASES_KEPT + 3):
        build_warehouse(root, rows=rows)
        ids.append(publish(root, NOW).release_id)
    kept = {path.name for path in (root.published / "releases").iterdir()}
    assert kept == set(ids[-RELEASES_KEPT:])


def test_an_old_content_that_comes_back_is_current_again(root: DataRoot) -> None:
    first = publish(root, NOW)
    build_warehouse(root, rows=11)
    publish(root, NOW)
    build_warehouse(root)
    assert publish(root, NOW).release_id == first.release_id
    with connect(root) as connection:
        assert connection.execute("select count(*) from marts.numbers").fetchone() == (10,)


def test_nobody_can_write_through_the_published_connection(root: DataRoot) -> None:
    publish(root, NOW)
    with connect(root) as connection, pytest.raises(duckdb.InvalidInputException):
        connection.execute("delete from marts.numbers")


def test_a_root_without_a_release_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(NoRelease, match="wuxing refresh"):
        connect(new_root(tmp_path))


def test_a_warehouse_without_marts_is_not_published(tmp_path: Path) -> None:
    root = new_root(tmp_path)
    with pytest.raises(NothingToPublish):
        publish(root, NOW)
    duckdb.connect(str(root.warehouse)).close()
    with pytest.raises(NothingToPublish, match="marts"):
        publish(root, NOW)


def test_a_damaged_database_is_replaced_even_if_nothing_changed(root: DataRoot) -> None:
    publish(root, NOW)
    root.released_database.chmod(0o644)
    root.released_database.write_bytes(b"not a database")
    assert publish(root, NOW).changed
    with connect(root) as connection:
        assert connection.execute("select count(*) from marts.numbers").fetchone() == (10,)
