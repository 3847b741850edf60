"""The printed figures of one month, found by figure and column. Nothing here decides anything."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import pyarrow as pa

from expectations.printed.intervals import Interval, Rounding, nearly, over, rounded
from expectations.violation import Operand
from ingest.reference import ProfileFigure, Unit, profile_figures

TOTAL_COLUMN = "合计"
_LAST_DIGIT = Decimal(1)  # weight of the last printed digit where ingest gives none


class NotExecutable(Exception):
    """A rule cannot be asked of a column; the text is the Chinese reason."""


@dataclass(frozen=True)
class Cell:
    """A printed figure that could be read, in the column of one unit."""

    figure: ProfileFigure
    text: str
    value: Decimal
    value_to: Decimal | None
    step: Decimal
    qualifier: str

    def interval(self, rounding: Rounding) -> Interval:
        """What the figure can stand for, in its own unit; a share in %."""
        if self.qualifier == "nearly":
            return nearly(self.value)
        if self.qualifier == "over":
            return over(self.value)
        if self.value_to is not None:
            return Interval(Fraction(self.value), Fraction(self.value_to))
        if self.figure.kind == "count" and self.step <= 1:
            return Interval.point(Fraction(self.value))
        return rounded(self.value, self.step, rounding)

    @property
    def with_unit(self) -> str:
        return self.text if self.figure.unit == "%" else f"{self.text}{self.figure.unit}"

    def __str__(self) -> str:
        return f"{label(self.figure.figure_code)}{self.text}"


@dataclass(frozen=True)
class Sheet:
    """The 概况表 of one county and month; ``doubted`` are (figure, unit) that a rule has found to be in conflict."""

    month: date
    county_code: str
    subdistricts: tuple[Unit, ...]
    cells: dict[tuple[str, str], Cell]
    doubted: frozenset[tuple[str, str]] = frozenset()

    @classmethod
    def read_all(cls, figures: pa.Table, units: Iterable[Unit], month: date) -> list[Sheet]:
        """A sheet per county that sent one; ``figures`` has the schema of raw's ``profile_figures``."""
        holding = [unit for unit in units if unit.level == "subdistrict" and unit.holds_on(month)]
        sent: dict[str, list[dict[str, Any]]] = {}
        for row in figures.to_pylist():
            sent.setdefault(row["subdistrict_code"], []).append(row)
        return [
            cls(month, county, tuple(unit for unit in holding if unit.parent_code == county), _cells(rows))
            for county, rows in sorted(sent.items())
        ]

    @property
    def total(self) -> Column:
        return Column(self, self.county_code, TOTAL_COLUMN)

    @property
    def parts(self) -> tuple[Column, ...]:
        return tuple(Column(self, unit.unit_code, unit.unit_name) for unit in self.subdistricts)


@dataclass(frozen=True)
class Column:
    """The column of a sub-district, or 合计 with the county's code."""

    sheet: Sheet
    unit_code: str
    name: str

    def get(self, code: str) -> Cell | None:
        return self.sheet.cells.get((code, self.unit_code))

    def need(self, code: str) -> Cell:
        """The figure's cell. Raises NotExecutable where nothing readable is printed."""
        cell = self.get(code)
        if cell is None:
            raise NotExecutable(f"缺少{self.name}的{label(code)}（{code}）")
        return cell

    def operands(self, *codes: str) -> tuple[Operand, ...]:
        """The cells as operands of a violation, blank ones with an empty value."""
        cells = ((code, self.get(code)) for code in codes)
        return tuple(Operand(code, self.unit_code, self.sheet.month, cell.text if cell else "") for code, cell in cells)


@cache
def label(code: str) -> str:
    """The Chinese name of a figure as it stands in a sentence."""
    name = next(figure.name_zh for figure in profile_figures() if figure.figure_code == code)
    return name.removeprefix("其中")


def _cells(rows: list[dict[str, Any]]) -> dict[tuple[str, str], Cell]:
    known = {figure.figure_code: figure for figure in profile_figures()}
    readable = (row for row in rows if row["value"] is not None)
    return {(row["figure_code"], row["unit_code"]): _cell(known[row["figure_code"]], row) for row in readable}


def _cell(figure: ProfileFigure, row: dict[str, Any]) -> Cell:
    step = row["step"] or _LAST_DIGIT
    return Cell(figure, row["text"], row["value"], row["value_to"], step, row["qualifier"])
