"""Helpers that share a total out and draw histories; they know no item."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from random import Random
from typing import TypeVar

MAXIMUM_DRAWS = 1000

Drawn = TypeVar("Drawn")


def split(total: int, weights: Sequence[float]) -> list[int]:
    """Whole parts of ``total`` in proportion to ``weights`` (largest remainders); they add up exactly."""
    shares = [total * weight / sum(weights) for weight in weights]
    parts = [int(share) for share in shares]
    by_remainder = sorted(range(len(parts)), key=lambda index: parts[index] - shares[index])
    for index in by_remainder[: total - sum(parts)]:
        parts[index] += 1
    return parts


def spread(total: int, parts: int, rng: Random) -> list[int]:
    """``total`` in ``parts`` whole numbers that differ by one at most, in random order."""
    numbers = [total // parts + (index < total % parts) for index in range(parts)]
    rng.shuffle(numbers)
    return numbers


def largest(count: int, sizes: Sequence[int]) -> list[int]:
    """One for each of the ``count`` largest sizes, zero for the others."""
    chosen = sorted(range(len(sizes)), key=lambda index: -sizes[index])[:count]
    return [int(index in chosen) for index in range(len(sizes))]


def walk_back(last: int, steps: Iterable[int]) -> list[int]:
    """The series that ends in ``last``; ``steps`` are its changes, the latest first."""
    values = [last]
    for step in steps:
        values.append(values[-1] - step)
    return values[::-1]


def draw(make: Callable[[], Drawn], holds: Callable[[Drawn], bool]) -> Drawn:
    """The first draw of ``make`` that ``holds``. Raises ValueError after ``MAXIMUM_DRAWS``, for none may exist."""
    for _ in range(MAXIMUM_DRAWS):
        drawn = make()
        if holds(drawn):
            return drawn
    raise ValueError(f"no draw of {MAXIMUM_DRAWS} satisfies {holds.__qualname__}")
