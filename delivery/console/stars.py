"""Stars planned and met: communities per star level, by sub-district."""

from __future__ import annotations

from datetime import date
from typing import Any

import duckdb
from rich.table import Table

from delivery.console.plain import as_text
from delivery.console.rows import fetch
from delivery.console.screen import new_table
from delivery.console.words import STAR_LEVELS

_QUERY = """
    select summary.*, coalesce(names.subdistrict_name, summary.subdistrict_code) as subdistrict_name
    from marts.star_summary as summary
    left join marts.dim_subdistrict as names
        on summary.subdistrict_code = names.subdistrict_code
        and summary.month >= names.valid_from
        and (names.valid_to is null or summary.month <= names.valid_to)
    where summary.month = ?
    order by summary.subdistrict_code, summary.star_level desc
"""
_LINES = {"communities_planned": "计划", "communities_met": "达到", "communities_undecided": "其中待定"}


def star_table(connection: duckdb.DuckDBPyConnection, month: date) -> Table:
    """Two lines a sub-district, planned and met; a third counts communities with a star that cannot be told yet."""
    table = new_table(f"{month:%Y-%m} 五星支部：计划与达到（社区数）")
    table.add_column("街道")
    table.add_column("")
    for name in STAR_LEVELS.values():
        table.add_column(name, justify="right")
    rows = fetch(connection, _QUERY, [month])
    for code in dict.fromkeys(row["subdistrict_code"] for row in rows):
        _add_subdistrict(table, [row for row in rows if row["subdistrict_code"] == code])
    return table


def _add_subdistrict(table: Table, rows: list[dict[str, Any]]) -> None:
    by_level = {row["star_level"]: row for row in rows}
    for position, (column, label) in enumerate(_LINES.items()):
        counts = [by_level[level][column] if level in by_level else None for level in STAR_LEVELS]
        if column == "communities_undecided" and not any(counts):
            continue
        name = rows[0]["subdistrict_name"] if position == 0 else ""
        table.add_row(as_text(name), label, *(as_text(count or None) for count in counts))
    table.add_section()
