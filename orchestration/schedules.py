"""The reporting day: the month just due is refreshed even if nobody sent it, so that missing senders become visible."""

from datetime import date

from dagster import DefaultScheduleStatus, RunRequest, ScheduleEvaluationContext, SkipReason, schedule

from ingest.data_root import DataRoot
from ingest.reference import DueDay, ReferenceTableError, read_table
from orchestration import jobs
from orchestration.months import key, preceding

TIMEZONE = "Asia/Shanghai"
# Late in the afternoon: whoever sends on the last day is in, and whoever did not can still be called.
HOUR = 17


def due_days(root: DataRoot) -> list[DueDay]:
    """The reporting calendar of this deployment."""
    return [row for row in read_table(root, "reporting_calendar") if isinstance(row, DueDay)]


def cron(days: list[DueDay]) -> str:
    """A tick on every day of a month that is, was or will be a reporting day; the dates are looked at in the tick."""
    return f"0 {HOUR} {','.join(str(day) for day in sorted({row.due_day for row in days}))} * *"


def month_due(days: list[DueDay], today: date) -> date | None:
    """The month whose reports are due ``today``; None on any other day."""
    holding = [row for row in days if row.due_day == today.day and row.holds_on(today)]
    return preceding(today.replace(day=1)) if holding else None


@schedule(
    job=jobs.refresh,
    cron_schedule=cron(due_days(DataRoot.from_environment())),
    execution_timezone=TIMEZONE,
    default_status=DefaultScheduleStatus.RUNNING,
    description="报送截止日：刷新应报月份，找出未报单位。",
)
def reporting_day(context: ScheduleEvaluationContext) -> RunRequest | SkipReason:
    today = context.scheduled_execution_time.date()
    try:
        month = month_due(due_days(DataRoot.from_environment()), today)
    except ReferenceTableError as error:
        return SkipReason(str(error))
    if month is None:
        return SkipReason(f"{today} 不是报送截止日")
    return RunRequest(run_key=f"due-{key(month)}", partition_key=key(month))
