"""The wide table of a scope, for whoever reads values rather than states."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

import duckdb
import pyarrow as pa

from expectations.catalogue.expression import Reference
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
    in_sums = [r for r in references if r.function == "rows" or (r in on_rows and r.aggregate in ("sum", "count"))]
    for source in (wide.COMMUNITY, wide.EARLIER, wide.OWN):
        own = [r for r in on_rows if wide.is_own_value(r) and wide.source_of(r) is source]
        wide.make_rows(con, inputs, source, [*own, *(in_sums if source is wide.COMMUNITY else ())], number)
    wide.make_rows(con, inputs, wide.TOTAL, [r for r in on_rows if r.aggregate == "total"], number)


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
