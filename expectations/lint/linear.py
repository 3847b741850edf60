"""The mandatory rules of a sheet as linear programs: which cannot hold together, which follow from others.

The rows are those of localisation (``localise.compile``). What a record is given (last month, sums over other rows)
is as free here as its own cells, so what is reported holds whatever was sent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from expectations.localise.compile import DOMAIN, SWITCH, Row

INFEASIBLE = 2  # linprog's status
SMALL = 1e-6  # HiGHS is exact to 1e-7; all coefficients are whole numbers


@dataclass(frozen=True)
class Redundancy:
    """``rule_code`` follows from ``implied_by``: all of it, or only its bounds of ``items``."""

    rule_code: str
    items: tuple[str, ...]
    implied_by: tuple[str, ...]


class Program:
    """``matrix @ x <= limits``: each row of a sheet, an equality as two."""

    def __init__(self, rows: Sequence[Row]) -> None:
        names = list(dict.fromkeys(str(name) for row in rows for name in (*row.weights, *row.given)))
        index = {name: position for position, name in enumerate(names)}
        lines: list[NDArray[np.float64]] = []
        limits: list[float] = []
        owners: list[int] = []
        for number, row in enumerate(rows):
            line = np.zeros(len(names))
            for name, weight in (*row.weights.items(), *row.given.items()):
                line[index[str(name)]] += weight
            for sign in (-1, 1) if row.equal else (-1,):
                lines.append(sign * line)
                limits.append(row.slack - sign * row.constant)
                owners.append(number)
        self.matrix = np.array(lines).reshape(len(lines), len(names))
        self.limits = np.array(limits, dtype=float)
        self.owners = np.array(owners, dtype=np.intp)

    def feasible(self, kept: NDArray[np.bool_]) -> bool:
        """Whether the lines of ``kept`` can hold together."""
        if not kept.any():
            return True
        status: int = self._solve(np.zeros(self.matrix.shape[1]), kept).status
        return status != INFEASIBLE

    def implied_by(self, line: int, kept: NDArray[np.bool_]) -> NDArray[np.intp] | None:
        """The lines of ``kept`` that force ``line``; None where it can be broken while they hold."""
        if not kept.any():
            return None
        found = self._solve(-self.matrix[line], kept)
        if found.status != 0 or -found.fun > self.limits[line] + SMALL:
            return None
        binding: NDArray[np.intp] = np.flatnonzero(kept)[np.abs(found.ineqlin.marginals) > SMALL]
        return binding

    def _solve(self, objective: NDArray[np.float64], kept: NDArray[np.bool_]) -> Any:
        from scipy.optimize import linprog

        return linprog(objective, A_ub=self.matrix[kept], b_ub=self.limits[kept], bounds=(None, None), method="highs")


def contradictions(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    """Smallest sets of rules that cannot hold together; a rule stands in at most one of them."""
    program = Program(rows)
    codes = np.array([rows[owner].rule_code for owner in program.owners], dtype=object)
    kept = np.ones(len(codes), dtype=bool)
    found: list[tuple[str, ...]] = []
    while not program.feasible(kept):
        needed = kept.copy()
        for code in dict.fromkeys(codes[kept].tolist()):
            without = needed & (codes != code)
            if code != DOMAIN and not program.feasible(without):
                needed = without
        found.append(tuple(sorted(set(codes[needed].tolist()) - {DOMAIN})))
        kept &= ~np.isin(codes, found[-1])
    return found


def redundancies(rows: Sequence[Row]) -> list[Redundancy]:
    """Rules of which every row, or a bound of single items, follows from the rows of other rules."""
    rows = [row for row in rows if SWITCH not in row.weights.values()]  # they presume what they would seem to imply
    program = Program(rows)
    lines_of: dict[str, list[int]] = defaultdict(list)
    for line, owner in enumerate(program.owners.tolist()):
        lines_of[rows[owner].rule_code].append(line)
    found = (_redundancy(code, lines, rows, program) for code, lines in lines_of.items() if code != DOMAIN)
    return [one for one in found if one is not None]


def _redundancy(code: str, lines: list[int], rows: Sequence[Row], program: Program) -> Redundancy | None:
    kept = np.ones(len(program.owners), dtype=bool)
    kept[lines] = False
    binding = {line: program.implied_by(line, kept) for line in lines}
    implied = {line: cause for line, cause in binding.items() if cause is not None}
    if len(implied) == len(lines):
        return Redundancy(code, (), _codes(implied.values(), rows, program, code))
    bounds = {line: next(iter(row.weights)) for line in implied if _is_bound(row := rows[program.owners[line]])}
    if not bounds:
        return None
    causes = _codes((implied[line] for line in bounds), rows, program, code)
    return Redundancy(code, tuple(sorted(set(bounds.values()))), causes)


def _is_bound(row: Row) -> bool:
    return len(row.weights) == 1 and not row.given


def _codes(lines: Iterable[NDArray[np.intp]], rows: Sequence[Row], program: Program, own: str) -> tuple[str, ...]:
    owners = {int(program.owners[line]) for binding in lines for line in binding}
    return tuple(sorted({rows[owner].rule_code for owner in owners} - {own, DOMAIN}))
