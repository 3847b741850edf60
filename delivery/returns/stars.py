"""What a suggestion would make of a star, for the receipts: read from the release, because only dbt judges criteria."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from delivery.console.rows import fetch
from delivery.published import NoRelease, connect
from ingest.data_root import DataRoot

Suggested = tuple[str, str]  # alert, suggested values: a release that is older than the suggestion says nothing of it

_QUERY = """
    select alert_id, suggested_values, star_impact
    from marts.quality_alerts
    where month = ? and status = 'open' and turns_star
"""


def turned_stars(root: DataRoot, month: date) -> Mapping[Suggested, str]:
    """Both readings of the stars that a suggestion would turn; empty where nothing was published yet."""
    try:
        with connect(root) as connection:
            rows = fetch(connection, _QUERY, [month])
    except NoRelease:
        return {}
    return {(row["alert_id"], row["suggested_values"]): row["star_impact"] for row in rows}
