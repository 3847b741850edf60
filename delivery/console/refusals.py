"""Files that were not accepted, each with its reason."""

from __future__ import annotations

import duckdb
from rich.table import Table

from delivery.console.plain import as_text
from delivery.console.rows import fetch
from delivery.console.screen import new_table


def refusal_table(connection: duckdb.DuckDBPyConnection) -> Table | None:
    """A line per refused file, newest first; None where there is none."""
    rows = fetch(connection, "select * from marts.refused_files order by received_at desc, workbook")
    if not rows:
        return None
    table = new_table("未接收的文件")
    table.add_column("文件", overflow="fold")
    table.add_column("处理")
    table.add_column("原因", overflow="fold")
    for row in rows:
        table.add_row(as_text(row["workbook"]), "隔离" if row["quarantined"] else "拒收", as_text(row["message"]))
    return table
