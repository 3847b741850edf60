"""The month's batch as frames: as it was read, and as Great Expectations gets to see it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from expectations.structure.suites import COMMUNITIES, KEY, REGISTER, SUBDISTRICTS
from ingest.reference import Unit, items

if TYPE_CHECKING:
    import pandas as pd

ROW_ID = {
    COMMUNITIES: ("subdistrict_code", "community_code", "row_number"),
    SUBDISTRICTS: ("subdistrict_code", "row_number"),
    REGISTER: ("subdistrict_code", "community_code"),
}


@dataclass(frozen=True)
class Batch:
    """All tables of a month by their Chinese name, with the units that hold in it."""

    month: date
    subdistricts: tuple[Unit, ...]
    communities: tuple[Unit, ...]
    frames: dict[str, pd.DataFrame]

    @classmethod
    def of(cls, communities: pd.DataFrame, lists: pd.DataFrame | None, units: Iterable[Unit], month: date) -> Batch:
        """``communities`` and ``lists`` are the rows of 社区月报 and 街道汇总; None stands for no list at all."""
        holding = [unit for unit in units if unit.holds_on(month)]
        due = tuple(unit for unit in holding if unit.level == "community")
        lists = communities.iloc[:0] if lists is None else lists
        sent = set(communities["subdistrict_code"]) | set(lists["subdistrict_code"])
        register = _register(communities, [unit for unit in due if unit.parent_code in sent])
        frames = {COMMUNITIES: communities, SUBDISTRICTS: lists, REGISTER: register}
        return cls(month, tuple(unit for unit in holding if unit.level == "subdistrict"), due, frames)

    @cached_property
    def sent(self) -> frozenset[str]:
        """The sub-districts with a row in either table."""
        codes = (code for table in (COMMUNITIES, SUBDISTRICTS) for code in self.frames[table]["subdistrict_code"])
        return frozenset(codes)

    @cached_property
    def due(self) -> Counter[str]:
        """The number of communities of each sub-district."""
        return Counter(unit.parent_code or "" for unit in self.communities)

    @cached_property
    def names(self) -> dict[str, str]:
        return {unit.unit_code: unit.unit_name for unit in (*self.subdistricts, *self.communities)}

    def rows(self, table: str) -> dict[tuple[Any, ...], int]:
        """The position of each row of ``table`` by its id."""
        keys = self.frames[table][list(ROW_ID[table])].itertuples(index=False, name=None)
        return {key: position for position, key in enumerate(keys)}


def as_asked(frame: pd.DataFrame, month: date) -> pd.DataFrame:
    """``frame`` with its ``month``, numbers as floats and yes/no as 是/否; blanks stay blanks.

    GX turns a limit of Decimal("0.01") into the float 0.01, which is a little above it: an exact 0.01 would fail. As
    floats, two amounts with two decimals keep their order up to 90 万亿 (2**53 / 100). ``KEY`` names a community within
    the batch, which can hold several months.
    """
    shown = frame.assign(month=month)
    if "community_code" in shown:
        shown[KEY] = f"{month:%Y-%m} " + shown["community_code"].astype("str")
    for item in items():
        if item.column_name not in shown:
            continue
        if item.value_type in ("integer", "money", "mean"):
            shown[item.column_name] = shown[item.column_name].astype("float64")
        elif item.value_type == "yes_no":
            shown[item.column_name] = shown[item.column_name].map({True: "是", False: "否"})
    return shown


def _register(sent: pd.DataFrame, due: list[Unit]) -> pd.DataFrame:
    """A row per community due, with the row that it has in the report, or none."""
    import pandas as pd

    codes = [(unit.parent_code, unit.unit_code) for unit in due]
    frame = pd.DataFrame(codes, columns=list(ROW_ID[REGISTER]), dtype="object")
    first = dict(zip(reversed(list(sent["community_code"])), reversed(list(sent["row_number"])), strict=True))
    frame["row_number"] = [first.get(code) for code in frame["community_code"]]
    return frame
