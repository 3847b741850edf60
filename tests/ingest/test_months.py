from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.files.grid import Value
from ingest.values.month import find_month, find_month_in_title


@pytest.mark.parametrize(
    "raw",
    [
        "2024年3月",
        "甲街道2024年3月社区月报表",
        "报告期：２０２４ 年 ０３ 月",
        "2024-03",
        "2024/3/5",
        "202403",
        202403.0,
        45352.0,
        "二〇二四年三月",
        date(2024, 3, 31),
    ],
)
def test_a_month_is_found_however_it_is_written(raw: Value) -> None:
    month = find_month(raw)
    assert month is not None
    assert (month.first, month.is_range) == (date(2024, 3, 1), False)


@pytest.mark.parametrize("raw", ["2024年1-3月", "2024年1月至3月", "2024年第一季度"])
def test_of_a_range_the_last_month_is_meant_and_said_to_be_a_range(raw: str) -> None:
    month = find_month(raw)
    assert month is not None
    assert (month.first, month.is_range) == (date(2024, 3, 1), True)


@pytest.mark.parametrize("raw", ["3月", "2024年", "2024年13月", "990101001001", 3.0, None, True])
def test_no_month_is_guessed(raw: Value) -> None:
    assert find_month(raw) is None


def test_the_day_a_form_was_filled_in_is_not_its_month() -> None:
    assert find_month_in_title("填报单位：甲街道  填报日期：2024年4月2日") is None
    month = find_month_in_title("报告期：2024年3月  填报日期：2024年4月2日")
    assert month is not None
    assert month.first == date(2024, 3, 1)


@given(st.one_of(st.text(), st.text(alphabet="20134567890年月-至~十二〇季度第.")))
def test_no_text_whatever_stops_the_search(raw: str) -> None:
    month = find_month(raw)
    assert month is None or month.first.day == 1
