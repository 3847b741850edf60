"""The report's printed figures beside what the monthly data give, differences marked."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
from rich.table import Table

from delivery.console.plain import as_text
from delivery.console.rows import fetch
from delivery.console.screen import new_table

_QUERY = """
    select comparison.*, coalesce(names.subdistrict_name, '合计') as org_name
    from marts.profile_comparison as comparison
    left join marts.dim_subdistrict as names
        on comparison.org_code = names.subdistrict_code
        and comparison.month >= names.valid_from
        and (names.valid_to is null or comparison.month <= names.valid_to)
    where comparison.month = ?
    order by comparison.figure_code, comparison.org_code
"""


def comparison_table(connection: duckdb.DuckDBPyConnection, month: date) -> Table:
    """A line per figure; for each unit what was printed and what the data give, ``≠`` where they cannot be the same.

    Figures that could be compared for no unit are left out.
    """
    rows = fetch(connection, _QUERY, [month])
    # The county's own column comes last, as in the report.
    orgs = sorted({(row["org_name"] == "合计", row["org_code"], row["org_name"]) for row in rows})
    table = new_table(f"{month:%Y-%m} 概况表印出的数字与月报数据（≠ 表示对不上）")
    table.add_column("指标", overflow="fold")
    for _, _, name in orgs:
        table.add_column(f"{name}\n印出", justify="right", overflow="fold")
        table.add_column("\n月报", justify="right", overflow="fold")
    for code in dict.fromkeys(row["figure_code"] for row in rows if row["computed"] is not None):
        figures = {row["org_code"]: row for row in rows if row["figure_code"] == code}
        cells = [cell for _, org, _ in orgs for cell in _cells(figures.get(org))]
        table.add_row(as_text(next(iter(figures.values()))["name_zh"]), *cells)
    return table


def _cells(figure: dict[str, Any] | None) -> tuple[str, str]:
    if figure is None:
        return "", ""
    computed = "" if figure["computed"] is None else rounded(figure["computed"])
    if figure["agrees"] is False:
        return as_text(figure["printed"]), f"[red]≠ {computed}[/red]"
    return as_text(figure["printed"]), computed


def rounded(value: Decimal | float) -> str:
    """At most one decimal, as the report prints; whole numbers without any."""
    text = f"{value:.1f}"
    return text.removesuffix(".0")
