"""Consistent synthetic years in the form of items.csv: the months of many communities, in which every mandatory rule is
kept, within each row and from month to month.

What moves, moves as a community's figures do: stocks by a few, flows anew each month, running totals by a level of the
community's own until January sets them back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from expectations.history import months_back

Ints = NDArray[np.int64]
Month = dict[str, Ints]  # item code → (communities,) whole numbers; money in 0.01 万元, X02 as its number of ones

# 元 a month, in hundredths of 万元: the median level of each running total beside the others.
BOOKS = {"E01": 10, "E02": 6, "E03": 1, "E04": 2, "E05": 3}
SUBSIDY = 0.3  # E07, of the level of E01
TOTALS = (*BOOKS, "E07")
LOWEST, HIGHEST = 0.5, 1.5  # of its level, what a month adds


@dataclass
class Generator:
    """Communities of a made-up province; ``draw`` decides everything.

    ``levels`` (TOTALS, communities) is what a running total grows by in a usual month; ``losing`` (communities,) whose
    investments lose money.
    """

    count: int
    draw: np.random.Generator

    def __post_init__(self) -> None:
        scale = np.array(list(BOOKS.values()))[:, None]
        levels = np.exp(self.draw.normal(3, 1, (len(BOOKS), self.count))) * scale
        self.levels = np.vstack([levels, SUBSIDY * levels[:1]])
        self.losing = self._some(0.2).astype(bool)

    def years(self, until: date) -> Iterator[tuple[date, Month]]:
        """13 to 24 months: from January of the year before to ``until``, which has every month to compare with."""
        month = self._flows(self._start(), january=True)
        yield months_back(until, until.month + 11), month
        for back in range(until.month + 10, -1, -1):
            day = months_back(until, back)
            month = self.following(month, january=day.month == 1)
            yield day, month

    def following(self, last: Month, january: bool) -> Month:
        """The month after ``last``."""
        return self._flows(self._stocks(last), january)

    def _some(self, share: float) -> Ints:
        return (self.draw.random(self.count) < share).astype(np.int64)

    def _between(self, low: int | Ints, high: int | Ints) -> Ints:
        return self.draw.integers(low, high, self.count, endpoint=True)

    def _part(self, whole: Ints, low: float, high: float) -> Ints:
        return (whole * self.draw.uniform(low, high, self.count)).astype(np.int64)

    def _start(self) -> Month:
        households = self._between(200, 1500)
        registered = self._part(households, 2.0, 3.2)
        members, team, women = self._between(60, 200), self._between(5, 9), self._between(0, 3)
        young = self._between(0, 2)
        middle = self._between((team + 1) // 2 - young, team - young)
        medical, pension = self._part(registered, 0.93, 0.99), self._part(registered, 0.5, 0.7)
        flags = {code: 1 - self._some(0.05) for code in ("F01", "F02", "F03")}
        bits = self._between(0, 5)
        return {
            "P01": households, "P02": registered, "P03": self._part(registered, 0.6, 1.6), "P04": self._between(4, 16),
            "D01": members // 40 + self._between(1, 2), "D02": 1 - self._some(0.02), "D03": members,
            "D04": self._part(members, 0.15, 0.45), "D06": self._between(0, 3), "D07": self._between(0, 3),
            "D08": self._between(4, 6),
            "B01": team, "B02": team - women, "B03": women, "B04": young, "B05": middle, "B06": team - young - middle,
            "B07": self._between(np.zeros(self.count, np.int64), team),
            "W01": self._part(households, 0.6, 0.95), "W02": self._between(0, 6),
            "W03": self._part(households, 0.3, 0.95),
            "W04": self._some(0.6), **flags, "H01": medical, "H02": self._part(medical, 0.94, 1.0), "H03": pension,
            "H04": self._part(pension, 0.93, 1.0), "V01": self._between(50, 200), "R01": self._some(0.2),
            "X01": bits, "X02": bits.copy(),
        }  # fmt: skip

    def _stocks(self, last: Month) -> Month:
        """The stocks that follow from ``last``."""
        joined = self._between(0, 3)
        left = np.minimum(self._between(0, 3), last["D03"])
        members = last["D03"] + joined - left
        households = last["P01"] + self._some(0.1) * self._between(-3, 4)
        added = np.clip(self._between(0, 6), 0, np.maximum(households - last["W01"], 0))
        registered = np.maximum(last["P02"] + self._some(0.4) * self._between(-8, 9), households)
        medical = last["H01"] + self._some(0.1) * self._between(0, 5)
        pension = np.minimum(last["H03"] + self._some(0.1) * self._between(-2, 4), registered)
        volunteers = last["V01"] + self._some(0.3) * self._between(0, 6)
        residents = last["P03"] + self._some(0.4) * self._between(-15, 16)
        return last | {
            "P01": households, "P02": registered, "P03": np.maximum(residents, volunteers),
            "D03": members, "D06": joined, "D07": left, "D04": np.minimum(last["D04"] + self._some(0.2), members),
            "W02": added, "W01": np.minimum(last["W01"] + added, households),
            "W03": np.minimum(last["W03"] + self._some(0.1) * self._between(0, 8), households),
            "H01": medical, "H02": np.minimum(last["H02"] + self._between(0, 6), medical), "H03": pension,
            "H04": np.minimum(last["H04"] + self._between(0, 5), pension), "V01": volunteers,
        }  # fmt: skip

    def _flows(self, month: Month, january: bool) -> Month:
        """What starts anew each month, and the running totals of the year."""
        grown = np.round(self.levels * self.draw.uniform(LOWEST, HIGHEST, self.levels.shape)).astype(np.int64)
        added = dict(zip(TOTALS, grown, strict=True))
        added["E03"] = np.where(self.losing, -added["E03"], added["E03"])
        books = added if january else {code: month[code] + amount for code, amount in added.items()}
        activities = self._between(0, 8)
        return month | books | {
            "E06": books["E01"] + books["E02"] + books["E03"] - books["E04"] - books["E05"],
            "D09": month["D08"] + self._between(0, 4), "F04": month["F01"] & month["F02"] & month["F03"],
            "V02": activities, "V03": activities * self._between(8, 40),
        }  # fmt: skip
