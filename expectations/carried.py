"""Earlier months under the codes of today's units: what a renamed or merged unit's last month was.

Here belongs what becomes of figures over a change of units: a renamed unit has its predecessor's, a merged one the sums
of what can be added up, and of people who were never counted apart nothing is known. Who came from whom is the
register's business (``ingest.succession``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from ingest.reference import items
from ingest.succession import Origin

Row = dict[str, Any]

# Tables of monthly reports whose rows stand for a unit → the column that names it.
UNIT_COLUMNS = {
    "monthly_report_communities": "community_code",
    "monthly_report_totals": "subdistrict_code",
    "monthly_report_subdistricts": "subdistrict_code",
}


def carried(tables: Mapping[str, pa.Table], origins: Mapping[str, Origin]) -> Mapping[str, pa.Table]:
    """The same tables; the rows of units in ``origins`` are made from those of the units that they come from."""
    if not origins:
        return tables
    made = {name: _carried(tables[name], column, origins) for name, column in UNIT_COLUMNS.items() if name in tables}
    return {**tables, **made}


def _carried(table: pa.Table, column: str, origins: Mapping[str, Origin]) -> pa.Table:
    units = table.column(column)
    before = frozenset[str]().union(*(origin for origin in origins.values() if origin))
    sent: dict[str, Row] = {}
    for row in table.filter(pc.is_in(units, value_set=_texts(before))).to_pylist():
        sent.setdefault(row[column], row)
    rows = [
        {**together([sent[one] for one in sorted(origin)]), column: code}
        for code, origin in sorted(origins.items())
        if origin and origin <= sent.keys()
    ]
    others = table.filter(pc.invert(pc.is_in(units, value_set=_texts(origins.keys()))))
    return pa.concat_tables([others, pa.Table.from_pylist(rows, schema=table.schema)]).combine_chunks()


def _texts(values: Any) -> pa.Array:
    return pa.array(sorted(values), pa.string())


def together(rows: list[Row]) -> Row:
    """One unit's row as it is; of several the sums, which stand in no cell: null unless every row has a value."""
    if len(rows) == 1:
        return rows[0]
    made: Row = {name: rows[0][name] for name in ("batch_id", "submission_id", "month", "subdistrict_code")}
    for item in items():
        if item.additive and item.column_name in rows[0]:
            values = [row[item.column_name] for row in rows]
            made[item.column_name] = None if None in values else sum(values)
    return made
