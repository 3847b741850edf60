"""Consistent synthetic months in the form of items.csv: two months of many communities, every mandatory rule kept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Month = dict[str, Ints]  # item code → (communities,) whole numbers; money in 0.01 万元, X02 as its number of ones

MONTHS_SO_FAR = 3  # of the year, before the month that is checked: running totals need some


@dataclass
class Generator:
    """Communities of a made-up province; ``draw`` decides everything."""

    count: int
    draw: np.random.Generator

    def months(self) -> tuple[Month, Month]:
        """The last month and this one."""
        state = self._start()
        for _ in range(MONTHS_SO_FAR):
            state = self._next(state)
        return state, self._next(state)

    def _some(self, share: float) -> Ints:
        return (self.draw.random(self.count) < share).astype(np.int64)

    def _between(self, low: int | Ints, high: int | Ints) -> Ints:
        return self.draw.integers(low, high, self.count, endpoint=True)

    def _part(self, whole: Ints, low: float, high: float) -> Ints:
        return (whole * self.draw.uniform(low, high, self.count)).astype(np.int64)

    def _start(self) -> Month:
        households = self._between(200, 1500)
        registered = self._part(households, 2.0, 3.2)
        members, team, women = self._between(40, 150), self._between(5, 9), self._between(0, 3)
        young = self._between(0, 2)
        middle = self._between(np.zeros(self.count, np.int64), team - young)
        medical, pension = self._part(registered, 0.93, 0.99), self._part(registered, 0.5, 0.7)
        flags = {code: 1 - self._some(0.05) for code in ("F01", "F02", "F03")}
        bits = self._between(0, 5)
        month = {
            "P01": households, "P02": registered, "P03": self._part(registered, 0.6, 1.6), "P04": self._between(4, 16),
            "D01": self._between(2, 5), "D02": self._some(0.8), "D03": members, "D04": self._part(members, 0.15, 0.45),
            "D06": self._between(0, 3), "D07": self._between(0, 3), "D08": self._between(4, 6),
            "D09": self._between(4, 8),
            "B01": team, "B02": team - women, "B03": women, "B04": young, "B05": middle, "B06": team - young - middle,
            "B07": self._between(np.zeros(self.count, np.int64), team),
            "W01": self._part(households, 0.6, 0.95), "W02": self._between(0, 6),
            "W03": self._part(households, 0.3, 0.95),
            "W04": self._some(0.6), **flags, "H01": medical, "H02": self._part(medical, 0.94, 1.0), "H03": pension,
            "H04": self._part(pension, 0.93, 1.0), "V01": self._between(50, 250), "R01": self._some(0.2),
            "X01": bits, "X02": bits.copy(),
        }  # fmt: skip
        self._monthly = np.exp(self.draw.normal(3, 1, (5, self.count))) * np.array([[10], [6], [1], [2], [3]])
        self._losing = self._some(0.2).astype(bool)
        self._books = np.zeros((6, self.count))
        return self._flows(month)

    def _next(self, last: Month) -> Month:
        joined, left = self._between(0, 3), self._between(0, 3)
        members = last["D03"] + joined - left
        households = last["P01"] + self._some(0.1) * self._between(-3, 4)
        added = np.clip(self._between(0, 6), 0, np.maximum(households - last["W01"], 0))
        registered = np.maximum(last["P02"] + self._some(0.4) * self._between(-8, 9), households)
        medical = last["H01"] + self._some(0.1) * self._between(0, 5)
        pension = np.minimum(last["H03"] + self._some(0.1) * self._between(-2, 4), registered)
        month = last | {
            "P01": households, "P02": registered, "P03": last["P03"] + self._some(0.4) * self._between(-15, 16),
            "D03": members, "D06": joined, "D07": left, "D04": np.minimum(last["D04"] + self._some(0.2), members),
            "W02": added, "W01": np.minimum(last["W01"] + added, households),
            "W03": np.minimum(last["W03"] + self._some(0.1) * self._between(0, 8), households),
            "H01": medical, "H02": np.minimum(last["H02"] + self._between(0, 6), medical), "H03": pension,
            "H04": np.minimum(last["H04"] + self._between(0, 5), pension),
            "V01": last["V01"] + self._some(0.3) * self._between(0, 6),
        }  # fmt: skip
        return self._flows(month)

    def _flows(self, month: Month) -> Month:
        """What starts anew each month, and the running totals of the year."""
        growth = np.vstack([self._monthly, 0.3 * self._monthly[:1]]) * self.draw.uniform(0.5, 1.5, (6, self.count))
        self._books = self._books + np.round(growth)
        revenue, remitted, invested, expense, administration, subsidy = self._books.astype(np.int64)
        invested = np.where(self._losing, -invested, invested)
        activities = self._between(0, 8)
        return month | {
            "D09": self._between(4, 8), "E01": revenue, "E02": remitted, "E03": invested, "E04": expense,
            "E05": administration, "E06": revenue + remitted + invested - expense - administration, "E07": subsidy,
            "F04": month["F01"] & month["F02"] & month["F03"], "V02": activities,
            "V03": activities * self._between(8, 40),
        }  # fmt: skip
