"""A finding and its cells, before they become rows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ingest.reference import Unit

if TYPE_CHECKING:
    from expectations.localise.suggestion import Suggestion

SEVERITIES = ("mandatory", "verification", "hint")  # worst first


@dataclass(frozen=True)
class Cell:
    """A cell that takes part; ``cell`` is None where the sheet has no such column or row."""

    workbook: str | None
    sheet: str | None
    cell: str | None
    unit_code: str
    month: date
    item_code: str | None
    text: str | None
    value: str | None


@dataclass(frozen=True)
class Finding:
    """What is said of one unit, by one rule (or ingest), about some items of one month."""

    month: date
    form: str
    unit_code: str
    rule_code: str
    severity: str
    channel: str
    message: str
    item_codes: tuple[str, ...]
    reported: str
    cells: tuple[Cell, ...] = ()
    workbook: str | None = None  # where there is no cell to point at
    suppressed_by: str | None = None
    suggestion: Suggestion | None = None

    @property
    def alert_id(self) -> str:
        """The identity of an alert: of whom, of what, when; never of values, names or thresholds."""
        identity = [self.rule_code, self.unit_code, self.month.isoformat(), list(self.item_codes)]
        return hashlib.sha256(json.dumps(identity, ensure_ascii=False).encode()).hexdigest()[:16]

    @property
    def order(self) -> tuple[int, str, str, tuple[str, ...]]:
        """Sorts the findings of a month: worst first, then by unit."""
        return SEVERITIES.index(self.severity), self.unit_code, self.rule_code, self.item_codes


class UnitTree:
    """The units of one month, by code."""

    def __init__(self, units: Iterable[Unit], month: date) -> None:
        self.by_code = {unit.unit_code: unit for unit in units if unit.holds_on(month)}

    def name(self, code: str) -> str:
        return self.by_code[code].unit_name if code in self.by_code else code

    def level(self, code: str) -> str:
        return self.by_code[code].level if code in self.by_code else "subdistrict"

    def parent(self, code: str) -> str | None:
        return self.by_code[code].parent_code if code in self.by_code else None

    def subdistrict(self, code: str) -> str | None:
        """The sub-district of a unit; None above it."""
        level = self.level(code)
        return None if level == "county" else code if level == "subdistrict" else self.parent(code)

    def county(self, code: str) -> str | None:
        subdistrict = self.subdistrict(code)
        return code if subdistrict is None else self.parent(subdistrict)

    def of_level(self, level: str) -> list[str]:
        return sorted(code for code, unit in self.by_code.items() if unit.level == level)
