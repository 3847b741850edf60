"""Linear rules over the cells of one record, and what they imply once some cells are set free.

Exact integer arithmetic. A rule reads ``coefficients · cells + constant  (= | >=)  0``; the constant may differ from
record to record (last month's value, a figure of the unit tree), so every derived row remembers by which multiples of
the original rules it came about, and its constant follows from theirs.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

EXACT = 2**53  # whole numbers below it are exact as doubles, whose matrix product is ten times as fast as that of int64

# Multiplications: OpenBLAS splits more over threads, which wait for each other where cores are busy.
ONE_THREAD = 250_000


def exact_product(left: Ints, right: Ints) -> Floats:
    """left @ right without rounding; falls back to slower whole-number arithmetic where doubles would round."""
    widest = float(max(left.max(initial=0), -left.min(initial=0))) * float(np.abs(right).sum(axis=0).max(initial=0))
    if widest < EXACT:
        return product(left.astype(np.float64), right.astype(np.float64))
    return (left @ right).astype(np.float64)


def product(left: Floats, right: Floats) -> Floats:
    """left @ right, on one core; each column of the result lies in one piece, as the columns of a frame do."""
    found = np.empty((right.shape[1], len(left)))
    step = max(ONE_THREAD // max(right.size, 1), 1)
    for start in range(0, len(left), step):
        np.matmul(right.T, left[start : start + step].T, out=found[:, start : start + step])
    return found.T


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
        return exact_product(cells, self.coefficients.T) + exact_product(constants, self.multipliers.T)

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


@dataclass
class System:
    """The rules of a form over its ``cells`` (names, in order), with memory of what each set of freed cells implies."""

    cells: tuple[str, ...]
    rules: Rows
    _freed: dict[frozenset[int], Rows] = field(default_factory=dict)

    @classmethod
    def build(cls, cells: tuple[str, ...], coefficients: Ints, equal: NDArray[np.bool_]) -> System:
        return cls(cells, Rows(coefficients, np.eye(len(equal), dtype=np.int64), equal))

    def violated(self, cells: Ints, constants: Ints) -> NDArray[np.bool_]:
        """(records, rules): which rules each record breaks as it stands."""
        left = exact_product(cells, self.rules.coefficients.T) + constants
        return np.where(self.rules.equal, left != 0, left < 0)

    def freed(self, free: frozenset[int]) -> Rows:
        """The rows over the fixed cells that are implied once the cells of ``free`` may take any value."""
        if not free:
            return self.rules
        if free not in self._freed:
            last = max(free)
            self._freed[free] = eliminate(self.freed(free - {last}), last)
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

    def bounds(
        self, cell: int, free: frozenset[int], cells: Ints, constants: Ints
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """(records,) lowest and highest integer that ``cell`` can take while ``free`` (without it) takes any value."""
        rows = self.freed(free - {cell})
        rows = rows.take(rows.coefficients[:, cell] != 0)
        weight = rows.coefficients[:, cell]
        others = cells.copy()
        others[:, cell] = 0
        rest = rows.residuals(others, constants)
        low = np.full(len(cells), -np.inf)
        high = np.full(len(cells), np.inf)
        for column, factor in enumerate(weight):
            at_least = np.ceil(-rest[:, column] / factor) if factor > 0 else None
            at_most = np.floor(-rest[:, column] / factor) if factor < 0 else None
            if rows.equal[column]:
                exact = -rest[:, column] / factor
                low = np.maximum(low, np.ceil(exact))
                high = np.minimum(high, np.floor(exact))
            elif at_least is not None:
                low = np.maximum(low, at_least)
            elif at_most is not None:
                high = np.minimum(high, at_most)
        return low, high
