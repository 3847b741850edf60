"""Says what a correction changed: the cells in which a version differs from the one before."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from ingest.data_root import DataRoot
from ingest.problems import Place
from ingest.raw.read import load_month
from ingest.reference import items
from ingest.submission import Submission

TABLES = ("monthly_report_communities", "monthly_report_subdistricts", "profile_figures")
LISTED = 10
Key = tuple[str, date, str]
Rows = dict[str, list[dict[str, Any]]]
Values = dict[tuple[str, str], Any]


class Corrections:
    """Knows the latest version of each submission: those in raw, and those of the batch that is being read."""

    def __init__(self, root: DataRoot) -> None:
        self.root = root
        self.latest: dict[Key, Values] = {}
        self.months_read: set[date] = set()

    def remember(self, submission: Submission) -> None:
        """Take ``submission`` for the latest version of its form, month and unit."""
        self.latest[_key(submission)] = _values(submission.form, submission.rows)

    def say_what_changed(self, submission: Submission, version: int) -> None:
        """Add the problem ``corrected`` to a submission whose version before is known."""
        self._read_month(submission.month)
        before, now = self.latest.get(_key(submission), {}), _values(submission.form, submission.rows)
        changed = sorted(key for key in before.keys() | now.keys() if before.get(key) != now.get(key))
        listed = "、".join(f"{unit} {item}" for unit, item in changed[:LISTED])
        where = f"（{listed}{'等' if len(changed) > LISTED else ''}）" if changed else ""
        place = Place(unit_code=submission.unit_code)
        submission.say("corrected", place, version=version, count=len(changed), where=where)

    def _read_month(self, month: date) -> None:
        """Read what raw holds of a month, once; the batch's own versions are later and stay."""
        if month in self.months_read:
            return
        self.months_read.add(month)
        tables = load_month(self.root, month)
        rows: dict[Key, Rows] = defaultdict(lambda: defaultdict(list))
        for name in TABLES:
            form = "profile" if name == "profile_figures" else "monthly_report"
            for row in tables[name].to_pylist():
                rows[(form, month, row["subdistrict_code"])][name].append(row)
        for key, found in rows.items():
            self.latest.setdefault(key, _values(key[0], found))


def _key(submission: Submission) -> Key:
    return (submission.form, submission.month, submission.unit_code)


def _values(form: str, rows: Rows) -> Values:
    if form == "profile":
        figures = rows.get("profile_figures", [])
        return {
            (row["unit_code"], row["figure_code"]): (row["value"], row["value_to"], row["qualifier"]) for row in figures
        }
    columns = {item.column_name: item.item_code for item in items()}
    found: Values = {}
    for row in [*rows.get(TABLES[0], []), *rows.get(TABLES[1], [])]:
        unit = row.get("community_name") or "街道汇总"
        found |= {(unit, columns[name]): value for name, value in row.items() if name in columns and value is not None}
    return found
