from __future__ import annotations

from datetime import date, datetime

import pytest
from dagster import RunRequest, SkipReason, build_schedule_context

from ingest.data_root import DataRoot
from ingest.reference import DueDay
from orchestration.schedules import cron, month_due, reporting_day


def due(day: int, valid_from: date, valid_to: date | None = None) -> DueDay:
    return DueDay(form="monthly_report", due_day=day, note_zh="", valid_from=valid_from, valid_to=valid_to)


CALENDAR = [due(5, date(2020, 1, 1), date(2024, 12, 31)), due(8, date(2025, 1, 1))]


def test_the_schedule_ticks_on_every_day_that_was_or_is_a_reporting_day() -> None:
    assert cron(CALENDAR) == "0 17 5,8 * *"


@pytest.mark.parametrize(
    ("today", "month"),
    [
        (date(2024, 4, 5), date(2024, 3, 1)),
        (date(2024, 1, 5), date(2023, 12, 1)),
        (date(2024, 4, 8), None),
        (date(2025, 4, 5), None),
        (date(2025, 4, 8), date(2025, 3, 1)),
    ],
)
def test_the_month_due_follows_the_calendar_in_force(today: date, month: date | None) -> None:
    assert month_due(CALENDAR, today) == month


def test_on_the_reporting_day_the_month_before_is_refreshed_even_if_nobody_sent(unread_root: DataRoot) -> None:
    with build_schedule_context(scheduled_execution_time=datetime(2024, 4, 5, 17)) as context:
        request = reporting_day(context)
    assert isinstance(request, RunRequest)
    assert (request.partition_key, request.run_key) == ("2024-03", "due-2024-03")


def test_a_tick_on_another_day_says_why_nothing_happens(unread_root: DataRoot) -> None:
    with build_schedule_context(scheduled_execution_time=datetime(2024, 4, 6, 17)) as context:
        assert isinstance(reporting_day(context), SkipReason)
