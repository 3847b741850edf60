"""The sensors on a real ephemeral instance, over real files."""

from __future__ import annotations

import pytest
from dagster import DagsterInstance, DagsterRunStatus, RunRequest, SensorResult, SkipReason, build_sensor_context

from expectations.run import evaluate_month, stale_months
from ingest.data_root import DataRoot
from orchestration.definitions import defs
from orchestration.sensors import inbox_sensor, stale_months_sensor
from orchestration.staleness import basis, inputs_by_month, record_build, record_release

START, END = "dagster/asset_partition_range_start", "dagster/asset_partition_range_end"


def look_at_inbox(instance: DagsterInstance) -> RunRequest | SkipReason:
    return inbox_sensor(build_sensor_context(instance=instance))


def look_at_months(instance: DagsterInstance) -> SensorResult | SkipReason:
    return stale_months_sensor(build_sensor_context(instance=instance))


def run_ingest(instance: DagsterInstance) -> None:
    assert defs.resolve_job_def("ingest").execute_in_process(instance=instance).success


def test_new_files_start_one_run_whatever_they_are_called(unread_root: DataRoot) -> None:
    with DagsterInstance.ephemeral() as instance:
        first = look_at_inbox(instance)
        for path in list(unread_root.inbox.iterdir()):
            path.rename(path.with_name(f"重命名 {path.name}"))
        second = look_at_inbox(instance)
    assert isinstance(first, RunRequest)
    assert isinstance(second, RunRequest)
    assert first.run_key == second.run_key


def test_another_file_is_another_run(unread_root: DataRoot) -> None:
    with DagsterInstance.ephemeral() as instance:
        first = look_at_inbox(instance)
        next(unread_root.inbox.iterdir()).unlink()
        second = look_at_inbox(instance)
    assert isinstance(first, RunRequest)
    assert isinstance(second, RunRequest)
    assert first.run_key != second.run_key


def test_read_files_start_no_run_but_their_months_do(unread_root: DataRoot) -> None:
    with DagsterInstance.ephemeral() as instance:
        assert isinstance(look_at_months(instance), SkipReason)
        run_ingest(instance)
        assert isinstance(look_at_inbox(instance), SkipReason)
        stale = look_at_months(instance)
    assert isinstance(stale, SensorResult)
    [request] = stale.run_requests or []
    assert (request.tags[START], request.tags[END]) == ("2024-02", "2024-03")


def test_months_of_which_nothing_new_came_keep_their_run_key(unread_root: DataRoot) -> None:
    with DagsterInstance.ephemeral() as instance:
        run_ingest(instance)
        first, again = look_at_months(instance), look_at_months(instance)
    assert isinstance(first, SensorResult)
    assert isinstance(again, SensorResult)
    assert [r.run_key for r in first.run_requests or []] == [r.run_key for r in again.run_requests or []]


def test_nothing_is_started_while_a_refresh_is_running(unread_root: DataRoot) -> None:
    with DagsterInstance.ephemeral() as instance:
        run_ingest(instance)
        job = defs.resolve_job_def("refresh")
        instance.create_run_for_job(job, status=DagsterRunStatus.STARTED)
        assert isinstance(look_at_months(instance), SkipReason)


@pytest.mark.slow
def test_a_built_but_unreleased_warehouse_is_work_left(unread_root: DataRoot) -> None:
    with DagsterInstance.ephemeral() as instance:
        run_ingest(instance)
        for month in stale_months(unread_root):
            evaluate_month(unread_root, month)
        unread_root.warehouse.touch()
        record_build(unread_root, basis(unread_root), inputs_by_month(unread_root), full=True)
        unreleased = look_at_months(instance)
        record_release(unread_root)
        assert isinstance(look_at_months(instance), SkipReason)
        with unread_root.units_file.open("a", encoding="utf-8") as units:
            units.write("990101003000,丙街道,subdistrict,990101000000,,,2025-01-01,,,\n")
        assert isinstance(look_at_months(instance), SensorResult)
    assert isinstance(unreleased, SensorResult)
    assert [request.tags[END] for request in unreleased.run_requests or []] == ["2024-03"]


def test_a_changed_register_starts_one_run_that_looks_through_what_was_accepted(unread_root: DataRoot) -> None:
    with DagsterInstance.ephemeral() as instance:
        run_ingest(instance)
        assert isinstance(look_at_inbox(instance), SkipReason)
        with unread_root.units_file.open("a", encoding="utf-8") as lines:
            lines.write("\n")
        assert isinstance(look_at_inbox(instance), RunRequest)
        run_ingest(instance)
        assert isinstance(look_at_inbox(instance), SkipReason)
