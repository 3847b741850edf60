"""Counts the values of each submission, and how many of them are last month's; decides nothing."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import pyarrow as pa

from expectations.detect.columns import quoted
from expectations.history import Inputs, Tables
from ingest.reference import Item, items

SOURCES = {"community": ("monthly_report_communities", "community_code"),
           "subdistrict": ("monthly_report_subdistricts", "subdistrict_code")}  # fmt: skip
NUMBERS = ("integer", "money", "mean")


@dataclass(frozen=True)
class Counts:
    """Cells of the rows that were sent: ``asked``, of them ``answered``, of these ``numbers`` and not 0 (``nonzero``).

    ``same`` values are those of the unit's last month. Flows and running totals asked each month are ``moving``
    where either month's is not 0; ``same_flows`` and ``same_totals`` are those of them that did not move.
    """

    subdistrict: str
    asked: int
    answered: int
    numbers: int
    nonzero: int
    same: int
    moving: int
    same_flows: int
    same_totals: int


FIELDS = tuple(name for name in Counts.__dataclass_fields__ if name != "subdistrict")


def count_values(inputs: Inputs) -> list[Counts]:
    """One for each sub-district with a row of the month, by code."""
    with duckdb.connect(":memory:") as con:
        parts = " union all ".join(_sheet_sql(con, inputs, sheet) for sheet in SOURCES)
        sums = ", ".join(f"sum({name})::bigint" for name in FIELDS)
        rows = con.execute(f"select subdistrict_code, {sums} from ({parts}) group by 1 order by 1").fetchall()
    return [Counts(*row) for row in rows]


def _sheet_sql(con: duckdb.DuckDBPyConnection, inputs: Inputs, sheet: str) -> str:
    raw, unit = SOURCES[sheet]
    con.register(f"now_{sheet}", inputs.tables[raw])
    con.register(f"last_{sheet}", _last(inputs.carried_back(1), raw, inputs.tables[raw].schema))
    asked = [item for item in items() if item.sheet == sheet]
    columns = ", ".join(f"{_sum_sql(name, asked)} as {name}" for name in FIELDS)
    first = f"(from last_{sheet} qualify row_number() over (partition by {unit} order by row_number) = 1)"
    return f"select now.subdistrict_code, {columns} from now_{sheet} as now left join {first} as last using ({unit})"


def _last(tables: Tables, raw: str, schema: pa.Schema) -> pa.Table:
    found = tables.get(raw)
    return schema.empty_table() if found is None else found


def _sum_sql(name: str, asked: list[Item]) -> str:
    return " + ".join(term for item in asked if (term := _term_sql(name, item))) or "0"


def _term_sql(name: str, item: Item) -> str:
    """What one value adds to a count, as SQL; empty where its item has no part in it."""
    now, last = f"now.{quoted(item.column_name)}", f"last.{quoted(item.column_name)}"
    moves = item.asked == "monthly" and item.kind in ("flow", "year_to_date")
    terms = {
        "asked": "1",
        "answered": f"({now} is not null)::int",
        "numbers": f"({now} is not null)::int" if item.value_type in NUMBERS else "",
        "nonzero": f"coalesce({now} <> 0, false)::int" if item.value_type in NUMBERS else "",
        "same": f"coalesce({now} = {last}, false)::int",
        "moving": f"coalesce({now} <> 0 or {last} <> 0, false)::int" if moves else "",
        "same_flows": f"coalesce({now} = {last} and {now} <> 0, false)::int" if moves and item.kind == "flow" else "",
        "same_totals": f"coalesce({now} = {last} and {now} <> 0, false)::int"
        if moves and item.kind == "year_to_date"
        else "",
    }
    return terms[name]
