"""Database values as text and JSON: exact, and the same on every machine."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from rich.markup import escape

NOTHING = "–"


def as_text(value: Any) -> str:
    """A cell of a table; what stands in data is never read as markup."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    return escape(str(value))


def is_number(value: Any) -> bool:
    return value is None or (isinstance(value, (int, float, Decimal)) and not isinstance(value, bool))


def to_json(content: list[dict[str, Any]] | dict[str, Any]) -> str:
    """Rows, or one, as JSON; decimals become numbers, dates ISO text."""
    return json.dumps(content, ensure_ascii=False, indent=2, default=_encode)


def _encode(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value)
