"""Reads which evaluations raw has, and their tables; how they are appended does not belong here (``store``)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from ingest.data_root import DataRoot
from ingest.raw.read import partition, read_folder
from ingest.raw.schema import TABLES


@dataclass(frozen=True)
class Recorded:
    """An evaluation that raw has."""

    evaluation_id: str
    as_of: datetime


def recorded(root: DataRoot, month: date) -> list[Recorded]:
    """The evaluations of a month, oldest first."""
    table = read_folder(partition(root, "evaluations", month), TABLES["evaluations"])
    found = [Recorded(row["evaluation_id"], row["as_of"]) for row in table.to_pylist()]
    return sorted(found, key=lambda one: (one.as_of, one.evaluation_id))


def read(root: DataRoot, name: str, month: date, evaluation_id: str) -> pa.Table:
    """One table of one evaluation, as it was written."""
    table = read_folder(partition(root, name, month), TABLES[name])
    return table.filter(pc.equal(table.column("evaluation_id"), evaluation_id))


def file_of(root: DataRoot, name: str, month: date, evaluation_id: str) -> Path:
    """Where one table of one evaluation stands."""
    return partition(root, name, month) / f"{evaluation_id}.parquet"
