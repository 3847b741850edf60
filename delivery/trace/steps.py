"""What a trace is made of, and where it looks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

import duckdb
import pyarrow as pa

from delivery.console.plain import as_text
from delivery.console.rows import fetch
from ingest.data_root import DataRoot
from ingest.raw.read import load_submission, receipts
from ingest.reference import Item, Unit, items, read_units
from ingest.units import Register


class CannotTrace(ValueError):
    """There is no such number, or it does not come from a cell; the text says which, and what can be asked."""


@dataclass(frozen=True)
class Step:
    """One figure: what it is, what is known about it, and the figures it was made from."""

    title: str
    lines: tuple[str, ...] = ()
    parts: tuple[Step, ...] = ()


@dataclass
class Sources:
    """The release and raw, read only; submissions are read once."""

    root: DataRoot
    release: duckdb.DuckDBPyConnection
    _submissions: dict[str, dict[str, pa.Table]] = field(default_factory=dict)

    @cached_property
    def register(self) -> Register:
        return Register(read_units(self.root))

    @cached_property
    def receipts(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = receipts(self.root).to_pylist()
        return rows

    def one(self, mart: str, **key: Any) -> dict[str, Any] | None:
        """The row of ``mart`` with this key, or None."""
        return next(iter(self.many(mart, **key)), None)

    def many(self, mart: str, **key: Any) -> list[dict[str, Any]]:
        """The rows of ``mart`` with these values, in order of all columns."""
        where = " and ".join(f'"{name}" = ?' for name in key) or "true"
        return fetch(self.release, f'select * from marts."{mart}" where {where} order by all', list(key.values()))

    def submission(self, month: date, submission_id: str) -> dict[str, pa.Table]:
        """Raw's rows of one submission, keyed as by ``load_month``."""
        if submission_id not in self._submissions:
            self._submissions[submission_id] = load_submission(self.root, month, submission_id)
        return self._submissions[submission_id]

    def unit(self, text: str, month: date) -> Unit:
        """The unit with this code or, where only one has it, this name. Raises CannotTrace."""
        found = self.register.get(text, month) or self.register.ever(text)
        named = [
            unit
            for level in ("community", "subdistrict", "county")
            for unit in self.register.by_name(text, month, level)
        ]
        if found is None and len(named) == 1:
            found = named[0]
        if found is None:
            raise CannotTrace(f"名册里没有“{text}”：请写 12 位代码或名册里的名称")
        return found

    def unit_name(self, code: str, month: date) -> str:
        unit = self.register.get(code, month) or self.register.ever(code)
        return unit.unit_name if unit else code


def item_of(code: str) -> Item:
    return next(item for item in items() if item.item_code == code)


def figure(item: Item, value: Any) -> str:
    """``40.32 万元``; blank is said, because it is not 0."""
    if value is None:
        return "未填（不是 0）"
    return as_text(value) if item.value_type in ("yes_no", "choice", "bits") else f"{number(value)} {item.unit}"


def number(value: Any) -> str:
    """The exact figure without zeros at its end."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else as_text(value)


def sent(text: str | None) -> str:
    """The text of a cell as it was sent."""
    return "空白" if text is None else f"“{text}”"
