"""Reads one file as the inbox would, and writes nothing: what ``wuxing check`` looks at before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa

from ingest.batch import Refused, refusal, submission_id, submission_tables
from ingest.data_root import DataRoot
from ingest.files.look import FileRefused
from ingest.files.pool import FileToRead, ReaderPool
from ingest.inbox import display_name
from ingest.problems import refusal_message
from ingest.raw.read import MONTH_TABLES, receipts
from ingest.raw.rows import receipt_row, table
from ingest.raw.schema import TABLES
from ingest.recognise import read_submission
from ingest.reference import read_units
from ingest.submission import Submission
from ingest.units import Register


@dataclass(frozen=True)
class Checked:
    """A file that would be accepted. ``tables`` is what ``load_month`` would give if it were the latest version."""

    form: str
    month: date
    unit_code: str
    tables: dict[str, pa.Table]


def read_for_check(root: DataRoot, path: Path, now: datetime) -> Checked | Refused:
    """What would become of the file; nothing is written. Raises ReferenceTableError for a wrong ``units.csv``."""
    register = Register(read_units(root))
    name = display_name(path)
    if not path.is_file():
        return Refused(name, "file_unreadable", refusal_message("file_unreadable"), quarantined=False)
    with ReaderPool(workers=1) as pool:
        read = next(pool.read([FileToRead(path.resolve(), name)]))
    refused = refusal(read, name)
    if refused is not None or read.workbook is None:
        return refused or Refused(name, "reader_died", refusal_message("reader_died"), quarantined=False)
    try:
        submission = read_submission(read.workbook, register, now.date())
    except FileRefused as error:
        return Refused(name, error.kind, refusal_message(error.kind, **error.details), quarantined=False)
    return _checked(root, submission, read.sha256, name, now)


def _checked(root: DataRoot, submission: Submission, sha256: str, name: str, now: datetime) -> Checked:
    version = 1 + max((row["version"] for row in receipts(root).to_pylist() if _same(row, submission)), default=0)
    rows = submission_tables(submission, version, name, batch_id="")
    tables = {key: table(TABLES[key], rows.get(key, [])) for key in MONTH_TABLES}
    identity = (submission_id(submission.form, submission.month, submission.unit_code, version), version)
    tables["receipts"] = table(TABLES["receipts"], [receipt_row(submission, identity, sha256, name, now, "")])
    return Checked(submission.form, submission.month, submission.unit_code, tables)


def _same(row: dict[str, object], submission: Submission) -> bool:
    key = (row["form"], row["month"], row["subdistrict_code"])
    return key == (submission.form, submission.month, submission.unit_code)
