"""Slips that touch several cells at once: swapped neighbours, a block in another unit, a run typed one column off.

An operation undoes a slip: it maps the typed cells to what they would have been, and names the cells that it leaves
unknown. What remains wrong after it is searched like any other record.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np

LOG_PRIOR = {"swap": np.log(2e-5), "unit": np.log(2e-4), "shift": np.log(1e-5)}


@dataclass(frozen=True)
class Operation:
    """How a slip is undone.

    It works among the cells of ``run``. ``source`` (cells,) says from which typed cell each cell takes its value,
    ``divisor`` (cells,) by what it is divided; the cells of ``unknown`` stay free. What was typed in ``first`` goes
    nowhere: where a run moved away from it, it keeps its value, and any other is a slip of its own.
    """

    kind: str
    run: tuple[int, ...]
    source: tuple[int, ...]
    divisor: tuple[int, ...]
    touched: tuple[int, ...]
    unknown: tuple[int, ...] = ()
    first: int | None = None


def operations(width: int, runs: list[tuple[int, ...]], money: tuple[int, ...]) -> Iterator[Operation]:
    """All operations on a component.

    runs: groups of cells that stand side by side in the form; money: the money block.
    """
    for run in runs:
        yield from _swaps(width, run)
        yield from _shifts(width, run)
    yield from _units(width, money)


def _swaps(width: int, run: tuple[int, ...]) -> Iterator[Operation]:
    for first, second in pairwise(run):
        source = list(range(width))
        source[first], source[second] = second, first
        yield Operation("swap", run, tuple(source), (1,) * width, (first, second))


def _shifts(width: int, run: tuple[int, ...]) -> Iterator[Operation]:
    for start, end in combinations(range(len(run)), 2):
        if end - start < 2:
            continue
        cells = run[start : end + 1]
        for order in (cells, cells[::-1]):  # typed one column to the right, or to the left
            source = list(range(width))
            for to, origin in pairwise(order):
                source[to] = origin
            yield Operation("shift", run, tuple(source), (1,) * width, tuple(order), (order[-1],), order[0])


def _units(width: int, money: tuple[int, ...]) -> Iterator[Operation]:
    for factor in (10_000, 1_000):
        for size in range(2, len(money) + 1):
            for chosen in combinations(money, size):
                divisor = tuple(factor if cell in chosen else 1 for cell in range(width))
                yield Operation("unit", money, tuple(range(width)), divisor, chosen)
