"""The noisy channel: each slip that clerks make is likelier than a number from nowhere, and can be undone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.localise.channel import candidates, log_likelihood

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


@given(st.integers(1, 10**8), st.integers(0, 7), st.integers(0, 9))
def test_every_substituted_digit_can_be_undone(true: int, position: int, digit: int):
    digits = list(str(true))
    place = position % len(digits)
    digits[place] = str(digit)
    assert true in candidates(np.array([int("".join(digits))]))[0] or digits[0] == "0"


@given(st.integers(-(10**9), 10**9), st.integers(-(10**9), 10**9))
def test_any_number_can_be_typed_for_any_other(typed: int, true: int):
    assert np.isfinite(likelihood(typed, true))
