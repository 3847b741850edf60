"""``python -m benchmarks.ingest [FILES]``: a month of workbooks through ingest, against a bare reading and a script."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.reading.baselines import bare, in_processes, script
from benchmarks.reading.month import write_month
from ingest.data_root import DataRoot
from ingest.inbox import ingest_inbox

FILES = 2_500
SCRIPT_SHARE = 10  # the script reads one file in ten: it is linear, and slow
NOW = datetime(2024, 4, 5, tzinfo=UTC)


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def measure(folder: Path, count: int, processes: int) -> tuple[float, float, float]:
    """Milliseconds per file of the bare reading, of ingest and of the script."""
    root = DataRoot(folder / "data").create()
    units = write_month(root.inbox, count)
    shutil.move(units, root.units_file)
    paths = sorted(root.inbox.iterdir())
    plain = seconds(lambda: in_processes(bare, paths, processes))
    whole = seconds(lambda: _ingest(root, count))
    few = paths[::SCRIPT_SHARE]
    slow = seconds(lambda: in_processes(script, few, processes))
    return plain / count * 1000, whole / count * 1000, slow / len(few) * 1000


def _ingest(root: DataRoot, count: int) -> None:
    report = ingest_inbox(root, NOW)
    if len(report.accepted) != count or any(accepted.problems for accepted in report.accepted):
        raise RuntimeError(f"{len(report.accepted)} of {count} accepted, refused: {report.refused[:3]}")


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else FILES
    processes = min(4, os.cpu_count() or 1)  # as ReaderPool
    with TemporaryDirectory(prefix="wuxing-bench-") as name:
        plain, whole, slow = measure(Path(name), count, processes)
    print(f"{count} workbooks, {processes} processes")
    print(f"python-calamine alone  {plain:7.2f} ms per file   1.00")
    print(f"ingest                 {whole:7.2f} ms per file   {whole / plain:.2f} × the bare reading")
    print(f"openpyxl + pandas      {slow:7.2f} ms per file   {slow / whole:.2f} × ingest")


if __name__ == "__main__":
    main()
