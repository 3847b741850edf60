"""``python -m benchmarks.ingest [FILES] [excel]``: a month through ingest, against a bare reading and a script.

The workbooks are as openpyxl and our template write them; with ``excel``, as Excel does and clerks fill them.
"""

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
    """Milliseconds per file: by the clock, of processor time, and how much of that the system took, files above all.

    Processor time is the same on a machine that is busy.
    """

    wall: float
    processor: float
    system: float

    @classmethod
    def of(cls, work: Callable[[], object], files: int) -> Cost:
        before = _seconds()
        work()
        return cls(*((now - then) * 1000 / files for then, now in zip(before, _seconds(), strict=True)))


def _seconds() -> tuple[float, float, float]:
    """By the clock; of this process and of its workers, which have to have ended; of that by the system."""
    used = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    user, system = sum(usage.ru_utime for usage in used), sum(usage.ru_stime for usage in used)
    return time.perf_counter(), user + system, system


def measure(folder: Path, count: int, processes: int, excel: bool) -> tuple[Cost, Cost, Cost]:
    """The bare reading, ingest and the script."""
    root = DataRoot(folder / "data").create()
    units = write_month(root.inbox, count, excel)
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
    count = next((int(given) for given in sys.argv[1:] if given.isdigit()), FILES)
    processes = min(4, os.cpu_count() or 1)  # as ReaderPool
    with TemporaryDirectory(prefix="wuxing-bench-") as name:
        plain, whole, slow = measure(Path(name), count, processes, "excel" in sys.argv)
    print(f"{count} workbooks, {processes} processes; ms per file: by the clock, of processor time (in the system)")
    print(f"python-calamine alone  {_shown(plain)}")
    print(f"ingest                 {_shown(whole)}   {_times(whole, plain)} the bare reading")
    print(f"openpyxl + pandas      {_shown(slow)}   {_times(slow, whole)} ingest")


def _shown(cost: Cost) -> str:
    return f"{cost.wall:7.2f} {cost.processor:7.2f} ({cost.system:.2f})"


def _times(cost: Cost, other: Cost) -> str:
    return f"{cost.wall / other.wall:.2f} × and {cost.processor / other.processor:.2f} ×"


if __name__ == "__main__":
    main()
