"""When a month's reports were due, and who had to send one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from expectations.history import months_back
from ingest.data_root import DataRoot
from ingest.reference import DueDay, Unit, read_table

FORM = "monthly_report"
ZONE = ZoneInfo("Asia/Shanghai")  # due days are days of the senders' calendar


def due_at(calendar: Iterable[DueDay], month: date) -> datetime | None:
    """The end of the day on which the reports of ``month`` were due; None where the calendar asks for none."""
    following = months_back(month, -1)
    days = [row.due_day for row in calendar if row.form == FORM and row.holds_on(month)]
    return end_of(following + timedelta(days=max(days) - 1)) if days else None


def end_of(day: date) -> datetime:
    """The moment at which ``day`` is over in the senders' calendar."""
    return datetime.combine(day + timedelta(days=1), time(), ZONE)


def read_calendar(root: DataRoot) -> tuple[DueDay, ...]:
    return tuple(row for row in read_table(root, "reporting_calendar") if isinstance(row, DueDay))


def senders(units: Iterable[Unit], month: date) -> frozenset[str]:
    """The sub-districts that had to send a report for ``month``."""
    return frozenset(unit.unit_code for unit in units if unit.level == "subdistrict" and unit.holds_on(month))
