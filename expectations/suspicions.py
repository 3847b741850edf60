"""What the latest evaluation of a month says its cells should have been."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from expectations.recorded import read, recorded
from ingest.data_root import DataRoot

WORST_FIRST = ("mandatory", "verification", "hint")
OF_RECORDS = ("cells", "swap", "shift", "unit", "copied")  # kinds of readings that heal rows of the monthly report


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
    if not past:
        return ()
    latest = past[-1].evaluation_id
    return suspected_in(read(root, "findings", month, latest), read(root, "suggestions", month, latest))


def suspected_in(findings: pa.Table, suggestions: pa.Table) -> tuple[Suspicion, ...]:
    """One for each suspected cell of the monthly reports: the worst and likeliest alert's, by unit and item.

    A finding that follows from another one suspects nothing.
    """
    severity = {row["alert_id"]: WORST_FIRST.index(row["severity"]) for row in findings.to_pylist()}
    rows = [
        row
        for row in suggestions.to_pylist()
        if row["rank"] == 1 and row["is_suggested"] and row["kind"] in OF_RECORDS and row["value"] is not None
    ]
    found: dict[tuple[str, str], Suspicion] = {}
    for row in sorted(rows, key=lambda row: _urgency(row, severity)):
        unit, item = row["unit_code"], row["item_code"]
        found.setdefault((unit, item), Suspicion(unit, item, row["value"], row["alert_id"]))
    return tuple(suspicion for _, suspicion in sorted(found.items()))


def _urgency(row: dict[str, Any], severity: dict[str, int]) -> tuple[int, float, str]:
    return severity[row["alert_id"]], -row["confidence"], row["alert_id"]
