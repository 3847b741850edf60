"""What the latest evaluation of a month says its cells should have been."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from expectations.recorded import read, recorded
from ingest.data_root import DataRoot

WORST_FIRST = ("mandatory", "verification", "hint")
SHARE = re.compile(r" \(\d+%\)$")  # of the first of several alternatives


@dataclass(frozen=True)
class Suspicion:
    """The open alert that suggests ``value`` (as readers write it) for an item of a unit."""

    unit_code: str
    item_code: str
    value: str
    alert_id: str


def suspicions(root: DataRoot, month: date) -> tuple[Suspicion, ...]:
    """What the latest evaluation of ``month`` suspects; empty where it was never evaluated."""
    past = recorded(root, month)
    return suspected_in(read(root, "findings", month, past[-1].evaluation_id)) if past else ()


def suspected_in(findings: pa.Table) -> tuple[Suspicion, ...]:
    """One for each suspected cell of the monthly reports: the worst and likeliest alert's, by unit and item.

    A finding that follows from another one suspects nothing.
    """
    found: dict[tuple[str, str], Suspicion] = {}
    for row in sorted(filter(_counts, findings.to_pylist()), key=_urgency):
        for item, value in _values(row["suggested_values"]):
            found.setdefault((row["unit_code"], item), Suspicion(row["unit_code"], item, value, row["alert_id"]))
    return tuple(suspicion for _, suspicion in sorted(found.items()))


def _counts(row: dict[str, Any]) -> bool:
    leads = row["channel"] == "alert" and not row["suppressed_by"] and row["form"] == "monthly_report"
    return bool(leads and row["suggested_values"] and "@" not in row["suspected_items"])


def _urgency(row: dict[str, Any]) -> tuple[int, float, str]:
    return WORST_FIRST.index(row["severity"]), -(row["confidence"] or 0.0), row["alert_id"]


def _values(text: str) -> Iterable[tuple[str, str]]:
    first = SHARE.sub("", text.split(" | ")[0])
    for pair in first.split(";"):
        item, _, value = pair.partition("=")
        yield item, value
