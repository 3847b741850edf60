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

from benchmarks.editing.form import HIGHEST, LOWEST, TOTALS, Ints
from benchmarks.editing.province import CELLS

Floats = NDArray[np.float64]
IMPOSSIBLE = -1e6  # stands for log 0: differences of two of them stay numbers
UNCHANGED = ("P04", "D01", "D02", "D08", "B01", "B02", "B03", "B04", "B05", "B06", "B07",
             "W04", "F01", "F02", "F03", "R01", "X01", "X02")  # fmt: skip
SPREAD_OF_NOWHERE = 0.7


@dataclass(frozen=True)
class Asked:
    """A total that is not the sum of its parts: ``rows`` and ``last`` (parts, cells) as typed this month and last,
    ``levels`` (running totals, parts) as the generator has them.

    ``below`` (parts,) and ``below_total`` are the figures of the next rows, from which one may have been copied.
    """

    cell: int
    rows: Ints
    last: Ints
    levels: Floats
    january: bool
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
    month = asked.last, asked.levels, asked.january
    likelier = np.append(log_month(meant, *month) - log_month(asked.rows, *month), 0.0)
    return np.where(np.array(chances) > 0, np.log(np.maximum(chances, 1e-300)), -np.inf) + likelier


def log_month(now: Ints, last: Ints, levels: Floats, january: bool) -> Floats:
    """(records,): log P(this month | last month) of whole rows; ``levels`` (running totals, records) as generated."""
    x, y = ({code: rows[:, place] for place, code in enumerate(CELLS)} for rows in (now, last))
    members = y["D03"] + x["D06"] - x["D07"]
    room = np.maximum(x["P01"] - y["W01"], 0)[:, None]
    volunteers = x["V01"][:, None]
    chances = [
        _stepped(x["P01"], y["P01"], 0.1, -3, 4),
        _among(x["P02"], np.maximum(y["P02"][:, None] + np.arange(-8, 10), x["P01"][:, None]), 0.4,
               np.maximum(y["P02"], x["P01"])),
        _among(x["P03"], np.maximum(y["P03"][:, None] + np.arange(-15, 17), volunteers), 0.4,
               np.maximum(y["P03"], x["V01"])),
        _among(x["D04"], np.minimum(y["D04"] + 1, members)[:, None], 0.2, np.minimum(y["D04"], members)),
        _within(x["D06"], 0, 3), _within(x["D07"], 0, 3), x["D03"] == members, _within(x["D09"] - x["D08"], 0, 4),
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
        x["E06"] == x["E01"] + x["E02"] + x["E03"] - x["E04"] - x["E05"],
        *(_booked(x[code], y[code], level, january) for code, level in zip(TOTALS, levels, strict=True)),
        x["F04"] == (x["F01"] & x["F02"] & x["F03"]), *(x[code] == y[code] for code in UNCHANGED),
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


def _booked(total: Ints, last: Ints, level: Floats, january: bool) -> Floats:
    """P(running total): ``level`` times an even draw is added in whole numbers; losses count downwards."""
    sign = np.where(last < 0, -1, 1)
    amount = sign * (total if january else total - last)
    low, high = np.maximum(amount - 0.5, LOWEST * level), np.minimum(amount + 0.5, HIGHEST * level)
    return np.maximum(high - low, 0) / level / (HIGHEST - LOWEST)


def slip_chance(typed: int, true: int, last: int, below: int, money: float) -> float:
    """P(one try writes ``typed`` over ``true``), as a multiple of P(a kind is drawn) × P(a cell is drawn).

    ``below``: the figure of the next row; ``money``: P(a cell of the money block) ÷ P(a cell), 0 outside of it.
    """
    if typed == true:
        return 0.0
    digits, sign = str(abs(true)), -1 if true < 0 else 1
    rewritten = digit_chance(typed, true)
    rewritten += sum(sign * int(text) == typed for text in _inserted(digits)) / (10 * (len(digits) + 1))
    if len(digits) > 1:
        rewritten += sum(sign * int(text) == typed for text in _transposed(digits)) / (len(digits) - 1)
        rewritten += sum(sign * int(text) == typed for text in _dropped(digits)) / len(digits)
    unit = 10 ** max(len(digits) - 1, 1)
    whole = sum(typed == true * 10**k for k in (1, 2, 3)) / 3 + (typed == true // 10) + (typed == -true)
    whole += money * (typed == true * 10_000) + (typed == last) + (typed == below)
    return rewritten + whole + (typed == round(true / unit) * unit) + _nowhere(typed, true)


def digit_chance(typed: int, true: int) -> float:
    """P(another digit at one place of ``true`` gives ``typed``)."""
    digits, sign = str(abs(true)), -1 if true < 0 else 1
    return sum(sign * int(text) == typed for text in _digit(digits)) / (10 * len(digits))


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
