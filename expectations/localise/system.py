"""Linear rules over the cells of one record, and what they imply once some cells are set free.

Exact integer arithmetic. A rule reads ``coefficients · cells + constant  (= | >=)  0``; the constant may differ from
record to record (last month's value, a figure of the unit tree), so every derived row remembers by which multiples of
the original rules it came about, and its constant follows from theirs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

EXACT = 2**53  # whole numbers below it are exact as doubles, whose matrix product is ten times as fast as that of int64

MOST_KEPT = 4_000  # sets of freed cells; on the form of items.csv each takes some 50 kB

# Multiplications: OpenBLAS splits more over threads, which wait for each other where cores are busy.
ONE_THREAD = 250_000
SMALL = 25_000  # up to it, cutting the work in pieces costs more than it saves: six times as much for one record


def exact_product(left: Ints, right: Weights) -> Floats:
    """left @ right without rounding; falls back to slower whole-number arithmetic where doubles would round."""
    widest = float(np.abs(left).max(initial=0)) * right.widest
    if widest < EXACT:
        return product(left.astype(np.float64), right.floats)
    return (left @ right.whole).astype(np.float64)


def product(left: Floats, right: Floats) -> Floats:
    """left @ right, on one core; each column of the result lies in one piece, as the columns of a frame do."""
    if left.size * right.shape[1] <= SMALL:
        return np.matmul(right.T, left.T).T
    found = np.empty((right.shape[1], len(left)))
    step = max(ONE_THREAD // max(right.size, 1), 1)
    for start in range(0, len(left), step):
        np.matmul(right.T, left[start : start + step].T, out=found[:, start : start + step])
    return found.T


@dataclass(frozen=True)
class Weights:
    """A matrix to multiply many records by: ``whole`` (cells, rows), the same as doubles, its largest column sum."""

    whole: Ints
    floats: Floats
    widest: float

    @classmethod
    def of(cls, rows: Ints) -> Weights:
        whole = rows.T
        return cls(whole, whole.astype(np.float64), float(np.abs(whole).sum(axis=0).max(initial=0)))


@dataclass(frozen=True)
class Rows:
    """Rows implied by the rules: ``coefficients @ cells + multipliers @ constants  (= | >=)  0``.

    coefficients: (rows, cells); multipliers: (rows, rules); equal: (rows,) bool.
    """

    coefficients: Ints
    multipliers: Ints
    equal: NDArray[np.bool_]

    def residuals(self, cells: Ints, constants: Ints) -> Floats:
        """(records, rows): what is left of each row for each record; ``cells`` (records, cells)."""
        return exact_product(cells, self._of_cells) + exact_product(constants, self._of_constants)

    @cached_property
    def _of_cells(self) -> Weights:
        return Weights.of(self.coefficients)

    @cached_property
    def _of_constants(self) -> Weights:
        return Weights.of(self.multipliers)

    @cached_property
    def support(self) -> NDArray[np.intp]:
        """(rows,): in how many cells each row is."""
        return np.count_nonzero(self.coefficients, axis=1)

    def violated(self, cells: Ints, constants: Ints) -> NDArray[np.bool_]:
        left = self.residuals(cells, constants)
        return np.where(self.equal, left != 0, left < 0)

    def take(self, which: NDArray[np.bool_]) -> Rows:
        return Rows(self.coefficients[which], self.multipliers[which], self.equal[which])


def _unique(table: Ints, width: int, equal: NDArray[np.bool_]) -> Rows:
    """Rows in their smallest whole numbers, each once; ``table`` has coefficients and multipliers side by side."""
    scaled = table // np.maximum(np.gcd.reduce(table, axis=1), 1)[:, None]
    first: dict[tuple[bytes, bool], int] = {}
    for index, row in enumerate(scaled):
        first.setdefault((row.tobytes(), bool(equal[index])), index)
    kept = np.array(list(first.values()), dtype=np.intp)
    return Rows(scaled[kept, :width], scaled[kept, width:], equal[kept])


def eliminate(rows: Rows, cell: int) -> Rows:
    """The rows that hold whatever ``cell`` is: Gauss where an equality has it, Fourier–Motzkin otherwise."""
    weight = rows.coefficients[:, cell]
    table = np.hstack([rows.coefficients, rows.multipliers])
    pairs = _pairs(weight, rows.equal, np.count_nonzero(rows.coefficients, axis=1))
    derived = [_combined(table, weight, first, second) for first, second in pairs]
    equal = [bool(rows.equal[second]) for _, second in pairs]
    kept = weight == 0
    return _unique(
        np.vstack([table[kept], *derived]), rows.coefficients.shape[1], np.append(rows.equal[kept], equal).astype(bool)
    )


def _pairs(weight: Ints, equal: NDArray[np.bool_], size: Ints) -> list[tuple[int, int]]:
    """Which rows are combined to lose the cell; the first of a pair is an equality, or has the cell with a plus."""
    has = np.flatnonzero(weight)
    equalities = has[equal[has]]
    if len(equalities):
        pivot = min(equalities, key=lambda row: (abs(int(weight[row])), size[row]))
        return [(int(pivot), int(other)) for other in has if other != pivot]
    return [(int(a), int(b)) for a in has[weight[has] > 0] for b in has[weight[has] < 0]]


def _combined(table: Ints, weight: Ints, first: int, second: int) -> Ints:
    """The sum of two rows in which the cell cancels; only an equality is ever multiplied by a negative number."""
    a, b = int(weight[first]), int(weight[second])
    return (-b if a > 0 else b) * table[first] + abs(a) * table[second]


def _forget(kept: dict[Any, Any]) -> None:
    """Start anew rather than keep what every record of every month ever led to."""
    if len(kept) >= MOST_KEPT:
        kept.clear()


@dataclass
class System:
    """The rules of a form over its ``cells`` (names, in order), with memory of what each set of freed cells implies."""

    cells: tuple[str, ...]
    rules: Rows
    _freed: dict[frozenset[int], Rows] = field(default_factory=dict)
    _bounds: dict[tuple[int, frozenset[int]], tuple[Rows, Ints]] = field(default_factory=dict)

    @classmethod
    def build(cls, cells: tuple[str, ...], coefficients: Ints, equal: NDArray[np.bool_]) -> System:
        return cls(cells, Rows(coefficients, np.eye(len(equal), dtype=np.int64), equal))

    def violated(self, cells: Ints, constants: Ints) -> NDArray[np.bool_]:
        """(records, rules): which rules each record breaks as it stands."""
        return self.rules.violated(cells, constants)

    def freed(self, free: frozenset[int]) -> Rows:
        """The rows over the fixed cells that are implied once the cells of ``free`` may take any value."""
        if not free:
            return self.rules
        if free not in self._freed:
            last = max(free)
            found = eliminate(self.freed(free - {last}), last)
            _forget(self._freed)
            self._freed[free] = found
        return self._freed[free]

    def tied(self, cells: frozenset[int]) -> frozenset[int]:
        """``cells`` and all that rules tie to them, directly or through others."""
        groups = [frozenset(np.flatnonzero(row).tolist()) for row in self.rules.coefficients]
        grown = cells
        while True:
            wider = grown.union(*(group for group in groups if group & grown))
            if wider == grown:
                return grown
            grown = wider

    def bounds(self, cell: int, free: frozenset[int], cells: Ints, constants: Ints) -> tuple[Floats, Floats]:
        """(records,) lowest and highest integer that ``cell`` can take while ``free`` (without it) takes any value."""
        rows, weight = self._bounding(cell, free - {cell})
        if not len(weight):
            return np.full(len(cells), -np.inf), np.full(len(cells), np.inf)
        at = -rows.residuals(cells, constants) / weight
        low = np.where(rows.equal | (weight > 0), np.ceil(at), -np.inf).max(axis=1)
        high = np.where(rows.equal | (weight < 0), np.floor(at), np.inf).min(axis=1)
        return low, high

    def _bounding(self, cell: int, free: frozenset[int]) -> tuple[Rows, Ints]:
        """The rows that say something of ``cell``, without its own part, and its weight in each."""
        key = cell, free
        if key not in self._bounds:
            rows = self.freed(free)
            rows = rows.take(rows.coefficients[:, cell] != 0)
            others = rows.coefficients.copy()
            others[:, cell] = 0
            _forget(self._bounds)
            self._bounds[key] = Rows(others, rows.multipliers, rows.equal), rows.coefficients[:, cell]
        return self._bounds[key]
