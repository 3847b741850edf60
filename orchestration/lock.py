"""One writer at a time: a lock file beside the warehouse, for whoever comes from inside or outside Dagster."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from ingest.data_root import DataRoot

# Dagster's side of the same lock: every writing step is in this pool, whose one slot is set by
# `concurrency.pools.default_limit` of the dagster.yaml that `wuxing init` writes.
POOL = "warehouse"


class WarehouseBusy(OSError):
    """Another process is writing under this root."""


# Depth of nested use by this process; the kernel's lock knows only processes.
_held: dict[Path, int] = {}


@contextmanager
def writing(root: DataRoot) -> Iterator[None]:
    """Hold the root's lock; nested use by the same process is allowed. Raises WarehouseBusy where another has it.

    A record lock (lockf) rather than flock: a worker that outlives a killed parent must not inherit it.
    """
    path = lock_file(root)
    if path in _held:
        with _counted(path):
            yield
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as handle:
        _acquire(handle, path)
        with _counted(path):
            yield


def lock_file(root: DataRoot) -> Path:
    return root.warehouse.with_name("wuxing.lock")


@contextmanager
def _counted(path: Path) -> Iterator[None]:
    _held[path] = _held.get(path, 0) + 1
    try:
        yield
    finally:
        _held[path] -= 1
        if not _held[path]:
            del _held[path]


def _acquire(handle: IO[str], path: Path) -> None:
    try:
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise WarehouseBusy(f"{_holder(handle)}正在写入 {path.parent.parent}：请等它结束后再运行本命令") from error
    handle.truncate(0)
    json.dump({"pid": os.getpid()}, handle)
    handle.flush()


def _holder(handle: IO[str]) -> str:
    handle.seek(0)
    try:
        return f"另一个进程（进程号 {json.load(handle)['pid']}）"
    except (ValueError, KeyError):
        return "另一个进程"
