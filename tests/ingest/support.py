"""Data roots, sample files and workbooks for the tests of ingest."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
from pydantic_core import from_json, to_json

from ingest.data_root import DataRoot
from ingest.files.pool import FileToRead, ReaderPool
from ingest.inbox import InboxReport, ingest_inbox
from ingest.raw import block
from ingest.raw.block import Block
from ingest.raw.rows import records
from ingest.recognise import read_submission
from ingest.reference import read_units
from ingest.submission import Submission
from ingest.units import Register

SAMPLES = Path(__file__).parent / "samples"
FILES = SAMPLES / "files"
PROJECT = Path(__file__).parents[2]
CLEAN = FILES / "甲街道2024年3月.xlsx"
CORRECTED = FILES / "甲街道2024年3月（更正）.xlsx"
OTHER = FILES / "乙街道2024年3月.xlsx"
NOW = datetime(2024, 4, 5, 9, 30, tzinfo=UTC)
COMMUNITIES = "monthly_report_communities"


def new_root(folder: Path) -> DataRoot:
    """A data root with the register of the samples' units."""
    root = DataRoot(folder).create()
    shutil.copy(PROJECT / "examples" / "units.csv", root.units_file)
    return root


def send(root: DataRoot, *paths: Path, now: datetime = NOW) -> InboxReport:
    """Drop copies into the inbox and read it."""
    for path in paths:
        shutil.copy2(path, root.inbox / path.name)
    return ingest_inbox(root, now)


def register(root: DataRoot) -> Register:
    return Register(read_units(root))


def edited(target: Path, edit: Callable[[Any], None], source: Path = CLEAN) -> Path:
    """A sample workbook, changed by ``edit`` and saved as ``target``."""
    book = openpyxl.load_workbook(source)
    edit(book)
    book.save(target)
    return target


def read_one(root: DataRoot, path: Path) -> Submission:
    """The submission in one file. Raises FileRefused."""
    with ReaderPool(workers=1) as pool:
        read = next(pool.read([FileToRead(path, path.name)]))
    assert read.workbook is not None, read
    return read_submission(read.workbook, register(root), NOW.date())


def kinds(submission: Submission) -> set[str]:
    return {problem.kind for problem in submission.problems}


def rows_of(submission: Submission, table: str) -> list[dict[str, Any]]:
    """The rows for a raw table."""
    return records(table, wired(submission).get(table, []))


def wired(submission: Submission) -> dict[str, list[Block]]:
    """The blocks as they come from a worker: decimals are texts."""
    return block.from_wire(from_json(to_json(block.to_wire(submission.by_table()))))


def by_community(submission: Submission) -> dict[str, dict[str, Any]]:
    """The community rows by code, without what says where they stood."""
    return {
        row["community_code"]: {name: value for name, value in row.items() if name not in ("row_number", "sheet")}
        for row in rows_of(submission, COMMUNITIES)
    }
