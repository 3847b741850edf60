"""Raw as it was known at a moment: the same immutable files, linked into another root.

Here belongs which files were there by then. A batch arrives at one moment and an evaluation has one ``as_of``, so a
file is known whole or not at all; what it says is read as everywhere else (``ingest.raw.read``).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq

from ingest.data_root import DataRoot
from ingest.raw.store import ensure_schemas

# Table that makes rows visible → the column that says since when. The rows stand in files of the same name, elsewhere.
VISIBLE_SINCE = {"receipts": "received_at", "refusals": "received_at", "evaluations": "as_of"}


def link_known(root: DataRoot, target: DataRoot, until: datetime) -> None:
    """Make ``target``'s raw what ``root``'s was before ``until``; whatever else it held goes.

    Links, because raw's files never change: neither root can alter the other's, and a year costs no space.
    """
    partial = DataRoot(target.path / ".raw.partial")
    shutil.rmtree(partial.path, ignore_errors=True)
    ensure_schemas(partial)
    for path in _known_files(root, until):
        _link(path, partial.raw / path.relative_to(root.raw))
    shutil.rmtree(target.raw, ignore_errors=True)
    os.rename(partial.raw, target.raw)
    partial.path.rmdir()


def _known_files(root: DataRoot, until: datetime) -> Iterator[Path]:
    """What is written meanwhile is left out whole: a file that makes rows visible is written after them."""
    for leading, column in VISIBLE_SINCE.items():
        for path in sorted((root.raw / leading).glob("month=*/*.parquet")):
            latest = pc.max(pq.read_table(path, columns=[column], partitioning=None).column(column)).as_py()
            if latest is not None and latest < until:
                yield from sorted(root.raw.glob(f"*/{path.parent.name}/{path.name}"))


def _link(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:  # file systems without hard links
        shutil.copyfile(source, target)
