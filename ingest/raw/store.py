"""Writes Parquet files so that a reader sees a file whole or not at all.

Here belongs how a table reaches the disk; what the rows mean does not, nor which of them count (``ingest.raw.read``).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ingest.data_root import DataRoot
from ingest.raw.schema import TABLES

WRITERS = 8


def write_bytes(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` by write, fsync and rename; parents are made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.parent / f".{path.name[:80]}.{os.getpid()}.partial"
    with partial.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def write_all(files: Iterable[tuple[Path, bytes]]) -> None:
    """Write many files, each as :func:`write_bytes`."""
    _overlapping(write_bytes, files)


def copy_all(files: Iterable[tuple[Path, Path]]) -> None:
    """Copy many files, from and to, each written as by :func:`write_bytes`."""
    _overlapping(lambda source, target: write_bytes(target, source.read_bytes()), files)


def _overlapping(write: Callable[..., None], files: Iterable[tuple[Path, object]]) -> None:
    """Some five times faster than one after the other: each waits for its fsync."""
    with ThreadPoolExecutor(WRITERS) as threads:
        for _ in threads.map(lambda file: write(*file), files):
            pass


def sync_folder(folder: Path) -> None:
    """Make the renames in ``folder`` durable; once per batch, because each costs some 6 ms."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def to_parquet(table: pa.Table) -> bytes:
    """The Parquet bytes of ``table``; equal tables give equal bytes."""
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    return bytes(sink.getvalue())


def write_parquet(path: Path, table: pa.Table) -> None:
    """Write ``table`` as one Parquet file, by write, fsync and rename; parents are made."""
    write_bytes(path, to_parquet(table))


def write_if_changed(path: Path, table: pa.Table) -> bool:
    """Like :func:`write_parquet`, but an equal file stays untouched. Returns whether it wrote."""
    content = to_parquet(table)
    if path.exists() and path.read_bytes() == content:
        return False
    write_bytes(path, content)
    return True


def ensure_schemas(root: DataRoot) -> None:
    """Give every raw table its empty ``schema.parquet``, so that it can be opened before the first file came."""
    for name, schema in TABLES.items():
        write_if_changed(root.raw / name / "schema.parquet", schema.empty_table())
