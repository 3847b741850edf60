"""The wide table of sub-districts or of counties: own values beside what their communities make together.

The tree decides who is asked: a sub-district that sent nothing stands here with NULLs. That of the communities
themselves is made in ``sent``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import duckdb
import numpy as np
import pyarrow as pa

from expectations.catalogue.expression import Reference
from expectations.catalogue.kinds import ITEMS
from expectations.detect.columns import HUNDREDTHS, WIDE, quoted, row_name, row_sql
from expectations.history import Inputs, Tables, months_back

FIRST = "first"  # stands for a lag: the month itself, first version
NO_ROW_OF_ITS_OWN = ("units", "rows", "registered", "department")

DEPARTMENT_SCHEMA = pa.schema([("unit", pa.string()), ("item", pa.string()), ("value", pa.decimal128(18, 2))])


@dataclass(frozen=True)
class Source:
    """A raw table, the column that names its unit, and how the tables made of it are called."""

    prefix: str
    raw: str
    unit: str


COMMUNITY = Source("community", "monthly_report_communities", "community_code")
# What sums of an earlier month add up are that month's units; what a unit's own earlier month was follows its people.
EARLIER = Source("earlier", "monthly_report_communities", "community_code")
OWN = Source("own", "monthly_report_subdistricts", "subdistrict_code")
TOTAL = Source("total", "monthly_report_totals", "subdistrict_code")


def moment(reference: Reference) -> str:
    """Which month (and version) a reference reads, as part of a table's name."""
    return FIRST if reference.first else str(reference.lag)


def make_units(con: duckdb.DuckDBPyConnection, inputs: Inputs, moments: Iterable[str]) -> None:
    """``units_<moment>``: the communities of the tree in that month, with sub-district and county."""
    for name in moments:
        con.register(f"units_{name}", inputs.communities(month_of(inputs, name)))


def make_department(con: duckdb.DuckDBPyConnection, inputs: Inputs) -> None:
    rows = [
        {"unit": value.unit_code, "item": value.item_code, "value": value.value}
        for value in inputs.department_values
        if value.month == inputs.month
    ]
    con.register("department", pa.Table.from_pylist(rows, schema=DEPARTMENT_SCHEMA))


def month_of(inputs: Inputs, name: str) -> date:
    return inputs.month if name == FIRST else months_back(inputs.month, int(name))


def tables_of(inputs: Inputs, source: Source, name: str) -> Tables:
    if name == FIRST:
        return inputs.history.first
    return inputs.tables_back(int(name)) if source is COMMUNITY else inputs.carried_back(int(name))


def make_rows(
    con: duckdb.DuckDBPyConnection, inputs: Inputs, source: Source, references: Iterable[Reference], number: str
) -> None:
    """``<prefix>_<moment>``: one row per unit of a raw table, with what ``references`` read there.

    A unit that stands twice counts with its first row; that it stands twice is another rule's finding.
    """
    by_moment: dict[str, dict[str, str]] = {}
    for reference in references:
        columns = by_moment.setdefault(moment(reference), {})
        if reference.item:
            columns[row_name(reference)] = row_sql(reference, number)
    for name, columns in by_moment.items():
        table = tables_of(inputs, source, name).get(source.raw)
        if table is None:
            nothing = "".join(f", null::{number} as {quoted(column)}" for column in columns)
            con.execute(f"create temp table {source.prefix}_{name} as select '' as unit{nothing} where false")
            continue
        selected = "".join(f", {sql} as {quoted(column)}" for column, sql in columns.items())
        sent = f"sent_{source.prefix}_{name}"
        con.register(sent, table.append_column("ordinal", pa.array(np.arange(len(table)))))
        con.execute(
            f"create temp view {source.prefix}_{name} as select {source.unit} as unit{selected} from {sent}"
            + ("" if _stands_once(table.column(source.unit)) else _first_rows_sql(source, sent))
        )


def _stands_once(units: pa.ChunkedArray) -> bool:
    return len(units.unique()) == len(units)


def _first_rows_sql(source: Source, sent: str) -> str:
    return f" where ordinal in (select min(ordinal) from {sent} group by {source.unit})"


def is_row_value(reference: Reference) -> bool:
    return reference.item is not None and reference.function not in NO_ROW_OF_ITS_OWN


def is_own_value(reference: Reference) -> bool:
    """Whether it is read in the unit's own row, not in those of its communities or the clerk's total."""
    return is_row_value(reference) and not reference.aggregate


def source_of(reference: Reference) -> Source:
    """Where a unit's own value stands."""
    return OWN if ITEMS[reference.item or ""].sheet == "subdistrict" else EARLIER


def asks_the_tree(reference: Reference) -> bool:
    """Whether the communities of the reference's own month matter, not only their rows."""
    return reference.aggregate in ("sum", "count") or reference.function in ("units", "rows", "registered")


def upper_wide_sql(level: str, references: tuple[Reference, ...]) -> str:
    """A row per unit of ``level`` (``subdistrict`` or ``county``), a column per reference, named as it is written."""
    moments = {
        kind: sorted({moment(r) for r in references if _source(r) == kind}) for kind in ("own", "total", "together")
    }
    columns = [f"{_source(r)}_{moment(r)}.{quoted(_upper_name(r))} as {quoted(str(r))}" for r in references]
    joins = [f"left join {kind}_{name} on {kind}_{name}.unit = u.unit" for kind in moments for name in moments[kind]]
    joins = [join for join in joins if not join.startswith("left join together")]
    joins += [
        f"left join ({_together_sql(level, name, references)}) as together_{name} on together_{name}.unit = u.unit"
        for name in moments["together"]
    ]
    asked = f"(select distinct {level} as unit from units_0 where {level} is not null) as u"
    return _select(["u.unit", "u.unit as subdistrict", *columns], asked, joins)


def _source(reference: Reference) -> str:
    if reference.aggregate == "total":
        return "total"
    return "together" if reference.aggregate or reference.item is None else "own"


def _upper_name(reference: Reference) -> str:
    return (
        row_name(reference) if reference.aggregate in ("", "total") else f"{reference.aggregate}({row_name(reference)})"
    )


def _together_sql(level: str, name: str, references: tuple[Reference, ...]) -> str:
    wanted = {_upper_name(r): r for r in references if _source(r) == "together" and moment(r) == name}
    columns = [f"{_together_column(reference)} as {quoted(column)}" for column, reference in wanted.items()]
    reads_rows = any(reference.function != "units" for reference in wanted.values())
    joins = [f"left join community_{name} as c on c.unit = u.unit"] if reads_rows else []
    return f"{_select([f'u.{level} as unit', *columns], f'units_{name} as u', joins)} group by 1"


def _together_column(reference: Reference) -> str:
    """A sum or count is one only if every community of the tree has the value."""
    if reference.function == "units":
        return f"cast(count(*) * {HUNDREDTHS} as {WIDE})"
    if reference.function == "rows":
        return f"cast(count(c.unit) * {HUNDREDTHS} as {WIDE})"
    column = f"c.{quoted(row_name(reference))}"
    value = f"sum({column})" if reference.aggregate == "sum" else f"count({column}) * {HUNDREDTHS}"
    return f"case when count({column}) = count(*) then cast({value} as {WIDE}) end"


def _select(columns: list[str], source: str, joins: list[str]) -> str:
    return f"select {', '.join(columns)} from {source} {' '.join(joins)}"
