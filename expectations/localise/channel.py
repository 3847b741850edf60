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
    "substitution": 0.20,
    "transposition": 0.14,
    "dropped": 0.10,
    "inserted": 0.10,
    "power": 0.14,
    "sign": 0.04,
    "previous": 0.08,
    "rounded": 0.06,
    "unknown": 0.14,
}
UNKNOWN_SPREAD = 1.5  # of the logarithm of typed/true where no mechanism explains the slip


def log_likelihood(typed: Ints, true: Ints, previous: Floats) -> Floats:
    """log P(typed | true, a slip happened); arrays of one shape."""
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
    total = total + WEIGHTS["previous"] * (typed == previous)
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
    power, a, b = _POWERS[:DIGITS], a[..., None], b[..., None]
    steps = np.abs(a - b) // power
    one = (a // (power * 10) == b // (power * 10)) & (a % power == b % power) & (steps > 0)
    return one.any(axis=-1) & (_length(a) == _length(b))[..., 0]


def _transposed(a: Ints, b: Ints) -> NDArray[np.bool_]:
    power, a, b = _POWERS[:DIGITS], a[..., None], b[..., None]
    first, second = b // power % 10, b // (power * 10) % 10
    return ((first != second) & (a == b + 9 * (first - second) * power)).any(axis=-1)


def _dropped(long: Ints, short: Ints) -> NDArray[np.bool_]:
    """Whether ``short`` is ``long`` without one of its digits."""
    power, long, short = _POWERS[:DIGITS], long[..., None], short[..., None]
    left = long // (power * 10) * power + long % power
    return ((long >= power * 10) & (short == left)).any(axis=-1)


def _power(a: Ints, b: Ints) -> NDArray[np.bool_]:
    factor, a, b = _POWERS[1:5], a[..., None], b[..., None]
    return (((a == b * factor) | (b == a * factor)) & (b != 0)).any(axis=-1)


def _rounded(a: Ints, b: Ints) -> Floats:
    """An estimate in round numbers: anything within half of the last unit that was written may have been meant."""
    unit = np.where(a[..., None] % _POWERS[:DIGITS] == 0, _POWERS[:DIGITS], 1).max(axis=-1)
    return ((unit > 1) & (a > 0) & (2 * np.abs(a - b) <= unit)) / (unit + 1)


def _unknown(typed: Ints, true: Ints) -> Floats:
    """A slip of no known kind lands near the true size, evenly among the whole numbers there."""
    distance = np.abs(signed_log(typed.astype(float)) - signed_log(true.astype(float)))
    return np.exp(-distance / UNKNOWN_SPREAD) / (2 * UNKNOWN_SPREAD) / (np.abs(typed) + 1)


def signed_log(value: Floats) -> Floats:
    return np.sign(value) * np.log1p(np.abs(value))
