"""What an evaluation's id is made of: the inputs, the rules and settings, the reference tables, and this code.

The same inputs give the same id on any machine and day; a correction, of this month or of one that its rules look
back to, gives another. So does a change of what the evaluation of last month suspects, but not that evaluation itself:
a correction is felt in later months only as far as it matters there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import date, datetime
from typing import Any

from expectations.calibration import calibration_file
from expectations.catalogue import Catalogue
from expectations.due import FORM, due_at, read_calendar, senders
from expectations.history import lags, months_back
from expectations.settings import read_settings
from expectations.suspicions import suspicions
from ingest.data_root import DataRoot
from ingest.raw.read import receipts
from ingest.reference import read_units
from ingest.reference.load import SHIPPED

ENGINE = 3  # to be raised when the same rules over the same data are to be understood differently

Receipt = dict[str, Any]


@dataclass(frozen=True)
class Identity:
    """Which inputs a month's evaluation has; the rest as in raw's ``evaluations``."""

    inputs: str
    as_of: datetime
    month_as_of: datetime
    overdue: bool

    def following(self, evaluation_id: str) -> str:
        """The id where these inputs come back after another evaluation, as when a rule's change is taken back."""
        return _digest([self.inputs, evaluation_id])


class Identities:
    """The identities of all months as they stand at ``now``.

    Receipts are read once, what evaluations suspect each time.
    """

    def __init__(self, root: DataRoot, catalogue: Catalogue, now: datetime) -> None:
        self.root = root
        self.catalogue = catalogue
        self.now = now
        self.units = read_units(root)
        self.calendar = read_calendar(root)
        self.by_month: dict[date, list[Receipt]] = {}
        for row in receipts(root).to_pylist():
            self.by_month.setdefault(row["month"], []).append(row)
        self.common = [ENGINE, catalogue.version, read_settings(root).budget, *_reference_content(root)]

    @property
    def months(self) -> list[date]:
        return sorted(self.by_month)

    def overdue_since(self, month: date) -> datetime | None:
        """When the reports that are missing were due; None where none is missing, or it is not yet time."""
        due = due_at(self.calendar, month)
        sent = {row["subdistrict_code"] for row in self.by_month.get(month, []) if row["form"] == FORM}
        return due if due is not None and due <= self.now and senders(self.units, month) - sent else None

    def of(self, month: date) -> Identity:
        """As raw stands now. Raises KeyError for a month without receipts that is not due yet."""
        since = self.overdue_since(month)
        if since is None and month not in self.by_month:
            raise KeyError(month)
        own = self.by_month.get(month, [])
        read = [*_latest(own), *(row for row in own if row["version"] == 1)]
        for lag in lags(self.catalogue.rules, month):
            earlier = self.by_month.get(months_back(month, lag), [])
            read += [row for row in _latest(earlier) if row["form"] == "monthly_report"]
        named = sorted({(row["submission_id"], row["sha256"]) for row in read})
        suspected = [astuple(one) for one in suspicions(self.root, months_back(month, 1))]
        return Identity(
            _digest([month.isoformat(), self.common, named, suspected, since is not None]),
            as_of=_latest_time(read, since),
            month_as_of=_latest_time(own, since),
            overdue=since is not None,
        )


def _latest_time(rows: Iterable[Receipt], since: datetime | None) -> datetime:
    """The latest arrival, or, where that is later, when the missing reports became overdue."""
    times: list[datetime] = [row["received_at"] for row in rows]
    return max(times if since is None else [*times, since])


def _latest(rows: Iterable[Receipt]) -> list[Receipt]:
    latest: dict[tuple[str, str], Receipt] = {}
    for row in sorted(rows, key=lambda row: row["version"]):
        latest[row["form"], row["subdistrict_code"]] = row
    return list(latest.values())


def _reference_content(root: DataRoot) -> list[str]:
    """Digests of the tables that rules read; star criteria and the like change no finding."""
    files = [
        root.units_file,
        root.reference / "department_values.csv",
        calibration_file(root),
        SHIPPED / "items.csv",
        SHIPPED / "profile_figures.csv",
    ]
    return [hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else "" for file in files]


def _digest(content: list[Any]) -> str:
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()[:16]
