"""Dagster's instance of a root: its settings, and the runs that a killed ``wuxing`` left open."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from ingest.data_root import DataRoot
from orchestration.lock import POOL

if TYPE_CHECKING:
    from dagster import DagsterInstance

STARTED_BY = "wuxing/started_by"
COMMAND_LINE = "command-line"

SETTINGS = """\
# Dagster 的设置（由 wuxing init 写入，可以修改）。运行记录、事件和定时任务的状态都在本目录。

# 不向任何地方发送使用统计。
telemetry:
  enabled: false

# 打开界面时不弹出订阅窗口。
nux:
  enabled: false

# 同一时间只有一个步骤写数据：所有写入的步骤都属于并发池 warehouse。
concurrency:
  pools:
    default_limit: 1
    granularity: op

# 进程被杀掉的运行由守护进程标记为失败，并归还并发池的名额。
run_monitoring:
  enabled: true
  free_slots_after_run_end_seconds: 60

python_logs:
  python_log_level: INFO

# 检查和定时的“无事可做”记录只留一周。
retention:
  schedule:
    purge_after_days: 7
  sensor:
    purge_after_days:
      skipped: 7
      failure: 30
      success: -1
"""


def write_settings(root: DataRoot) -> None:
    """Give the root its ``dagster.yaml``; one that is there stays as it is."""
    path = root.dagster_home / "dagster.yaml"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(SETTINGS, encoding="utf-8")


def open_instance(root: DataRoot) -> DagsterInstance:
    """The root's own instance: the one that ``wuxing dev`` shows. The caller closes it."""
    from dagster import DagsterInstance

    write_settings(root)
    _do_not_wait_for_the_disk()
    return DagsterInstance.from_config(str(root.dagster_home))


def _do_not_wait_for_the_disk() -> None:
    """Dagster commits each of a run's 500 to 1,000 events alone, and waits for the disk at each: half of a refresh.

    A kill loses nothing this way; a power cut may cost the history of runs, never data.
    """
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    if not event.contains(Engine, "connect", _synchronous_off):
        event.listen(Engine, "connect", _synchronous_off)


def _synchronous_off(connection: Any, _record: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute("pragma synchronous = off")


def close_abandoned_runs(instance: DagsterInstance) -> None:
    """Fail the runs of killed commands, and free the warehouse's pool slot, or the next run would wait for ever.

    The caller holds the root's lock: no run of the command line can still be alive, and whoever has the slot is either
    dead or about to be told by the lock that somebody else is writing.
    """
    from dagster import RunsFilter

    from orchestration.sensors import UNFINISHED

    for run in instance.get_runs(RunsFilter(tags={STARTED_BY: COMMAND_LINE}, statuses=UNFINISHED)):
        instance.report_run_failed(run, message="命令被中断，由下一次 wuxing refresh 接着完成")
    storage = instance.event_log_storage
    for claim in storage.get_concurrency_info(POOL).claimed_slots:
        storage.free_concurrency_slots_for_run(claim.run_id)
