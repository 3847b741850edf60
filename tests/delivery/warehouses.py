"""Small warehouses for the tests of delivery: real DuckDB files with a schema marts."""

from __future__ import annotations

from pathlib import Path

import duckdb

from ingest.data_root import DataRoot


def new_root(folder: Path) -> DataRoot:
    return DataRoot(folder).create()


def build_warehouse(root: DataRoot, rows: int = 10, reverse: bool = False) -> None:
    """Two marts, ``numbers`` with ``rows`` rows and ``submission_status`` with an arrival."""
    order = "desc" if reverse else "asc"
    with duckdb.connect(str(root.warehouse)) as connection:
        connection.execute("create schema if not exists marts")
        connection.execute(
            "create or replace table marts.numbers as "
            "select i, cast(i as decimal(18, 2)) / 4 as quarter, 'n' || i as name "
            f"from range({rows}) as numbers(i) order by i {order}"
        )
        connection.execute("comment on table marts.numbers is 'Numbers | 数'")
        connection.execute("comment on column marts.numbers.i is '第 i 个'")
        connection.execute(
            "create or replace table marts.submission_status as select "
            "timestamptz '2024-04-02 10:00:00+08' as received_at, null::timestamptz as last_corrected_at"
        )
