"""``python -m benchmarks.ingest [FILES]``: a month of workbooks through ingest, against a bare reading and a script."""

from __future__ import annotations

import os
import resource
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Cost:
    """Milliseconds per file, by the clock and of processor time; the latter is the same on a machine that is busy."""

    wall: float
    processor: float

    @classmethod
    def of(cls, work: Callable[[], object], files: int) -> Cost:
        wall, processor = time.perf_counter(), _processor_seconds()
        work()
        scale = 1000 / files
        return cls((time.perf_counter() - wall) * scale, (_processor_seconds() - processor) * scale)


def _processor_seconds() -> float:
    """Of this process and of its workers, which have to have ended."""
    used = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def measure(folder: Path, count: int, processes: int) -> tuple[Cost, Cost, Cost]:
    """The bare reading, ingest and the script."""
    root = DataRoot(folder / "data").create()
    units = write_month(root.inbox, count)
    shutil.move(units, root.units_file)
    paths = sorted(root.inbox.iterdir())
    plain = Cost.of(lambda: in_processes(bare, paths, processes), count)
    whole = Cost.of(lambda: _ingest(root, count), count)
    few = paths[::SCRIPT_SHARE]
    return plain, whole, Cost.of(lambda: in_processes(script, few, processes), len(few))


def _ingest(root: DataRoot, count: int) -> None:
    report = ingest_inbox(root, NOW)
    if len(report.accepted) != count or any(accepted.problems for accepted in report.accepted):
        raise RuntimeError(f"{len(report.accepted)} of {count} accepted, refused: {report.refused[:3]}")


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else FILES
    processes = min(4, os.cpu_count() or 1)  # as ReaderPool
    with TemporaryDirectory(prefix="wuxing-bench-") as name:
        plain, whole, slow = measure(Path(name), count, processes)
    print(f"{count} workbooks, {processes} processes; milliseconds per file by the clock and of processor time")
    print(f"python-calamine alone  {plain.wall:7.2f} {plain.processor:7.2f}")
    print(f"ingest                 {whole.wall:7.2f} {whole.processor:7.2f}   {_times(whole, plain)} the bare reading")
    print(f"openpyxl + pandas      {slow.wall:7.2f} {slow.processor:7.2f}   {_times(slow, whole)} ingest")


def _times(cost: Cost, other: Cost) -> str:
    return f"{cost.wall / other.wall:.2f} × and {cost.processor / other.processor:.2f} ×"


if __name__ == "__main__":
    main()
