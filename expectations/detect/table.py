"""The wide table of a scope: what it is made from, and its rows for whoever reads values rather than states."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import TypeVar

import duckdb
import pyarrow as pa

from expectations.catalogue.expression import Reference
from expectations.detect import wide
from expectations.detect.columns import NARROW, WIDE
from expectations.detect.sent import sent, sent_sql
from expectations.history import Inputs

Result = TypeVar("Result")
SENT = "sent"  # the communities' rows, as ``sent`` makes them


def exactly(run: Callable[[str], Result]) -> Result:
    """``run`` with the SQL type that is fast; with the wide one where a value does not fit."""
    try:
        return run(NARROW)
    except (duckdb.OutOfRangeException, duckdb.ConversionException):
        return run(WIDE)


@contextmanager
def connected() -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection of its own to an empty database in memory; all that is made through it has to be temporary."""
    con = _instance().cursor()
    try:
        yield con
    finally:
        con.close()


@cache
def _instance() -> duckdb.DuckDBPyConnection:
    """Opened once a process: that takes 20 ms. One thread: for a province's 50,000 rows two take twice as long."""
    return duckdb.connect(":memory:", config={"threads": 1})


def prepare(
    con: duckdb.DuckDBPyConnection, inputs: Inputs, references: dict[str, tuple[Reference, ...]], number: str
) -> None:
    """Make the tables that the wide tables are made from; ``references`` by scope, values of SQL type ``number``."""
    wide.make_department(con, inputs)
    if "community" in references:
        con.register(SENT, sent(inputs, references["community"]))
    upper = [reference for scope, found in references.items() if scope != "community" for reference in found]
    wide.make_units(con, inputs, {wide.moment(r) for r in upper if wide.asks_the_tree(r)} | {"0"})
    on_rows = [r for r in upper if wide.is_row_value(r)]
    wide.make_rows(con, inputs, wide.COMMUNITY, [r for r in upper if _is_of_communities(r)], number)
    own = [r for r in on_rows if wide.is_own_value(r) and wide.source_of(r) is wide.OWN]
    wide.make_rows(con, inputs, wide.OWN, own, number)
    wide.make_rows(con, inputs, wide.TOTAL, [r for r in on_rows if r.aggregate == "total"], number)


def wide_sql(scope: str, references: tuple[Reference, ...], number: str) -> str:
    """A row per unit of ``scope`` in the tree: ``unit``, ``subdistrict``, and a column per reference."""
    return sent_sql(references, number, SENT) if scope == "community" else wide.upper_wide_sql(scope, references)


def wide_table(inputs: Inputs, scope: str, references: tuple[Reference, ...]) -> pa.Table:
    """The wide table of ``scope``, by unit, in hundredths."""
    return exactly(lambda number: _wide_table(inputs, scope, references, number))


def _wide_table(inputs: Inputs, scope: str, references: tuple[Reference, ...], number: str) -> pa.Table:
    with connected() as con:
        prepare(con, inputs, {scope: references}, number)
        found = con.execute(wide_sql(scope, references, number)).to_arrow_table()
    return found if scope == "community" else found.sort_by("unit")


def _is_of_communities(reference: Reference) -> bool:
    """Whether a scope above the communities reads their rows for it."""
    return reference.function == "rows" or (wide.is_row_value(reference) and reference.aggregate in ("sum", "count"))
