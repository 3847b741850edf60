"""Perfect knowledge: how probable the generator makes a month, and a slip, from nothing but the visible cells.

What no ranker can beat: it knows every distribution that ``form`` and ``slips`` draw from, and sees the typed figures,
last month's and the clerks' totals, as ours does. It is a yardstick of the bench: nobody knows as much of real
communities (that participations are a multiple of activities, that a running total's hidden level is lognormal).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import erf, sqrt

import numpy as np
from numpy.typing import NDArray

from benchmarks.editing.form import MONTHS_SO_FAR, Ints
from benchmarks.editing.province import CELLS

Floats = NDArray[np.float64]
IMPOSSIBLE = -1e6  # stands for log 0: differences of two of them stay numbers
UNCHANGED = ("P04", "D01", "D02", "D08", "B01", "B02", "B03", "B04", "B05", "B06", "B07", "R01")
STEPS = np.linspace(0, 1, 101)[None, :]  # over the monthly levels that what is visible leaves possible
SPREAD_OF_NOWHERE = 0.7
DRAWS = MONTHS_SO_FAR + 1


@dataclass(frozen=True)
class Asked:
    """A total that is not the sum of its parts: ``rows`` and ``last`` (parts, cells) as typed this month and last.

    ``below`` (parts,) and ``below_total`` are the figures of the next rows, from which one may have been copied.
    """

    cell: int
    rows: Ints
    last: Ints
    total: int
    below: Ints
    below_total: int

    def as_meant(self) -> Ints:
        """(parts, cells): each row as it was meant if it is the wrong one."""
        meant = self.rows.copy()
        meant[:, self.cell] += self.total - self.rows[:, self.cell].sum()
        return meant


def log_blame(asked: Asked, money: float, successes: tuple[float, float]) -> Floats:
    """(parts + 1,): log P(this figure was changed into what is typed), up to a constant; the total is the last one.

    ``money`` as in ``slip_chance``; ``successes``: the share of tries that are not drawn again, of parts and totals.
    """
    cell, meant = asked.cell, asked.as_meant()
    chances = [
        slip_chance(int(row[cell]), int(true[cell]), int(last[cell]), int(below), money) / successes[0]
        for row, true, last, below in zip(asked.rows, meant, asked.last, asked.below, strict=True)
    ]
    summed, last = int(asked.rows[:, cell].sum()), int(asked.last[:, cell].sum())
    chances.append(slip_chance(asked.total, summed, last, int(asked.below_total), money) / successes[1])
    likelier = np.append(log_month(meant, asked.last) - log_month(asked.rows, asked.last), 0.0)
    return np.where(np.array(chances) > 0, np.log(np.maximum(chances, 1e-300)), -np.inf) + likelier


def log_month(now: Ints, last: Ints) -> Floats:
    """(records,): log P(this month | last month) of whole rows, up to what a change of one unseen cell leaves alone."""
    x, y = ({code: rows[:, place] for place, code in enumerate(CELLS)} for rows in (now, last))
    members = y["D03"] + x["D06"] - x["D07"]
    room = np.maximum(x["P01"] - y["W01"], 0)[:, None]
    chances = [
        _stepped(x["P01"], y["P01"], 0.1, -3, 4),
        _among(x["P02"], np.maximum(y["P02"][:, None] + np.arange(-8, 10), x["P01"][:, None]), 0.4,
               np.maximum(y["P02"], x["P01"])),
        _stepped(x["P03"], y["P03"], 0.4, -15, 16),
        _among(x["D04"], np.minimum(y["D04"] + 1, members)[:, None], 0.2, np.minimum(y["D04"], members)),
        _within(x["D06"], 0, 3), _within(x["D07"], 0, 3), x["D03"] == members, _within(x["D09"], 4, 8),
        _among(x["W02"], np.clip(np.arange(7), 0, room)), x["W01"] == np.minimum(y["W01"] + x["W02"], x["P01"]),
        _among(x["W03"], np.minimum(y["W03"][:, None] + np.arange(9), x["P01"][:, None]), 0.1,
               np.minimum(y["W03"], x["P01"])),
        _stepped(x["H01"], y["H01"], 0.1, 0, 5),
        _among(x["H02"], np.minimum(y["H02"][:, None] + np.arange(7), x["H01"][:, None])),
        _among(x["H03"], np.minimum(y["H03"][:, None] + np.arange(-2, 5), x["P02"][:, None]), 0.1,
               np.minimum(y["H03"], x["P02"])),
        _among(x["H04"], np.minimum(y["H04"][:, None] + np.arange(6), x["H03"][:, None])),
        _stepped(x["V01"], y["V01"], 0.3, 0, 6), _within(x["V02"], 0, 8),
        _among(x["V03"], x["V02"][:, None] * np.arange(8, 41)),
        _balanced(x), _subsidy(x, y), *(x[code] == y[code] for code in UNCHANGED),
    ]  # fmt: skip
    logs = [np.where(chance > 0, np.log(np.maximum(chance, 1e-300)), IMPOSSIBLE) for chance in chances]
    return np.asarray(np.sum(logs, axis=0))


def _within(value: Ints, low: int, high: int) -> Floats:
    return ((value >= low) & (value <= high)) / (high - low + 1)


def _stepped(value: Ints, last: Ints, share: float, low: int, high: int) -> Floats:
    return _among(value, last[:, None] + np.arange(low, high + 1), share, last)


def _among(value: Ints, outcomes: Ints, share: float = 1.0, otherwise: Ints | None = None) -> Floats:
    """(records,): P of ``value`` drawn evenly from ``outcomes`` (records, n) with ``share``, ``otherwise`` as given."""
    drawn = share * (outcomes == value[:, None]).mean(axis=1)
    return drawn if otherwise is None else drawn + (1 - share) * (value == otherwise)


def _balanced(x: dict[str, Ints]) -> NDArray[np.bool_]:
    return np.asarray(x["E06"] == x["E01"] + x["E02"] + x["E03"] - x["E04"] - x["E05"])


def _subsidy(x: dict[str, Ints], y: dict[str, Ints]) -> Floats:
    """P(E07's new amount): its unknown monthly level shows in E07 and E01 of last month, and in E01 of this one."""
    told = [(x["E01"] - y["E01"], 1.0, 1), (y["E01"], 1.0, DRAWS), (y["E07"], 0.3, DRAWS)]
    low = np.max([(amount - draws) / (1.5 * share * draws) for amount, share, draws in told], axis=0)
    high = np.min([(amount + draws) / (0.5 * share * draws) for amount, share, draws in told], axis=0)
    level = np.maximum(low, 1)[:, None] + np.maximum(high - low, 1)[:, None] * STEPS
    believed = np.exp(-((np.log(level / 10) - 3) ** 2) / 2) / level
    believed = believed * _sum_density(y["E01"][:, None] / level) / level
    believed = believed * _sum_density(y["E07"][:, None] / (0.3 * level)) / level
    believed = believed * _even((x["E01"] - y["E01"])[:, None], level)
    new = _even((x["E07"] - y["E07"])[:, None], 0.3 * level)
    return np.asarray((believed * new).sum(axis=1) / np.maximum(believed.sum(axis=1), 1e-300))


def _even(amount: Ints, level: Floats) -> Floats:
    """P(``amount``), which is ``level`` times an even draw from 0.5 to 1.5, in whole numbers."""
    low, high = np.maximum(amount - 0.5, 0.5 * level), np.minimum(amount + 0.5, 1.5 * level)
    return np.maximum(high - low, 0) / level


def _sum_density(total: Floats) -> Floats:
    """The density of the sum of DRAWS even draws from 0.5 to 1.5 (Irwin and Hall)."""
    terms, shifted = DRAWS, total - 0.5 * DRAWS
    density, sign_and_ways = np.zeros_like(shifted), 1.0
    for k in range(terms + 1):
        density += sign_and_ways * np.maximum(shifted - k, 0) ** (terms - 1)
        sign_and_ways *= -(terms - k) / (k + 1)
    factorial = float(np.prod(np.arange(1, terms)))
    return np.where((shifted > 0) & (shifted < terms), density, 0.0) / factorial


def slip_chance(typed: int, true: int, last: int, below: int, money: float) -> float:
    """P(one try writes ``typed`` over ``true``), as a multiple of P(a kind is drawn) × P(a cell is drawn).

    ``below``: the figure of the next row; ``money``: P(a cell of the money block) ÷ P(a cell), 0 outside of it.
    """
    if typed == true:
        return 0.0
    digits, sign = str(abs(true)), -1 if true < 0 else 1
    rewritten = sum(sign * int(text or "0") == typed for text in _digit(digits)) / (10 * len(digits))
    rewritten += sum(sign * int(text) == typed for text in _inserted(digits)) / (10 * (len(digits) + 1))
    if len(digits) > 1:
        rewritten += sum(sign * int(text) == typed for text in _transposed(digits)) / (len(digits) - 1)
        rewritten += sum(sign * int(text) == typed for text in _dropped(digits)) / len(digits)
    unit = 10 ** max(len(digits) - 1, 1)
    whole = sum(typed == true * 10**k for k in (1, 2, 3)) / 3 + (typed == true // 10) + (typed == -true)
    whole += money * (typed == true * 10_000) + (typed == last) + (typed == below)
    return rewritten + whole + (typed == round(true / unit) * unit) + _nowhere(typed, true)


def _digit(digits: str) -> list[str]:
    return [digits[:k] + str(d) + digits[k + 1 :] for k in range(len(digits)) for d in range(10)]


def _inserted(digits: str) -> list[str]:
    return [digits[:k] + str(d) + digits[k:] for k in range(len(digits) + 1) for d in range(10)]


def _transposed(digits: str) -> list[str]:
    return [digits[:k] + digits[k + 1] + digits[k] + digits[k + 2 :] for k in range(len(digits) - 1)]


def _dropped(digits: str) -> list[str]:
    return [digits[:k] + digits[k + 1 :] for k in range(len(digits))]


def _nowhere(typed: int, true: int) -> float:
    """``true`` times a lognormal factor, cut to a whole number."""
    size, near = abs(typed), abs(true)
    if not near or typed * true < 0:
        return 0.0
    return _below((size + 1) / near) - _below(size / near)


def _below(factor: float) -> float:
    return 0.5 * (1 + erf(np.log(factor) / SPREAD_OF_NOWHERE / sqrt(2))) if factor > 0 else 0.0
