"""The month as the partition of everything after ingest."""

from __future__ import annotations

from datetime import date

from dagster import MonthlyPartitionsDefinition
from dagster._core.storage.tags import ASSET_PARTITION_RANGE_END_TAG, ASSET_PARTITION_RANGE_START_TAG

from orchestration.months import key, month_of

# Before any data that the reference tables describe (their valid_from), so that no deployment has to set it.
FIRST_MONTH = date(2020, 1, 1)

# end_offset: the current month is a partition too, because profiles come before the month is over.
MONTHS = MonthlyPartitionsDefinition(start_date=key(FIRST_MONTH), fmt="%Y-%m", end_offset=1)


def range_tags(first: date, last: date) -> dict[str, str]:
    """The run tags that ask Dagster for all months from ``first`` to ``last`` in one run."""
    return {ASSET_PARTITION_RANGE_START_TAG: key(first), ASSET_PARTITION_RANGE_END_TAG: key(last)}


def last_month() -> date:
    """The latest month that can be refreshed: the current one."""
    return month_of(MONTHS.get_last_partition_key() or key(FIRST_MONTH))
