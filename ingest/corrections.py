"""Says what a correction changed: the cells in which a version differs from the one before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

import pyarrow as pa

from ingest.data_root import DataRoot
from ingest.problems import Place
from ingest.raw.block import Block, Record
from ingest.raw.read import load_month
from ingest.raw.rows import records
from ingest.reference import items
from ingest.submission import Submission

TABLES = ("monthly_report_communities", "monthly_report_subdistricts", "profile_figures")
LISTED = 10
Key = tuple[str, date, str]
Blocks = dict[str, list[Block]]
Rows = dict[str, list[Record]]
Values = dict[tuple[str, str], Any]


class Corrections:
    """Knows the latest version of each submission: those in raw, and those of the batch that is being read."""

    def __init__(self, root: DataRoot) -> None:
        self.root = root
        self.stored: dict[Key, Values] = {}
        self.read: dict[Key, Blocks] = {}
        self.months_read: set[date] = set()

    def remember(self, submission: Submission, rows: Blocks) -> None:
        """Take ``submission`` for the latest version of its form, month and unit."""
        self.read[_key(submission)] = rows

    def know(self, submission: Submission, stored: Mapping[str, pa.Table]) -> None:
        """Take raw's rows of a submission's version before from ``stored``, which spares reading those of its month."""
        rows = {name: stored[name].to_pylist() for name in TABLES}
        self.stored[_key(submission)] = _values(submission.form, rows)

    def say_what_changed(self, kind: str, submission: Submission, rows: Blocks, version: int) -> None:
        """Add the problem ``kind`` (``corrected``, ``read_again``) to a submission whose version before is known."""
        before, now = self._latest(_key(submission)), _values(submission.form, _records(rows))
        changed = sorted(key for key in before.keys() | now.keys() if before.get(key) != now.get(key))
        listed = "、".join(f"{unit} {item}" for unit, item in changed[:LISTED])
        where = f"（{listed}{'等' if len(changed) > LISTED else ''}）" if changed else ""
        place = Place(unit_code=submission.unit_code)
        submission.say(kind, place, version=version, count=len(changed), where=where)

    def _latest(self, key: Key) -> Values:
        if key in self.read:
            return _values(key[0], _records(self.read[key]))
        if key not in self.stored:
            self._read_month(key[1])
        return self.stored.get(key, {})

    def _read_month(self, month: date) -> None:
        """Read what raw holds of a month, once."""
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
            self.stored[key] = _values(key[0], found)


def _key(submission: Submission) -> Key:
    return (submission.form, submission.month, submission.unit_code)


def _records(rows: Blocks) -> Rows:
    """The rows as typed as raw will hold them."""
    return {name: records(name, rows[name]) for name in TABLES if name in rows}


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
