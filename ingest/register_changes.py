"""Which accepted files are read again because ``units.csv`` has changed, and whether that makes a difference.

Here belongs what a mended register can mend in files that were accepted: communities that it did not know. Files that
it refused whole do not: they are new files to ``ingest.inbox``.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from ingest.data_root import DataRoot
from ingest.problems import OF_ARRIVAL, OF_REGISTER, Problem
from ingest.raw.block import Block
from ingest.raw.read import latest_receipts, load_month, read_folder
from ingest.raw.rows import problem_rows, table
from ingest.raw.schema import TABLES
from ingest.raw.store import write_parquet
from ingest.reference.load import units_hash
from ingest.submission import Submission

DATA_TABLES = (
    "monthly_report_communities",
    "monthly_report_totals",
    "monthly_report_subdistricts",
    "profile_figures",
)
IDENTITY = {"batch_id", "submission_id", "month", "subdistrict_code", "workbook"}
SAID = ("kind", "message", "sheet", "cell", "unit_code")
Content = dict[str, Counter[tuple[Any, ...]]]


@dataclass(frozen=True)
class ReadBefore:
    """The version that counts of a submission whose original is to be read again; ``original`` lies in the archive."""

    submission_id: str
    form: str
    month: date
    unit_code: str
    sha256: str
    workbook: str
    original: Path


def not_looked_through(root: DataRoot) -> list[str]:
    """The accepted submissions, by id, that are still to be looked through with ``units.csv`` as it is."""
    return [row["submission_id"] for row in _by_another_register(root)]


def to_read_again(root: DataRoot) -> list[ReadBefore]:
    """Submissions of which another register than today's left out or doubted something, by month, form and unit.

    One whose original is lost from the archive stays as it was read.
    """
    by_month: dict[date, list[dict[str, Any]]] = defaultdict(list)
    for row in _by_another_register(root):
        by_month[row["month"]].append(row)
    originals = {path.name.partition(".")[0]: path for path in root.archive.glob("*")}
    return [
        _read_before(row, originals[row["sha256"]])
        for month, rows in by_month.items()
        for doubted in [_doubted(root, month)]
        for row in rows
        if row["submission_id"] in doubted and row["sha256"] in originals
    ]


def _by_another_register(root: DataRoot) -> list[dict[str, Any]]:
    """The receipts that count, of another register, that came since the files were last looked through with this."""
    register = units_hash(root)
    looked = read_folder(root.raw / "register_changes", TABLES["register_changes"]).to_pylist()
    last = max((row["looked_at"] for row in looked if row["register"] == register), default=None)
    return [
        row
        for row in latest_receipts(root)
        if row["register"] != register and (last is None or row["received_at"] > last)
    ]


def _doubted(root: DataRoot, month: date) -> set[str]:
    """The submissions of a month of which something was said that the register decides."""
    problems = load_month(root, month, ("problems",))["problems"]
    kinds = pa.array(sorted(OF_REGISTER))
    return set(problems.filter(pc.is_in(problems.column("kind"), value_set=kinds)).column("submission_id").to_pylist())


def _read_before(row: dict[str, Any], original: Path) -> ReadBefore:
    return ReadBefore(
        row["submission_id"],
        row["form"],
        row["month"],
        row["subdistrict_code"],
        row["sha256"],
        row["workbook"],
        original,
    )


class Stored:
    """What raw holds of the submissions that are read again, asked month by month: only one month is held."""

    def __init__(self, root: DataRoot) -> None:
        self.root = root
        self.month: date | None = None
        self.tables: dict[str, pa.Table] = {}

    def differs(self, before: ReadBefore, submission: Submission, rows: dict[str, list[Block]]) -> bool:
        """Whether now other rows are loaded, or another thing is said that the register decides.

        Never for what now reads as another unit's or month's: two submissions would then hold the same rows.
        """
        own = (before.form, before.month, before.unit_code)
        if (submission.form, submission.month, submission.unit_code) != own:
            return False
        return _read(rows, submission.problems) != _content(self.of(before))

    def kept(self, before: ReadBefore) -> list[Problem]:
        """What was said because of when the file came, and no reading of the file can find again."""
        rows = self.of(before)["problems"].to_pylist()
        names = [field.name for field in fields(Problem)]
        return [Problem(**{name: row[name] for name in names}) for row in rows if row["kind"] in OF_ARRIVAL]

    def of(self, before: ReadBefore) -> dict[str, pa.Table]:
        """The rows of one submission, by raw table."""
        if before.month != self.month:
            self.month = before.month
            self.tables = load_month(self.root, before.month, (*DATA_TABLES, "problems"))
        return {
            name: found.filter(pc.equal(found.column("submission_id"), before.submission_id))
            for name, found in self.tables.items()
        }


def _read(rows: dict[str, list[Block]], problems: Iterable[Problem]) -> Content:
    blocks = {**rows, "problems": [Block.of(problem_rows(problems))]}
    return _content({name: table(TABLES[name], blocks.get(name, [])) for name in (*DATA_TABLES, "problems")})


def _content(tables: dict[str, pa.Table]) -> Content:
    """What the tables say, whatever the order of rows."""
    problems = tables["problems"].select(SAID).to_pylist()
    said = Counter(tuple(row.values()) for row in problems if row["kind"] in OF_REGISTER)
    content: Content = {"problems": said}
    for name in DATA_TABLES:
        own = [column for column in tables[name].column_names if column not in IDENTITY]
        content[name] = Counter(tuple(row.values()) for row in tables[name].select(own).to_pylist())
    return content


def remember_looked_through(root: DataRoot, register: str, now: datetime, read_again: int, changed: int) -> None:
    """Keep that all accepted files have been looked through with a register; written last, so a crash repeats it."""
    row = {"register": register, "looked_at": now, "read_again": read_again, "changed": changed}
    path = root.raw / "register_changes" / f"month={now:%Y-%m}" / f"{register}-{now:%Y%m%dT%H%M%S%f}.parquet"
    write_parquet(path, table(TABLES["register_changes"], [Block.of([row])]))
