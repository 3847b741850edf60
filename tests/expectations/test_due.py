"""Who has not sent is found when the day is over, not before, and a month that nobody sent is found too."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from expectations.due import due_at, read_calendar
from expectations.run import evaluate_month, overdue_months, stale_months
from ingest.data_root import DataRoot
from tests.expectations.stored import new_root, send
from tests.expectations.support import SECOND, clean_month

MARCH, APRIL = date(2024, 3, 1), date(2024, 4, 1)
BEFORE, AFTER = datetime(2024, 4, 5, 15, 59, tzinfo=UTC), datetime(2024, 4, 5, 16, 0, tzinfo=UTC)


@pytest.fixture
def root(tmp_path: Path) -> DataRoot:
    """One of two sub-districts has sent March."""
    made = new_root(tmp_path)
    march = clean_month()
    del march.lists[SECOND]
    send(made, march)
    return made


def test_reports_are_due_at_the_end_of_the_fifth_day_of_the_next_month_in_the_senders_time(root: DataRoot):
    assert due_at(read_calendar(root), MARCH) == AFTER
    assert due_at(read_calendar(root), date(2023, 12, 1)) == datetime(2024, 1, 5, 16, tzinfo=UTC)


def test_before_the_day_is_over_nobody_is_missing(root: DataRoot):
    assert overdue_months(root, [MARCH], BEFORE) == []
    assert "mandatory" not in evaluate_month(root, MARCH, BEFORE).findings


def test_when_the_day_is_over_the_month_is_evaluated_again_and_names_who_is_missing(root: DataRoot):
    evaluate_month(root, MARCH, BEFORE)
    assert stale_months(root, BEFORE) == []
    assert stale_months(root, AFTER) == [MARCH]
    assert evaluate_month(root, MARCH, AFTER).findings["mandatory"] == 1
    assert stale_months(root, AFTER) == []


def test_a_month_that_nobody_sent_has_everybody_missing_once_it_is_due(root: DataRoot):
    with pytest.raises(KeyError):
        evaluate_month(root, APRIL, AFTER)
    late = datetime(2024, 5, 6, tzinfo=UTC)
    assert overdue_months(root, [APRIL], late) == [APRIL]
    assert evaluate_month(root, APRIL, late).findings["mandatory"] == 2
