"""Writes Parquet files so that a reader sees a file whole or not at all.

Here belongs how a table reaches the disk; what the rows mean does not, nor which of them count (``ingest.raw.read``).
"""

from __future__ import annotations

import ctypes
import os
import platform
import re
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ingest.data_root import DataRoot
from ingest.raw.schema import TABLES, empty

MANY = 20  # for fewer it does not pay to wait for what others have written
SYNCED_AT_ONCE = 4  # each waits for its disk: some five times faster than one after the other
OPEN_AT_ONCE = 100


def write_bytes(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` by write, fsync and rename; parents are made."""
    write_all([(path, content)])


def write_all(files: Iterable[tuple[Path, bytes]]) -> None:
    """Write many files, each as :func:`write_bytes`."""
    _write_all((path, partial(bytes, content)) for path, content in files)


def copy_all(files: Iterable[tuple[Path, Path]]) -> None:
    """Copy many files, from and to, each written as by :func:`write_bytes`."""
    _write_all((target, source.read_bytes) for source, target in files)


def _write_all(files: Iterable[tuple[Path, Callable[[], bytes]]]) -> None:
    """Write some, sync them together, then rename them: so they wait for the disk at the same time."""
    left = iter(files)
    while some := list(islice(left, OPEN_AT_ONCE)):
        written: list[tuple[int, str, Path]] = []
        try:
            for path, content in some:
                written.append((*_create_partial(path), path))
                _write(written[-1][0], content())
            _sync([descriptor for descriptor, *_ in written])
        finally:
            for descriptor, *_ in written:
                os.close(descriptor)
        for _, before, path in written:
            os.rename(before, path)


def _sync(descriptors: Sequence[int]) -> None:
    """Make what was written durable. Raises OSError where the disk did not take it."""
    if len(descriptors) >= MANY and _syncs_file_systems():
        for descriptor in {os.fstat(each).st_dev: each for each in descriptors}.values():
            _sync_file_system(descriptor)
    else:
        with ThreadPoolExecutor(min(SYNCED_AT_ONCE, len(descriptors))) as threads:
            list(threads.map(os.fsync, descriptors))


@cache
def _syncs_file_systems() -> bool:
    """Whether this is Linux since 5.8: before, syncing a file system did not say what could not be written."""
    release = re.match(r"(\d+)\.(\d+)", platform.release())
    return platform.system() == "Linux" and release is not None and tuple(map(int, release.groups())) >= (5, 8)


def _sync_file_system(descriptor: int) -> None:
    """Sync all of the file system on which a file is, whose journal is then committed once for all.

    A copied file takes 0.1 ms so, of processor time and by the clock; by an fsync of its own 0.4.
    """
    system = ctypes.CDLL(None, use_errno=True)
    if system.syncfs(descriptor):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _create_partial(path: Path) -> tuple[int, str]:
    """A new file beside ``path``, open, and its name."""
    folder, name = os.path.split(path)
    name_until_renamed = f"{folder}/.{name[:80]}.{os.getpid()}.partial"
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC
    try:
        return os.open(name_until_renamed, flags, 0o666), name_until_renamed
    except FileNotFoundError:
        os.makedirs(folder, exist_ok=True)
        return os.open(name_until_renamed, flags, 0o666), name_until_renamed


def _write(descriptor: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:  # a full disk or a signal may cut a write short
        rest = rest[os.write(descriptor, rest) :]


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
    # Of 200 workbooks (2,800 kB), zstd would spare 43 kB of 216, and take half as long again.
    pq.write_table(table, sink, compression="snappy")
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
        write_if_changed(root.raw / name / "schema.parquet", empty(schema))
