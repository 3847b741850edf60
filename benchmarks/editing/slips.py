"""Slips as people make them, planted into true records: kinds that the ranker models, and kinds that it does not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from benchmarks.editing.province import PER_SUBDISTRICT

Ints = NDArray[np.int64]
LEAST_RUN, MOST_RUN = 3, 8  # cells that are copied together
TRIES = 40  # a slip that changes nothing (a swap of equal figures) is drawn again


@dataclass
class Slips:
    """Draws slips.

    ``true``, ``last`` (communities, cells); ``groups``: cells that stand side by side; ``money``: the block. ``copied``
    keeps which cells of a community were copied together.
    """

    true: Ints
    last: Ints
    groups: list[list[int]]
    money: list[int]
    draw: np.random.Generator
    copied: dict[int, slice] = field(default_factory=dict)

    def plant(self, share: float, kinds: Iterable[str] = ()) -> tuple[Ints, dict[int, str]]:
        """(typed, kind of slip by community): ``share`` of the communities get one slip each, of any of ``kinds``."""
        choice = list(kinds) or list(KINDS)
        typed = self.true.copy()
        planted: dict[int, str] = {}
        for record in self.draw.choice(len(typed), round(len(typed) * share), replace=False).tolist():
            for _ in range(TRIES):
                kind = str(self.draw.choice(choice))
                row = self.true[record].copy()
                KINDS[kind](self, row, record)
                if (row != self.true[record]).any():
                    typed[record], planted[record] = row, kind
                    break
        return typed, planted

    def _cell(self, row: Ints) -> int:
        return int(self.draw.integers(len(row)))

    def _rewrite(self, row: Ints, change: Callable[[list[str]], None]) -> None:
        cell = self._cell(row)
        digits = list(str(abs(int(row[cell]))))
        change(digits)
        row[cell] = int("".join(digits) or "0") * (-1 if row[cell] < 0 else 1)

    def _place(self, digits: list[str], beyond: int = 0) -> int:
        return int(self.draw.integers(max(len(digits) + beyond, 1)))

    def digit(self, row: Ints, _: int) -> None:
        def change(digits: list[str]) -> None:
            digits[self._place(digits)] = str(self.draw.integers(10))

        self._rewrite(row, change)

    def transposed(self, row: Ints, _: int) -> None:
        def change(digits: list[str]) -> None:
            if len(digits) > 1:
                place = self._place(digits, -1)
                digits[place : place + 2] = digits[place : place + 2][::-1]

        self._rewrite(row, change)

    def dropped(self, row: Ints, _: int) -> None:
        def change(digits: list[str]) -> None:
            if len(digits) > 1:
                del digits[self._place(digits)]

        self._rewrite(row, change)

    def inserted(self, row: Ints, _: int) -> None:
        self._rewrite(row, lambda digits: digits.insert(self._place(digits, 1), str(self.draw.integers(10))))

    def ten_times(self, row: Ints, _: int) -> None:
        row[self._cell(row)] *= 10 ** self.draw.integers(1, 4)

    def tenth(self, row: Ints, _: int) -> None:
        row[self._cell(row)] //= 10

    def yuan_in_a_cell(self, row: Ints, _: int) -> None:
        row[self.draw.choice(self.money)] *= 10_000

    def sign(self, row: Ints, _: int) -> None:
        row[self._cell(row)] *= -1

    def swapped(self, row: Ints, _: int) -> None:
        group = self._group(2)
        place = int(self.draw.integers(len(group) - 1))
        row[group[place : place + 2]] = row[group[place : place + 2]][::-1]

    def block_in_yuan(self, row: Ints, _: int) -> None:
        row[self.money] *= 10_000

    def part_of_block(self, row: Ints, _: int) -> None:
        chosen = [cell for cell in self.money if self.draw.random() < 0.5]
        row[chosen] *= self.draw.choice([1_000, 10_000])

    def shifted(self, row: Ints, record: int) -> None:
        group = self._group(4)
        start = int(self.draw.integers(len(group) - 2))
        run = group[start : int(self.draw.integers(start + 2, len(group))) + 1]
        row[run[1:]] = self.true[record, run[:-1]]

    def copied_month(self, row: Ints, record: int) -> None:
        cell = self._cell(row)
        row[cell] = self.last[record, cell]

    def months_run(self, row: Ints, record: int) -> None:
        run = self._run(row, record)
        row[run] = self.last[record, run]

    def neighbours_run(self, row: Ints, record: int) -> None:
        """Of the community in the row above or below."""
        run, home, rows = self._run(row, record), record // PER_SUBDISTRICT, range(len(self.true))
        beside = [one for one in (record - 1, record + 1) if one in rows and one // PER_SUBDISTRICT == home]
        row[run] = self.true[self.draw.choice(beside), run]

    def _run(self, row: Ints, record: int) -> slice:
        start = int(self.draw.integers(len(row) - LEAST_RUN))
        self.copied[record] = slice(start, start + int(self.draw.integers(LEAST_RUN, MOST_RUN, endpoint=True)))
        return self.copied[record]

    def copied_neighbour(self, row: Ints, record: int) -> None:
        """The figure of the community in the next row."""
        cell = self._cell(row)
        row[cell] = self.true[(record + 1) % len(self.true), cell]

    def out_of_nowhere(self, row: Ints, _: int) -> None:
        """Not modelled: another figure of about that size."""
        cell = self._cell(row)
        row[cell] = int(row[cell] * np.exp(self.draw.normal(0, 0.7)))

    def two_digits(self, row: Ints, record: int) -> None:
        """Not modelled: two cells, each with a wrong digit."""
        self.digit(row, record)
        self.digit(row, record)

    def rounded(self, row: Ints, _: int) -> None:
        """An estimate in round numbers."""
        cell = self._cell(row)
        unit = 10 ** max(len(str(abs(int(row[cell])))) - 1, 1)
        row[cell] = round(int(row[cell]) / unit) * unit

    def _group(self, least: int) -> list[int]:
        wide = [group for group in self.groups if len(group) >= least]
        return wide[int(self.draw.integers(len(wide)))]


MODELLED = {
    "digit": Slips.digit,
    "transposed": Slips.transposed,
    "dropped": Slips.dropped,
    "inserted": Slips.inserted,
    "ten_times": Slips.ten_times,
    "tenth": Slips.tenth,
    "yuan_in_a_cell": Slips.yuan_in_a_cell,
    "sign": Slips.sign,
    "swapped": Slips.swapped,
    "block_in_yuan": Slips.block_in_yuan,
    "part_of_block": Slips.part_of_block,
    "shifted": Slips.shifted,
    "copied_month": Slips.copied_month,
    "months_run": Slips.months_run,
    "neighbours_run": Slips.neighbours_run,
    "copied_neighbour": Slips.copied_neighbour,
    "rounded": Slips.rounded,
}
NOT_MODELLED = {
    "out_of_nowhere": Slips.out_of_nowhere,
    "two_digits": Slips.two_digits,
}
KINDS = MODELLED | NOT_MODELLED
