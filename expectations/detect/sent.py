"""The wide table of communities: a row per community of the tree, a column per reference, named as it is written.

Rows of raw are put in the order of the tree, column by column: joining two months of fifty columns each would take
longer than all that is asked of them. A community without a row stands here with NULLs.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from expectations.catalogue.expression import Reference
from expectations.catalogue.kinds import ITEMS
from expectations.detect.columns import HUNDREDTHS, choice_sql, quoted, row_sql, text
from expectations.detect.wide import EARLIER, Source, is_row_value, moment, month_of, tables_of
from expectations.history import Inputs
from ingest.raw.schema import TABLES


def sent(inputs: Inputs, references: tuple[Reference, ...]) -> pa.Table:
    """``unit`` and ``subdistrict``, by unit; for every moment that is read the columns of raw, ``<moment>.<column>``,
    and the type in that month's register, ``register_<moment>``.
    """
    units = inputs.communities(inputs.month)
    columns = {name: units.column(name) for name in ("unit", "subdistrict")}
    for name in sorted({moment(reference) for reference in references}):
        columns |= dict(_of_moment(inputs, units.column("unit"), name, references))
    return pa.table(columns)


def _of_moment(
    inputs: Inputs, units: pa.ChunkedArray, name: str, references: tuple[Reference, ...]
) -> Iterator[tuple[str, pa.ChunkedArray]]:
    here = [reference for reference in references if moment(reference) == name]
    if any(reference.function == "registered" for reference in here):
        register = inputs.communities(month_of(inputs, name))
        there = pc.index_in(units, value_set=register.column("unit"))
        yield f"register_{name}", register.column("community_type").take(there)
    wanted = list(dict.fromkeys(ITEMS[r.item or ""].column_name for r in here if is_row_value(r)))
    if not wanted:
        return
    rows = in_order(inputs, EARLIER, units, name, wanted)
    yield from ((f"{name}.{column}", rows.column(column)) for column in wanted)


def in_order(inputs: Inputs, source: Source, units: pa.ChunkedArray, name: str, columns: list[str]) -> pa.Table:
    """``columns`` of what was sent for the moment ``name``, a row for each of ``units``; NULL where there is none.

    A unit that stands twice counts with its first row; that it stands twice is another rule's finding.
    """
    table = tables_of(inputs, source, name).get(source.raw, TABLES[source.raw].empty_table())
    return table.select(columns).take(pc.index_in(units, value_set=table.column(source.unit)))


def sent_sql(references: tuple[Reference, ...], number: str, source: str) -> str:
    """The wide table from ``source``, a table made by ``sent``; its values of SQL type ``number``."""
    columns = [f"{_value_sql(reference, number)} as {quoted(str(reference))}" for reference in references]
    return f"select {', '.join(['u.unit', 'u.subdistrict', *columns])} from {source} as u"


def _value_sql(reference: Reference, number: str) -> str:
    if reference.function == "registered":
        return choice_sql(f"u.register_{moment(reference)}", ITEMS["P05"].choices, number)
    if reference.function == "department":
        found = (
            f"select max(d.value) from department as d where d.unit = u.unit and d.item = {text(reference.item or '')}"
        )
        return f"cast(({found}) * {HUNDREDTHS} as {number})"
    return row_sql(reference, number, f"{moment(reference)}.")
