from __future__ import annotations

from datetime import date

import pytest

from orchestration.months import contiguous, following, key, month_of, preceding


def test_a_month_is_written_and_read_back() -> None:
    assert month_of(key(date(2024, 3, 1))) == date(2024, 3, 1)


@pytest.mark.parametrize("text", ["2024", "2024-13", "三月", "2024-3-1", ""])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        month_of(text)


def test_neighbours_cross_the_year() -> None:
    assert following(date(2023, 12, 1)) == date(2024, 1, 1)
    assert preceding(date(2024, 1, 1)) == date(2023, 12, 1)
    assert preceding(following(date(2024, 6, 1))) == date(2024, 6, 1)


def test_unbroken_months_become_one_range_and_a_gap_begins_another() -> None:
    months = [date(2024, 1, 1), date(2023, 12, 1), date(2024, 3, 1), date(2023, 12, 1)]
    assert contiguous(months) == [(date(2023, 12, 1), date(2024, 1, 1)), (date(2024, 3, 1), date(2024, 3, 1))]
    assert contiguous([]) == []
