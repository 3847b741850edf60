"""Who has sent what, when, and how complete."""

from __future__ import annotations

from datetime import date

import duckdb
from rich.table import Table

from delivery.console.plain import as_text
from delivery.console.rows import fetch
from delivery.console.screen import new_table
from delivery.console.words import FORMS, STATUSES

_QUERY = """
    select
        submissions.*,
        coalesce(names.subdistrict_name, counties.county_name, submissions.subdistrict_code) as unit_name
    from marts.submission_status as submissions
    left join marts.dim_subdistrict as names
        on submissions.subdistrict_code = names.subdistrict_code
        and submissions.month >= names.valid_from
        and (names.valid_to is null or submissions.month <= names.valid_to)
    left join (select distinct county_code, county_name from marts.dim_subdistrict) as counties
        on submissions.subdistrict_code = counties.county_code
    where submissions.month = ?
    order by submissions.form, submissions.subdistrict_code
"""


def submission_table(connection: duckdb.DuckDBPyConnection, month: date) -> Table:
    """A line per unit and form that was due in ``month`` or came."""
    table = new_table(f"{month:%Y-%m} 报送情况")
    for name in ("单位", "报表", "状态", "应报日"):
        table.add_column(name)
    for name in ("单元格", "已载入", "空白", "未载入", "完整率"):
        table.add_column(name, justify="right")
    for row in fetch(connection, _QUERY, [month]):
        status = STATUSES.get(row["status"], row["status"])
        counts = (row[name] for name in ("cells_found", "cells_loaded", "cells_blank", "cells_rejected"))
        table.add_row(
            as_text(row["unit_name"]),
            FORMS.get(row["form"], row["form"]),
            f"[red]{status}[/red]" if row["status"] == "missing" else status,
            as_text(row["due_on"]),
            *(as_text(count) for count in counts),
            "–" if row["completeness"] is None else f"{row['completeness']:.1%}",
        )
    return table
