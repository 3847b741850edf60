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
    "substitution": 0.22,
    "transposition": 0.14,
    "dropped": 0.10,
    "inserted": 0.10,
    "power": 0.14,
    "sign": 0.04,
    "previous": 0.08,
    "unknown": 0.18,
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
    total = total * same_sign
    total = total + WEIGHTS["sign"] * ((typed == -true) & (true != 0))
    total = total + WEIGHTS["previous"] * (typed == previous)
    return np.log(total + WEIGHTS["unknown"] * _unknown(typed, true))


def candidates(typed: Ints) -> Ints:
    """(records, n): numbers from which one slip leads to ``typed``; repeated or impossible ones are harmless."""
    size, sign = np.abs(typed), np.where(typed < 0, -1, 1)
    found = [size, -size]
    for power in _POWERS[:DIGITS]:
        high, digit, low = size // (power * 10), size // power % 10, size % power
        found += [size + (d - digit) * power for d in range(10)]
        found += [(high * 10 + digit) * power * 10 + d * power + low for d in range(10)]
        found.append(high * power + low)
        next_digit = high % 10
        found.append(size + 9 * (digit - next_digit) * power)
    for exponent in range(1, 5):
        found += [size * _POWERS[exponent], size // _POWERS[exponent]]
    table = np.stack(found, axis=1) * sign[:, None]
    return np.where(np.abs(table) <= LARGEST, table, typed[:, None])


def _length(size: Ints) -> Floats:
    return np.floor(np.log10(np.maximum(size, 1))) + 1


def _substituted(a: Ints, b: Ints) -> NDArray[np.bool_]:
    found = np.zeros(a.shape, dtype=bool)
    gap = np.abs(a - b)
    for power in _POWERS[:DIGITS]:
        found |= (
            (gap % power == 0) & (gap // power > 0) & (gap // power < 10) & (a // (power * 10) == b // (power * 10))
        )
    return found & (_length(a) == _length(b))


def _transposed(a: Ints, b: Ints) -> NDArray[np.bool_]:
    found = np.zeros(a.shape, dtype=bool)
    for power in _POWERS[:DIGITS]:
        first, second = b // power % 10, b // (power * 10) % 10
        found |= (first != second) & (a == b + 9 * (first - second) * power)
    return found


def _dropped(long: Ints, short: Ints) -> NDArray[np.bool_]:
    """Whether ``short`` is ``long`` without one of its digits."""
    found = np.zeros(long.shape, dtype=bool)
    for power in _POWERS[:DIGITS]:
        found |= (long >= power * 10) & (short == long // (power * 10) * power + long % power)
    return found


def _power(a: Ints, b: Ints) -> NDArray[np.bool_]:
    found = np.zeros(a.shape, dtype=bool)
    for exponent in range(1, 5):
        found |= (a == b * _POWERS[exponent]) | (b == a * _POWERS[exponent])
    return found & (b != 0)


def _unknown(typed: Ints, true: Ints) -> Floats:
    """A slip of no known kind lands near the true size, evenly among the whole numbers there."""
    distance = np.abs(signed_log(typed.astype(float)) - signed_log(true.astype(float)))
    return np.exp(-distance / UNKNOWN_SPREAD) / (2 * UNKNOWN_SPREAD) / (np.abs(typed) + 1)


def signed_log(value: Floats) -> Floats:
    return np.sign(value) * np.log1p(np.abs(value))
