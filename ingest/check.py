"""Reads one file as the inbox would, and writes nothing: what ``wuxing check`` looks at before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa

from ingest.batch import submission_blocks
from ingest.data_root import DataRoot
from ingest.files.pool import FileToRead
from ingest.inbox import display_name
from ingest.intake import FileTaken, IntakePool
from ingest.outcome import Refused, refusal, submission_id
from ingest.problems import refusal_message
from ingest.raw.block import Block
from ingest.raw.read import MONTH_TABLES, receipts
from ingest.raw.rows import receipt_row, table
from ingest.raw.schema import TABLES
from ingest.reference import read_units
from ingest.submission import Submission


@dataclass(frozen=True)
class Checked:
    """A file that would be accepted. ``tables`` is what ``load_month`` would give if it were the latest version."""

    form: str
    month: date
    unit_code: str
    tables: dict[str, pa.Table]


def read_for_check(root: DataRoot, path: Path, now: datetime) -> Checked | Refused:
    """What would become of the file; nothing is written. Raises ReferenceTableError for a wrong ``units.csv``."""
    name = display_name(path)
    if not path.is_file():
        read_units(root)
        return Refused(name, "file_unreadable", refusal_message("file_unreadable"), quarantined=False)
    with IntakePool(root, now.date(), workers=1) as pool:
        taken = next(pool.take([FileToRead(path.resolve(), name)]))
    refused = refusal(taken, name)
    if refused is not None or taken.submission is None:
        return refused or Refused(name, "reader_died", refusal_message("reader_died"), quarantined=False)
    return _checked(root, taken.submission, taken, name, now)


def _checked(root: DataRoot, submission: Submission, taken: FileTaken, name: str, now: datetime) -> Checked:
    version = 1 + max((row["version"] for row in receipts(root).to_pylist() if _same(row, submission)), default=0)
    blocks = list(submission_blocks(submission, taken.rows, version, name, batch_id=""))
    tables = {key: table(TABLES[key], [block for name, block in blocks if name == key]) for key in MONTH_TABLES}
    identity = (submission_id(submission.form, submission.month, submission.unit_code, version), version)
    receipt = receipt_row(submission, identity, taken.sha256, name, now, "")
    tables["receipts"] = table(TABLES["receipts"], [Block.of([receipt])])
    return Checked(submission.form, submission.month, submission.unit_code, tables)


def _same(row: dict[str, object], submission: Submission) -> bool:
    key = (row["form"], row["month"], row["subdistrict_code"])
    return key == (submission.form, submission.month, submission.unit_code)
