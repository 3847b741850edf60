"""Small months stored in a data root, as ingest would have left them."""

from __future__ import annotations

import csv
from dataclasses import fields
from pathlib import Path

from ingest.data_root import DataRoot
from ingest.raw.read import partition
from ingest.raw.store import ensure_schemas, write_parquet
from ingest.reference import Unit
from tests.expectations.support import UNITS, Month


def new_root(folder: Path) -> DataRoot:
    """A root with the units of ``support`` and no month yet."""
    made = DataRoot(folder).create()
    ensure_schemas(made)
    write_units(made, UNITS)
    return made


def send(root: DataRoot, month: Month) -> None:
    for name, table in month.tables().items():
        write_parquet(partition(root, name, month.month) / f"batch-{month.version}.parquet", table)


def correction(root: DataRoot, month: Month) -> None:
    month.version = 2
    send(root, month)


def write_units(root: DataRoot, units: tuple[Unit, ...]) -> None:
    with root.units_file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, [field.name for field in fields(Unit)])
        writer.writeheader()
        writer.writerows({name: value or "" for name, value in vars(unit).items()} for unit in units)
