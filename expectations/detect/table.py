"""The wide table of a scope, for whoever reads values rather than states."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

import duckdb
import pyarrow as pa

from expectations.catalogue.expression import Reference
from expectations.catalogue.kinds import ITEMS
from expectations.detect import wide
from expectations.detect.columns import NARROW, WIDE
from expectations.history import Inputs

Result = TypeVar("Result")


def exactly(run: Callable[[str], Result]) -> Result:
    """``run`` with the SQL type that is fast; with the wide one where a value does not fit."""
    try:
        return run(NARROW)
    except (duckdb.OutOfRangeException, duckdb.ConversionException):
        return run(WIDE)


def prepare(con: duckdb.DuckDBPyConnection, inputs: Inputs, references: Iterable[Reference], number: str) -> None:
    """Make the tables that the wide tables of all scopes are joined from, their values of SQL type ``number``."""
    references = tuple(references)
    wide.make_units(con, inputs, {wide.moment(r) for r in references if wide.asks_the_tree(r)} | {"0"})
    wide.make_department(con, inputs)
    on_rows = [r for r in references if wide.is_row_value(r)]
    community, own, total = (
        [r for r in references if r.function == "rows" or (r in on_rows and _is_of_a_community(r))],
        [r for r in on_rows if not r.aggregate and _on_sheet(r, "subdistrict")],
        [r for r in on_rows if r.aggregate == "total"],
    )
    wide.make_rows(con, inputs, wide.COMMUNITY, community, number)
    wide.make_rows(con, inputs, wide.OWN, own, number)
    wide.make_rows(con, inputs, wide.TOTAL, total, number)


def wide_sql(scope: str, references: tuple[Reference, ...], number: str) -> str:
    return (
        wide.community_wide_sql(references, number) if scope == "community" else wide.upper_wide_sql(scope, references)
    )


def wide_table(inputs: Inputs, scope: str, references: tuple[Reference, ...]) -> pa.Table:
    """A row per unit of ``scope`` in the tree, by code: ``unit``, ``subdistrict``, then a column per reference in
    hundredths, named as the reference is written.
    """
    return exactly(lambda number: _wide_table(inputs, scope, references, number))


def _wide_table(inputs: Inputs, scope: str, references: tuple[Reference, ...], number: str) -> pa.Table:
    with duckdb.connect(":memory:") as con:
        prepare(con, inputs, references, number)
        return con.execute(wide_sql(scope, references, number)).to_arrow_table().sort_by("unit")


def _is_of_a_community(reference: Reference) -> bool:
    return reference.aggregate in ("sum", "count") or (not reference.aggregate and _on_sheet(reference, "community"))


def _on_sheet(reference: Reference, sheet: str) -> bool:
    return ITEMS[reference.item or ""].sheet == sheet
