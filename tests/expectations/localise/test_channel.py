"""The noisy channel: each slip that clerks make is likelier than a number from nowhere, and can be undone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.localise.channel import UNKNOWN_SPREAD, WEIGHTS, candidates, log_likelihood

NOTHING = np.array([np.nan])


def likelihood(typed: int, true: int, previous: float = np.nan) -> float:
    return float(log_likelihood(np.array([typed]), np.array([true]), np.array([previous]))[0])


SLIPS = {
    "one digit": (1248, 1258),
    "two neighbouring digits": (1428, 1248),
    "a digit left out": (128, 1248),
    "a digit too many": (12448, 1248),
    "a decimal point moved": (12480, 1248),
    "yuan for ten thousand yuan": (12_480_000, 1248),
    "a sign lost": (120, -120),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_known_slip_is_likelier_than_another_number_as_near(slip: str):
    typed, true = SLIPS[slip]
    assert likelihood(typed, true) > likelihood(typed + 2, true + 31) + 1


@pytest.mark.parametrize("slip", SLIPS)
def test_what_was_meant_is_among_the_candidates_of_a_known_slip(slip: str):
    typed, true = SLIPS[slip]
    assert true in candidates(np.array([typed]))[0]


def test_last_months_value_typed_again_is_a_slip_of_its_own():
    assert likelihood(1300, 1248, previous=1300) > likelihood(1300, 1248, previous=1299) + 1


def test_a_figure_that_stands_in_the_row_above_or_below_is_a_slip_of_its_own():
    typed, true, unknown = np.array([2179]), np.array([3626]), np.array([np.nan])
    beside = [float(log_likelihood(typed, true, unknown, share)[0]) for share in (0.0, 0.5, 1.0)]
    assert beside[0] + 3 < beside[1] < beside[2]


def test_a_figure_that_was_left_out_reads_0():
    assert likelihood(0, 1248) > likelihood(2, 1248) + 2


@given(st.integers(1, 10**8), st.integers(0, 7), st.integers(0, 9))
def test_every_substituted_digit_can_be_undone(true: int, position: int, digit: int):
    digits = list(str(true))
    place = position % len(digits)
    digits[place] = str(digit)
    assert true in candidates(np.array([int("".join(digits))]))[0] or digits[0] == "0"


@given(st.integers(-(10**9), 10**9), st.integers(-(10**9), 10**9))
def test_any_number_can_be_typed_for_any_other(typed: int, true: int):
    assert np.isfinite(likelihood(typed, true))


def spelled_out(typed: int, true: int) -> float:
    """The likelihood by what happens to the digits, one number at a time; both are at least 0."""
    a, b = str(typed), str(true)
    padded = f"0{b}"
    swapped = {padded[:i] + padded[i + 1] + padded[i] + padded[i + 2 :] for i in range(len(b))} - {padded}
    shares = {
        "substitution": (len(a) == len(b) and sum(x != y for x, y in zip(a, b, strict=True)) == 1) / (9 * len(b)),
        "transposition": (typed in map(int, swapped)) / max(len(b) - 1, 1),
        "dropped": (typed in without_a_digit(b)) / len(b),
        "inserted": (true in without_a_digit(a)) / (10 * (len(b) + 1)),
        "power": (true > 0 and any(typed == true * 10**k or true == typed * 10**k for k in range(1, 5))) / 8,
        "rounded": sum(typed % 10**k == 0 and 2 * abs(typed - true) <= 10**k for k in places(typed, b)) / len(b),
        "unknown": np.exp(-abs(np.log1p(typed) - np.log1p(true)) / UNKNOWN_SPREAD) / (2 * UNKNOWN_SPREAD) / (typed + 1),
        "sign": typed == -true and true != 0,
        "nothing": typed == 0 and true != 0,
    }
    return sum(WEIGHTS[kind] * share for kind, share in shares.items())


def places(typed: int, true: str) -> range:
    return range(1, len(true) + 1) if typed else range(0)


def without_a_digit(digits: str) -> set[int]:
    """But for the first: that one is not left out unseen."""
    return {int(digits[:i] + digits[i + 1 :]) for i in range(1, len(digits))}


@given(st.integers(0, 10**8 - 1), st.integers(0, 10**9))
def test_the_vectorised_channel_says_what_the_digits_say(true: int, chosen: int):
    options = [int(value) for value in candidates(np.array([true]))[0] if 0 <= value < 10**8]
    for typed in (options[chosen % len(options)], chosen % 10**8, chosen % 100):
        assert np.exp(likelihood(typed, true)) == pytest.approx(spelled_out(typed, true), rel=1e-9)
