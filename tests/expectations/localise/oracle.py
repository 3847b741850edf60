"""Fellegi–Holt by a general solver: the fewest cells to change as a mixed-integer programme. Slow and independent."""

from __future__ import annotations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from expectations.localise.system import Ints, System


def fewest_changes(system: System, cells: Ints, constants: Ints, reach: int) -> int | None:
    """How many cells must change at least, each by no more than ``reach``; None where no change helps.

    Variables: per cell its change up, its change down, and whether it changes. cells (cells,), constants (rules,).
    """
    width = len(cells)
    rules = system.rules.coefficients
    left = system.rules.residuals(cells[None, :], constants[None, :])[0]
    changed = np.zeros((len(rules), width))
    healed = LinearConstraint(np.hstack([rules, -rules, changed]), -left, np.where(system.rules.equal, -left, np.inf))
    linked = LinearConstraint(
        np.hstack([np.eye(width), np.eye(width), -reach * np.eye(width)]), -np.inf, np.zeros(width)
    )
    solution = milp(
        c=np.concatenate([np.zeros(2 * width), np.ones(width)]),
        constraints=[healed, linked],
        integrality=np.ones(3 * width),
        bounds=Bounds(0, np.concatenate([np.full(2 * width, reach), np.ones(width)])),
    )
    return round(solution.fun) if solution.success else None
