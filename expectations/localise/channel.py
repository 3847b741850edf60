"""How a true number becomes the number that was typed: a noisy channel for figures.

``log_likelihood`` says how probable it is to read ``typed`` where ``true`` was meant, given that a slip happened;
``candidates`` lists the numbers that a typed one may have been meant to be. Money is in 0.01 万元, so a decimal point
moved is a power of ten.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

DIGITS = 9
_POWERS = 10 ** np.arange(DIGITS + 1, dtype=np.int64)
LARGEST = 10**12  # beyond it a candidate is no figure of a community

# Shares of slips by mechanism. Flat on purpose: which slip is commonest differs between clerks, history decides.
WEIGHTS = {
    "substitution": 0.18,
    "transposition": 0.12,
    "dropped": 0.09,
    "inserted": 0.09,
    "power": 0.12,
    "sign": 0.04,
    "previous": 0.08,
    "beside": 0.06,
    "rounded": 0.05,
    "nothing": 0.03,
    "unknown": 0.14,
}
UNKNOWN_SPREAD = 1.5  # of the logarithm of typed/true where no mechanism explains the slip


def log_likelihood(typed: Ints, true: Ints, previous: Floats, beside: Floats | float = 0.0) -> Floats:
    """log P(typed | true, a slip happened); arrays of one shape.

    ``beside``: the share of the rows above and below in which the same figure stands.
    """
    a, b = np.abs(typed), np.abs(true)
    same_sign = (np.sign(typed) == np.sign(true)) | (typed == 0) | (true == 0)
    length = _length(b)
    total = WEIGHTS["substitution"] * _substituted(a, b) / (9 * length)
    total = total + WEIGHTS["transposition"] * _transposed(a, b) / np.maximum(length - 1, 1)
    total = total + WEIGHTS["dropped"] * _dropped(b, a) / length
    total = total + WEIGHTS["inserted"] * _dropped(a, b) / (10 * (length + 1))
    total = total + WEIGHTS["power"] * _power(a, b) / 8
    total = total + WEIGHTS["rounded"] * _rounded(a, b)
    total = total * same_sign
    total = total + WEIGHTS["sign"] * ((typed == -true) & (true != 0))
    total = total + WEIGHTS["previous"] * (typed == previous) + WEIGHTS["beside"] * beside
    total = total + WEIGHTS["nothing"] * ((typed == 0) & (true != 0))
    return np.log(total + WEIGHTS["unknown"] * _unknown(typed, true))


def candidates(typed: Ints) -> Ints:
    """(records, n): numbers from which one slip leads to ``typed``; repeated or impossible ones are harmless."""
    size, sign = np.abs(typed)[:, None], np.where(typed < 0, -1, 1)[:, None]
    power = _POWERS[:DIGITS]
    above, digit, below = size // (power * 10), size // power % 10, size % power
    another = np.arange(10)
    substituted = size[..., None] + (another - digit[..., None]) * power[:, None]
    longer = (size // power * (power * 10) + below)[..., None] + another * power[:, None]
    found = [
        size,
        -size,
        substituted.reshape(len(typed), DIGITS * 10),
        longer.reshape(len(typed), DIGITS * 10),
        above * power + below,
        size + 9 * (digit - above % 10) * power,
        size * _POWERS[1:5],
        size // _POWERS[1:5],
    ]
    table = np.hstack(found) * sign
    return np.where(np.abs(table) <= LARGEST, table, typed[:, None])


def _length(size: Ints) -> Floats:
    return np.floor(np.log10(np.maximum(size, 1))) + 1


def _substituted(a: Ints, b: Ints) -> NDArray[np.bool_]:
    """Whether the numbers differ by one digit: by 1 to 9 at one place, without a carry."""
    step = np.abs(a - b)
    place = np.searchsorted(_POWERS, step, side="right") - 1
    power = _POWERS[np.minimum(place, DIGITS - 1)]
    digit = np.maximum(a, b) // power % 10
    one = (step > 0) & (place < DIGITS) & (step % power == 0) & (digit >= step // power)
    return one & (_length(a) == _length(b))


def _transposed(a: Ints, b: Ints) -> NDArray[np.bool_]:
    """Whether two neighbours changed places: the numbers differ by 9 × their difference, one or two digits long."""
    longest = np.searchsorted(_POWERS, np.abs(a - b), side="right") - 1
    return _transposed_at(a, b, longest) | _transposed_at(a, b, longest - 1)


def _transposed_at(a: Ints, b: Ints, place: NDArray[np.intp]) -> NDArray[np.bool_]:
    power = _POWERS[np.clip(place, 0, DIGITS - 1)]
    pair = b // power % 100
    moved = pair % 10 - pair // 10
    return (place >= 0) & (place < DIGITS) & (moved != 0) & (a - b == 9 * moved * power)


def _dropped(long: Ints, short: Ints) -> NDArray[np.bool_]:
    """Whether ``short`` is ``long`` without one of its digits, but for the first.

    It can only be the first place from the right at which they differ, or an equal digit right beside it.
    """
    place = _trailing_zeros(np.abs(long - short))
    return _dropped_at(long, short, place) | _dropped_at(long, short, place - 1)


def _dropped_at(long: Ints, short: Ints, place: NDArray[np.intp]) -> NDArray[np.bool_]:
    power = _POWERS[np.clip(place, 0, DIGITS - 1)]
    left = long // (power * 10) * power + long % power
    return (place >= 0) & (place < DIGITS) & (long >= power * 10) & (short == left)


def _trailing_zeros(size: Ints) -> NDArray[np.intp]:
    """How many zeros a number ends in, up to DIGITS."""
    zeros = np.zeros(size.shape, dtype=np.intp)
    left = size
    for power, step in ((10**4, 4), (10**4, 4), (10**2, 2), (10, 1)):
        quotient = left // power
        whole = quotient * power == left
        left = np.where(whole, quotient, left)
        zeros += step * whole
    return np.minimum(zeros, DIGITS)


def _power(a: Ints, b: Ints) -> NDArray[np.bool_]:
    factor, a, b = _POWERS[1:5], a[..., None], b[..., None]
    return (((a == b * factor) | (b == a * factor)) & (b != 0)).any(axis=-1)


def _rounded(a: Ints, b: Ints) -> Floats:
    """The share of the places of ``b`` at which rounding it gives ``a``."""
    first = np.searchsorted(_POWERS, 2 * np.abs(a - b), side="left")
    last = np.minimum(_trailing_zeros(a), _length(b))
    return np.where(a > 0, np.maximum(last - np.maximum(first, 1) + 1, 0), 0) / _length(b)


def _unknown(typed: Ints, true: Ints) -> Floats:
    """A slip of no known kind lands near the true size, evenly among the whole numbers there."""
    distance = np.abs(signed_log(typed.astype(float)) - signed_log(true.astype(float)))
    return np.exp(-distance / UNKNOWN_SPREAD) / (2 * UNKNOWN_SPREAD) / (np.abs(typed) + 1)


def signed_log(value: Floats) -> Floats:
    return np.sign(value) * np.log1p(np.abs(value))
