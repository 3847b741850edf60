"""Open alerts in the order of their priority: what is wrong, with whom, and in which cells."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import duckdb
from rich.console import Console
from rich.markup import escape

from delivery.console.rows import fetch
from delivery.console.words import SEVERITIES
from delivery.console.wrap import wrap

LINES = {"→": "suggestion", "★": "star_impact"}
COLOURS = {"mandatory": "red", "verification": "yellow", "hint": "cyan"}

# Names are those of the alert's own month: a unit keeps its old name in old reports.
_QUERY = """
    select
        alerts.*,
        communities.community_name,
        subdistricts.subdistrict_name,
        (
            select max(county_name)
            from marts.dim_subdistrict as counties
            where counties.county_code = alerts.unit_code
        ) as county_name
    from marts.quality_alerts as alerts
    left join marts.dim_community as communities
        on alerts.community_code = communities.community_code
        and alerts.month >= communities.valid_from
        and (communities.valid_to is null or alerts.month <= communities.valid_to)
    left join marts.dim_subdistrict as subdistricts
        on alerts.subdistrict_code = subdistricts.subdistrict_code
        and alerts.month >= subdistricts.valid_from
        and (subdistricts.valid_to is null or alerts.month <= subdistricts.valid_to)
    where alerts.status = 'open' and (?::date is null or alerts.month = ?)
    order by
        alerts.priority desc,
        alerts.confidence desc nulls last,
        alerts.month desc,
        alerts.subdistrict_code nulls first,
        alerts.community_code nulls first,
        alerts.rule_code,
        alerts.alert_id
"""


def open_alerts(connection: duckdb.DuckDBPyConnection, month: date | None = None) -> list[dict[str, Any]]:
    """The open alerts of ``month``, or of all months, the most pressing first, with the columns of quality_alerts."""
    return fetch(connection, _QUERY, [month, month])


def print_alerts(console: Console, alerts: Iterable[dict[str, Any]]) -> None:
    """Who and when, the sentence, what it most likely should be, both readings of a star, the cells."""
    for alert in alerts:
        console.print(_head(alert), soft_wrap=True)
        console.print(wrap(escape(alert["message"]), console.width), soft_wrap=True)
        for mark, column in LINES.items():
            if alert[column]:
                console.print(wrap(f"{mark} {escape(alert[column])}", console.width), soft_wrap=True)
        console.print(wrap(escape(location(alert)), console.width), style="dim", soft_wrap=True)


def counts(alerts: Iterable[dict[str, Any]]) -> str:
    """``强制性 3 条，核实性 5 条，提示性 0 条``"""
    severities = [alert["severity"] for alert in alerts]
    return "，".join(f"{name} {severities.count(severity)} 条" for severity, name in SEVERITIES.items())


def _head(alert: dict[str, Any]) -> str:
    colour = COLOURS[alert["severity"]]
    name = escape(unit_name(alert))
    priority = f"[dim]优先度 {alert['priority']:.0f}[/dim]"
    return f"[{colour}]{SEVERITIES[alert['severity']]}[/{colour}]  {alert['month']:%Y-%m}  {name}  {priority}"


def unit_name(alert: dict[str, Any]) -> str:
    """``甲街道·北桥社区``; the code stands in where a unit has no name in that month."""
    names = [
        alert["subdistrict_name"] or alert["subdistrict_code"],
        alert["community_name"] or alert["community_code"],
    ]
    return "·".join(name for name in names if name) or alert["county_name"] or alert["unit_code"]


def location(alert: dict[str, Any]) -> str:
    """``workbook › sheet › cells``, as far as they are known."""
    return " › ".join(part for part in (alert["workbook"], alert["sheet"], alert["cell"]) if part)
