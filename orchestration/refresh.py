"""``wuxing refresh``: the same two jobs as Dagster's daemon starts, in this process and on the same instance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from ingest.data_root import DataRoot
from ingest.reference import read_units
from orchestration.listener import Listener
from orchestration.lock import writing
from orchestration.months import key
from orchestration.staleness import Pending, forget_build, pending

if TYPE_CHECKING:
    from dagster import DagsterInstance, ExecuteInProcessResult


class RunFailed(RuntimeError):
    """A Dagster run failed; the text says at which step and why."""


@dataclass(frozen=True)
class Refreshed:
    """``read`` says whether there was something to read; ``months`` are those refreshed, ``outside`` cannot be."""

    read: bool
    months: list[date]
    outside: list[date]


def refresh(root: DataRoot, listener: Listener, month: date | None = None, full: bool = False) -> Refreshed:
    """Read what is new, then refresh ``month``, or all months that need it; with ``full`` all of the warehouse.

    Raises RunFailed, WarehouseBusy, or ReferenceTableError where ``units.csv`` is missing or wrong.
    """
    from ingest.inbox import unseen
    from ingest.register_changes import not_looked_through

    root.create()
    read_units(root)
    with writing(root):
        if full:
            forget_build(root)
        read = bool(unseen(root) or not_looked_through(root))
        if not read and month is None and not pending(root).months:
            _check_release(root, listener)
            return Refreshed(False, [], [])
        return _run_jobs(root, listener, month, read)


def _check_release(root: DataRoot, listener: Listener) -> None:
    """Without Dagster, whose start alone takes seconds: publish only compares, unless a release was damaged."""
    from delivery.publish import publish

    if root.warehouse.exists():
        listener.released(publish(root, datetime.now(UTC)))


def _run_jobs(root: DataRoot, listener: Listener, month: date | None, read: bool) -> Refreshed:
    from orchestration.instance import close_abandoned_runs, open_instance
    from orchestration.partitions import FIRST_MONTH, last_month, range_tags

    with open_instance(root) as instance:
        close_abandoned_runs(instance)
        if read:
            _run("ingest", instance, listener, {})
        work = pending(root)
        if month is not None:
            work = Pending(sorted({month, *(work.months if work.full else [])}), work.full)
        inside = [due for due in work.months if FIRST_MONTH <= due <= last_month()]
        refreshed: set[date] = set()
        while inside:
            for first, last in Pending(inside, work.full and not refreshed).ranges:
                _run("refresh", instance, listener, range_tags(first, last))
            refreshed |= {*inside}
            inside = [] if month else [due for due in _made_stale(root) if FIRST_MONTH <= due <= last_month()]
    return Refreshed(read, sorted(refreshed), [due for due in work.months if due not in refreshed])


def _made_stale(root: DataRoot) -> list[date]:
    """A month reads what the evaluation of the one before suspects, so a correction can reach months after it."""
    from expectations.run import stale_months

    return stale_months(root)


def _run(job: str, instance: DagsterInstance, listener: Listener, tags: Mapping[str, str]) -> None:
    from orchestration.definitions import defs
    from orchestration.instance import COMMAND_LINE, STARTED_BY

    result = defs.resolve_job_def(job).execute_in_process(
        instance=instance,
        tags={**tags, STARTED_BY: COMMAND_LINE},
        resources={"listener": listener},
        run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        raise_on_error=False,
    )
    if not result.success:
        raise RunFailed(f"{job} 运行失败（{result.run_id[:8]}）：{_reason(result)}")


def _reason(result: ExecuteInProcessResult) -> str:
    reasons = []
    for event in result.filter_events(lambda event: event.is_step_failure):
        data = event.step_failure_data
        described = data.user_failure_data.description if data.user_failure_data else None
        error = data.error.cause or data.error if data.error else None
        reasons.append(f"{event.step_key}：{described or (error.message.strip() if error else event.message)}")
    return "；".join(reasons) or "原因见 wuxing dev 的运行记录"


def month_label(months: list[date]) -> str:
    """``2024-01 至 2024-03``, or the one month."""
    first, last = key(months[0]), key(months[-1])
    return first if first == last else f"{first} 至 {last}"
