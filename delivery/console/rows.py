"""Rows of the published marts as dictionaries, for the tables of this package."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import duckdb


def fetch(connection: duckdb.DuckDBPyConnection, query: str, parameters: Sequence[Any] = ()) -> list[dict[str, Any]]:
    """The rows of ``query``, each as column → value."""
    result = connection.execute(query, list(parameters))
    names = [column[0] for column in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def latest_month(connection: duckdb.DuckDBPyConnection, mart: str) -> date | None:
    """The last month that ``mart`` has rows of."""
    row = connection.execute(f'select max(month) from marts."{mart}"').fetchone()
    return row[0] if row else None
