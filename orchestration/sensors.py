"""What starts a run by itself: new files in the inbox, and months whose data are newer than the warehouse."""

import hashlib

from dagster import (
    DagsterRunStatus,
    DefaultSensorStatus,
    RunRequest,
    RunsFilter,
    SensorEvaluationContext,
    SensorResult,
    SkipReason,
    sensor,
)

from ingest.data_root import DataRoot
from orchestration import jobs
from orchestration.months import key
from orchestration.partitions import range_tags
from orchestration.staleness import basis, inputs_by_month, pending

UNFINISHED = [
    DagsterRunStatus.QUEUED,
    DagsterRunStatus.NOT_STARTED,
    DagsterRunStatus.STARTING,
    DagsterRunStatus.STARTED,
]


@sensor(
    job=jobs.ingest,
    minimum_interval_seconds=30,
    default_status=DefaultSensorStatus.RUNNING,
    description="inbox/ 里有没见过的文件时开始读取。",
)
def inbox_sensor(context: SensorEvaluationContext) -> RunRequest | SkipReason:
    """The set of unseen contents is the run's identity: the same files never start a second run.

    The register of units belongs to it, because when it has changed, files that it did not know are unseen again, and
    those that were accepted are looked through.
    """
    from ingest.inbox import unseen
    from ingest.reference.load import units_hash
    from ingest.register_changes import not_looked_through

    root = DataRoot.from_environment()
    files, others = unseen(root), not_looked_through(root)
    if not files and not others:
        return SkipReason("inbox/ 里没有新文件，名册也没有变动")
    return RunRequest(run_key=_hash([units_hash(root), *sorted({sha256 for _, sha256 in files}), *others]))


@sensor(
    job=jobs.refresh,
    minimum_interval_seconds=30,
    default_status=DefaultSensorStatus.RUNNING,
    description="有月份的数据比数仓新时，刷新这些月份。",
)
def stale_months_sensor(context: SensorEvaluationContext) -> SensorResult | SkipReason:
    """One run per unbroken range of stale months; its identity is the months and what raw holds of them."""
    if context.instance.get_runs(RunsFilter(job_name=jobs.refresh.name, statuses=UNFINISHED), limit=1):
        return SkipReason("上一次刷新还没有结束")
    root = DataRoot.from_environment()
    work = pending(root)
    if not work.months:
        return SkipReason("没有需要刷新的月份")
    inputs = inputs_by_month(root)
    requests = []
    for first, last in work.ranges:
        state = [f"{key(month)} {value}" for month, value in inputs.items() if first <= month <= last]
        requests.append(RunRequest(run_key=_hash([basis(root), *state]), tags=range_tags(first, last)))
    return SensorResult(run_requests=requests)


def _hash(parts: list[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
