"""What a receipt says of stars: what a suggestion would make of them, and which of them a correction moved.

Read from the release, because only dbt judges criteria.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from delivery.console.rows import fetch
from delivery.console.words import STAR_STATUSES
from delivery.published import NoRelease, connect
from ingest.data_root import DataRoot

Suggested = tuple[str, str]  # alert, suggested values: a release that is older than the suggestion says nothing of it

_TURNED = """
    select alert_id, suggested_values, star_impact
    from marts.quality_alerts
    where month = ? and status = 'open' and turns_star
"""
# Of the month itself and of later ones: their criteria may look back.
_MOVED = """
    select distinct
        m.month, coalesce(n.community_name, m.community_code) as name, c.star_name_zh, c.star_order, m.community_code,
        m.star_before, m.star_after, m.caused_by
    from marts.star_moves as m
    inner join marts.dim_star_criterion as c on c.criterion_code = m.criterion_code
        and c.valid_from <= m.month and (c.valid_to is null or m.month <= c.valid_to)
    left join marts.dim_community as n on n.community_code = m.community_code
        and n.valid_from <= m.month and (n.valid_to is null or m.month <= n.valid_to)
    where m.month >= ? and m.star_before <> m.star_after
    order by m.month, m.community_code, c.star_order
"""


def turned_stars(root: DataRoot, month: date) -> Mapping[Suggested, str]:
    """Both readings of the stars that a suggestion would turn; empty where nothing was published yet."""
    rows = _published(root, _TURNED, month)
    return {(row["alert_id"], row["suggested_values"]): row["star_impact"] for row in rows}


def moved_stars(root: DataRoot, month: date) -> Mapping[str, tuple[str, ...]]:
    """The stars that each correction of a report of ``month`` moved, by its submission, as clerks read them.

    A star moves with the criteria that it needs all of: one that moved without its star is not among them.
    """
    moved: dict[str, list[str]] = defaultdict(list)
    for row in _published(root, _MOVED, month):
        for submission_id in row["caused_by"].split("、"):
            moved[submission_id].append(_sentence(row, month))
    return {submission_id: tuple(sentences) for submission_id, sentences in moved.items()}


def _sentence(row: Mapping[str, Any], month: date) -> str:
    when = "" if row["month"] == month else f"{row['month'].year}年{row['month'].month}月"
    before, after = STAR_STATUSES[row["star_before"]], STAR_STATUSES[row["star_after"]]
    return f"{when}{row['name']}“{row['star_name_zh']}”{before} → {after}"


def _published(root: DataRoot, query: str, month: date) -> list[dict[str, Any]]:
    try:
        with connect(root) as connection:
            return fetch(connection, query, [month])
    except NoRelease:
        return []
