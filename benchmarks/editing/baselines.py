"""What others do, in the same process on the same records: within-row checks, Fellegi–Holt by MIP, robust z-scores."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from benchmarks.editing.form import Ints
from expectations.localise.explain import Explanation
from expectations.localise.system import System

REACH = 10**7  # how far a cell may move; ×10,000 of a large figure must fit


def all_cells_of_violated_rules(visible: NDArray[np.bool_]) -> list[Explanation]:
    """Within-row checks name every cell of the broken rule; they suggest no value."""
    return [Explanation(tuple((int(cell), -1) for cell in np.flatnonzero(row)), 1.0, "rule") for row in visible]


def fellegi_holt(system: System, typed: Ints, constants: Ints) -> Explanation | None:
    """The fewest cells to change with unit weights; one of the smallest sets, as the solver comes upon it."""
    width = len(typed)
    rules = system.rules.coefficients.astype(float)
    left = system.rules.residuals(typed[None, :], constants[None, :])[0]
    touched = np.abs(rules).sum(axis=1) > 0
    healed = LinearConstraint(
        np.hstack([rules, -rules, np.zeros((len(rules), width))])[touched],
        -left[touched],
        np.where(system.rules.equal, -left, np.inf)[touched],
    )
    linked = LinearConstraint(
        np.hstack([np.eye(width), np.eye(width), -REACH * np.eye(width)]), -np.inf, np.zeros(width)
    )
    solution = milp(
        c=np.concatenate([np.zeros(2 * width), np.ones(width)]),
        constraints=[healed, linked],
        integrality=np.ones(3 * width),
        bounds=Bounds(0, np.concatenate([np.full(2 * width, REACH), np.ones(width)])),
        options={"time_limit": 10},
    )
    if solution.x is None:
        return None
    moved = np.round(solution.x[:width] - solution.x[width : 2 * width]).astype(np.int64)
    return Explanation(tuple((int(c), int(typed[c] + moved[c])) for c in np.flatnonzero(moved)), 1.0, "mip")


def robust_outliers(typed: Ints, last: Ints, limit: float = 3.0) -> NDArray[np.bool_]:
    """(records, cells): whose logarithm of change lies more than ``limit`` robust deviations from the median."""
    change = np.sign(typed) * np.log1p(np.abs(typed)) - np.sign(last) * np.log1p(np.abs(last))
    centre = np.median(change, axis=0)
    spread = 1.4826 * np.median(np.abs(change - centre), axis=0)
    return np.abs(change - centre) > limit * np.maximum(spread, 1e-3)
