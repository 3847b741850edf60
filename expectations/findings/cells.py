"""Leads an operand back to its cell, over forms, sheets and months."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from expectations.catalogue.kinds import ITEMS
from expectations.findings.model import Cell
from expectations.history import Tables
from expectations.violation import Operand

Row = dict[str, Any]

# raw table → (the column that names its unit, the table under which `headers` lists its columns)
UNIT_COLUMN = {
    "monthly_report_communities": ("community_code", "monthly_report_communities"),
    "monthly_report_subdistricts": ("subdistrict_code", "monthly_report_subdistricts"),
    "monthly_report_totals": ("subdistrict_code", "monthly_report_communities"),
}


class CellIndex:
    """Rows and headers of the units that some operands are about; nothing else is turned into Python objects."""

    def __init__(self, tables_by_month: Mapping[date, Tables], operands: Iterable[Operand]) -> None:
        wanted: dict[date, set[str]] = defaultdict(set)
        for operand in operands:
            wanted[operand.month].add(operand.unit_code)
        self.rows: dict[tuple[str, date, str], Row] = {}
        self.figures: dict[tuple[date, str, str], Row] = {}
        self.headers: dict[tuple[str, str, str], Row] = {}
        for month, units in wanted.items():
            self._read(month, tables_by_month.get(month, {}), sorted(units))

    def _read(self, month: date, tables: Tables, units: list[str]) -> None:
        for name, (column, _) in UNIT_COLUMN.items():
            for row in _of_units(tables.get(name), column, units):
                self.rows.setdefault((name, month, row[column]), row)
        for row in _of_units(tables.get("profile_figures"), "unit_code", units):
            self.figures.setdefault((month, row["unit_code"], row["figure_code"]), row)
        submissions = {row["submission_id"] for (_, when, _), row in self.rows.items() if when == month}
        for row in _of_units(tables.get("headers"), "submission_id", sorted(submissions)):
            self.headers.setdefault((row["submission_id"], row["raw_table"], row["item_code"]), row)

    def cell(self, operand: Operand) -> Cell:
        """The operand's cell; where its row or column was not sent, only what is known of it."""
        figure = self.figures.get((operand.month, operand.unit_code, operand.item_code))
        if figure is not None:
            printed_at = f"{figure['column_letter']}{figure['row_number']}"
            return _cell(operand, figure, figure["sheet"], printed_at, figure["text"], operand.value)
        item = ITEMS.get(operand.item_code)
        table = self._table(operand, item.sheet if item else "")
        row = self.rows.get((table, operand.month, operand.unit_code))
        if item is None or row is None:
            return Cell(None, None, None, operand.unit_code, operand.month, operand.item_code, None, operand.value)
        header = self.headers.get((row["submission_id"], UNIT_COLUMN[table][1], operand.item_code))
        address = f"{header['column_letter']}{header['row_number'] or row['row_number']}" if header else None
        sheet = header["sheet"] if header else row["sheet"]
        text = row[f"{item.column_name}__text"]
        return _cell(operand, row, sheet, address, text, as_reported(row[item.column_name]))

    def _table(self, operand: Operand, sheet: str) -> str:
        if sheet == "subdistrict":
            return "monthly_report_subdistricts"
        community = ("monthly_report_communities", operand.month, operand.unit_code) in self.rows
        return "monthly_report_communities" if community else "monthly_report_totals"


def _of_units(table: pa.Table | None, column: str, values: list[str]) -> list[Row]:
    if table is None:
        return []
    chosen = table.filter(pc.is_in(table.column(column), value_set=pa.array(values, pa.string())))
    return list(chosen.to_pylist())


def _cell(operand: Operand, row: Row, sheet: str, address: str | None, text: str | None, value: str) -> Cell:
    return Cell(row["workbook"], sheet, address, operand.unit_code, operand.month, operand.item_code, text, value)


def as_reported(value: Any) -> str:
    """A typed value as text: 是/否, decimals without trailing zeros, a blank as the empty string."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)
