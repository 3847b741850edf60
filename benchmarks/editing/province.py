"""The synthetic years as the pipeline gets them: raw tables, a unit tree, and matrices for planting and scoring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from benchmarks.editing.form import Generator, Ints, Month
from expectations.catalogue import load_catalogue
from expectations.history import History, Inputs, lags, months_back
from ingest.raw.schema import ARROW_TYPES, TABLES
from ingest.reference import Item, Unit, items

PER_SUBDISTRICT = 10
SHEET = tuple(item for item in items() if item.sheet == "community" and item.value_type != "choice")
CELLS = tuple(item.item_code for item in SHEET)
MONEY = [place for place, item in enumerate(SHEET) if item.value_type == "money"]
GROUPS = [
    [place for place, code in enumerate(CELLS) if code[0] == letter] for letter in dict.fromkeys(c[0] for c in CELLS)
]
BITS = np.array(["00000", "00001", "00011", "00111", "01111", "11111"])


def matrix(month: Month) -> Ints:
    """(communities, cells) in the order of the form."""
    return np.stack([month[code] for code in CELLS], axis=1)


def month_under_test(seed: int) -> date:
    """January for the first seed, June, November, April, September for the next: twelve seeds see every month."""
    return date(2025, (seed - 1) * 5 % 12 + 1, 1)


@dataclass(frozen=True)
class Years:
    """The month under test as it is true, and as much of the months before it as an evaluation of it loads.

    All of them are (communities, cells); ``levels`` (running totals, communities) as the generator has them.
    """

    month: date
    true: Ints
    earlier: Mapping[date, Ints]
    levels: NDArray[np.float64]

    @classmethod
    def drawn(cls, count: int, month: date, draw: np.random.Generator) -> Years:
        generator = Generator(count, draw)
        read = {months_back(month, lag) for lag in (0, *lags(load_catalogue(None).rules, month))}
        months = {day: matrix(figures) for day, figures in generator.years(month) if day in read}
        return cls(month, months.pop(month), months, generator.levels)

    @property
    def january(self) -> bool:
        """Whether the running totals of the month under test begin anew."""
        return self.month.month == 1

    @property
    def last(self) -> Ints:
        return self.earlier[months_back(self.month, 1)]

    def inputs(self, typed: Ints, totals: Ints | None = None) -> Inputs:
        """What an evaluation reads where ``typed`` came; ``totals`` (sub-districts, cells) is the clerks' 合计 row."""
        tables = _tables(typed, self.month)
        if totals is not None:
            tables["monthly_report_totals"] = _totals(totals, len(typed))
        earlier = {day: _tables(cells, day) for day, cells in self.earlier.items()}
        return Inputs(self.month, tables, History(earlier, {}), units(len(typed)))


def codes(count: int) -> tuple[list[str], list[str]]:
    """Invented codes of communities and of their sub-districts, ten to one."""
    subdistricts = [f"99{number // PER_SUBDISTRICT:07d}000" for number in range(count)]
    return [f"{code[:9]}{number % PER_SUBDISTRICT + 1:03d}" for number, code in enumerate(subdistricts)], subdistricts


def units(count: int) -> tuple[Unit, ...]:
    fixed: dict[str, Any] = {"valid_from": date(2020, 1, 1), "valid_to": None, "successor_code": None, "aliases": ()}
    county = Unit(
        unit_code="990000000000",
        unit_name="示例省",
        level="county",
        parent_code=None,
        community_type=None,
        star_scheme=None,
        **fixed,
    )
    communities, subdistricts = codes(count)
    upper = [
        Unit(
            unit_code=code,
            unit_name=code,
            level="subdistrict",
            parent_code=county.unit_code,
            community_type=None,
            star_scheme=None,
            **fixed,
        )
        for code in sorted(set(subdistricts))
    ]
    lower = [
        Unit(
            unit_code=code,
            unit_name=code,
            level="community",
            parent_code=parent,
            community_type="城郊村",
            star_scheme="village",
            **fixed,
        )
        for code, parent in zip(communities, subdistricts, strict=True)
    ]
    return (county, *upper, *lower)


def _tables(cells: Ints, month: date) -> dict[str, pa.Table]:
    return {name: schema.empty_table() for name, schema in TABLES.items()} | {
        "monthly_report_communities": _communities(cells, month)
    }


def _communities(cells: Ints, month: date) -> pa.Table:
    communities, subdistricts = codes(len(cells))
    known = {
        "month": pa.array([month] * len(cells), pa.date32()),
        "subdistrict_code": subdistricts,
        "community_code": communities,
        "row_number": pa.array(np.arange(len(cells)) % PER_SUBDISTRICT + 5, pa.int32()),
        "community_type": ["城郊村"] * len(cells),
    } | _item_columns(SHEET, cells)
    return _filled(TABLES["monthly_report_communities"], known, len(cells))


def _totals(totals: Ints, count: int) -> pa.Table:
    additive = tuple(item for item in SHEET if item.additive)
    chosen = totals[:, [CELLS.index(item.item_code) for item in additive]]
    known = {"subdistrict_code": sorted(set(codes(count)[1])), "row_number": pa.array([15] * len(totals), pa.int32())}
    return _filled(TABLES["monthly_report_totals"], known | _item_columns(additive, chosen), len(totals))


def _item_columns(columns: tuple[Item, ...], cells: Ints) -> dict[str, pa.Array]:
    """The typed values and, as in raw, what was written in the cell."""
    typed = {item.column_name: _column(item, cells[:, place]) for place, item in enumerate(columns)}
    return typed | {f"{name}__text": pc.cast(values, pa.string()) for name, values in typed.items()}


def _column(item: Item, values: Ints) -> pa.Array:
    if item.value_type == "yes_no":
        return pa.array(values > 0)
    if item.value_type == "bits":
        return pa.array(BITS[np.clip(values, 0, 5)])
    if item.value_type == "money":
        hundredths = pc.cast(pa.array(values), pa.decimal128(19, 0))
        return pc.cast(pc.multiply(hundredths, pa.scalar("0.01").cast(pa.decimal128(3, 2))), ARROW_TYPES["money"])
    return pa.array(values)


def _filled(schema: pa.Schema, known: dict[str, object], count: int) -> pa.Table:
    return pa.table({field.name: known.get(field.name, pa.nulls(count, field.type)) for field in schema}, schema=schema)
