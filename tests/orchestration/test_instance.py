from __future__ import annotations

from pathlib import Path

import yaml
from dagster import DagsterRunStatus, job, op

from ingest.data_root import DataRoot
from orchestration.instance import COMMAND_LINE, STARTED_BY, close_abandoned_runs, open_instance, write_settings


@op(pool="warehouse")
def nothing() -> None: ...


@job
def some_job() -> None:
    nothing()


def test_the_settings_turn_telemetry_off_and_give_the_warehouse_one_slot(tmp_path: Path) -> None:
    root = DataRoot(tmp_path).create()
    write_settings(root)
    settings = yaml.safe_load((root.dagster_home / "dagster.yaml").read_text(encoding="utf-8"))
    assert settings["telemetry"] == {"enabled": False}
    with open_instance(root) as instance:
        assert not instance.telemetry_enabled
        assert instance.get_concurrency_config().pool_config.default_pool_limit == 1


def test_edited_settings_stay(tmp_path: Path) -> None:
    root = DataRoot(tmp_path).create()
    (root.dagster_home / "dagster.yaml").write_text("telemetry:\n  enabled: false\n", encoding="utf-8")
    write_settings(root)
    assert "concurrency" not in (root.dagster_home / "dagster.yaml").read_text(encoding="utf-8")


def test_the_run_of_a_killed_command_is_closed_and_its_pool_slot_is_free_again(tmp_path: Path) -> None:
    with open_instance(DataRoot(tmp_path).create()) as instance:
        storage = instance.event_log_storage
        run = instance.create_run_for_job(some_job, tags={STARTED_BY: COMMAND_LINE}, status=DagsterRunStatus.STARTED)
        storage.initialize_concurrency_limit_to_default("warehouse")
        assert storage.claim_concurrency_slot("warehouse", run.run_id, "nothing").is_claimed

        close_abandoned_runs(instance)
        closed = instance.get_run_by_id(run.run_id)
        assert closed is not None
        assert closed.status == DagsterRunStatus.FAILURE
        assert storage.claim_concurrency_slot("warehouse", "another", "nothing").is_claimed


def test_a_run_of_the_daemon_is_left_alone(tmp_path: Path) -> None:
    with open_instance(DataRoot(tmp_path).create()) as instance:
        run = instance.create_run_for_job(some_job, status=DagsterRunStatus.STARTED)
        close_abandoned_runs(instance)
        still = instance.get_run_by_id(run.run_id)
    assert still is not None
    assert still.status == DagsterRunStatus.STARTED
