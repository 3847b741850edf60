from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.printed.intervals import Interval, nearly, over, rounded, show

fractions = st.fractions(0, 1000, max_denominator=50)
intervals = st.builds(
    lambda a, b, low_open, high_open: Interval(min(a, b), max(a, b), low_open and a != b, high_open and a != b),
    fractions,
    fractions,
    st.booleans(),
    st.booleans(),
)


def test_a_printed_percentage_reaches_half_its_last_digit_both_ways():
    assert rounded(Decimal("30.1"), Decimal("0.1"), "nearest") == Interval(Fraction("30.05"), Fraction("30.15"))


def test_a_truncated_one_reaches_up_to_but_not_the_next():
    assert rounded(Decimal(23), Decimal(1), "truncated") == Interval(Fraction(23), Fraction(24), high_open=True)


def test_nearly_half_is_less_than_half():
    assert nearly(Decimal(50)) == Interval(Fraction(45), Fraction(50), high_open=True)


@pytest.mark.parametrize(("value", "end"), [("20", 30), ("80", 90), ("1600", 1700), ("1650", 1660), ("7", 8)])
def test_over_goes_up_by_its_last_digit_that_is_not_zero(value, end):
    assert over(Decimal(value)) == Interval(Fraction(value), Fraction(end), low_open=True)


def test_intervals_that_only_touch_meet_where_both_ends_are_closed():
    left, right = Interval(Fraction(0), Fraction(1)), Interval(Fraction(1), Fraction(2))
    assert left.meets(right)
    assert not left.meets(Interval(Fraction(1), Fraction(2), low_open=True))


@pytest.mark.parametrize(
    ("interval", "numbers"),
    [
        (Interval(Fraction("2.25"), Fraction("2.35")), []),
        (Interval(Fraction(2), Fraction(4)), [2, 3, 4]),
        (Interval(Fraction(2), Fraction(4), low_open=True, high_open=True), [3]),
    ],
)
def test_the_whole_numbers_inside_respect_open_ends(interval, numbers):
    assert list(interval.whole_numbers()) == numbers


@given(intervals, intervals)
def test_meeting_is_mutual(a, b):
    assert a.meets(b) == b.meets(a)


@given(st.integers(0, 500), st.integers(1, 500))
def test_a_percentage_rounded_from_whole_numbers_contains_them(count, base):
    count = min(count, base)
    exact = Fraction(100 * count, base)
    shown = Decimal(show(exact))
    assert exact >= rounded(shown, Decimal("0.01"), "nearest").low
    assert exact <= rounded(shown, Decimal("0.01"), "nearest").high


def test_numbers_in_sentences_have_two_decimals_at_most():
    assert [show(Fraction(n)) for n in ("20", "23.75", "105.5555555", "0")] == ["20", "23.75", "105.56", "0"]
