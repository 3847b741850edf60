"""``python -m benchmarks.reading.steps [FILES]``: where ingest's time goes, in multiples of the bare reading.

One process does one step after the other for each workbook, beside the bare reading of the same bytes, and counts its
own processor time: so the figures hold on a busy machine. What happens once, however many files (starting the workers,
reading the register), is not among them.
"""

from __future__ import annotations

import gc
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from pydantic_core import from_json, to_json

from benchmarks.ingest import NOW
from benchmarks.reading.baselines import bare
from benchmarks.reading.month import write_month
from ingest.batch import submission_blocks
from ingest.data_root import DataRoot
from ingest.files import personal
from ingest.files.look import look
from ingest.files.ooxml import open_package
from ingest.files.workbook_reader import read_workbook
from ingest.inbox import file_hash
from ingest.intake_worker import Intake
from ingest.originals import keep_originals
from ingest.raw.block import Block, from_wire, to_wire
from ingest.raw.rows import prepare, table
from ingest.raw.schema import TABLES
from ingest.raw.store import to_parquet
from ingest.recognise import read_submission
from ingest.reference import read_units
from ingest.submission import Submission
from ingest.units import Register

FILES = 400
BARE = "python-calamine alone"
Result = TypeVar("Result")
Blocks = dict[str, list[Block]]


class Steps:
    """Collects the processor time of each step."""

    def __init__(self, root: DataRoot) -> None:
        self.spent: dict[str, float] = defaultdict(float)
        self.root, self.register = root, Register(read_units(root))
        self.intake = Intake(self.register, NOW.date())
        self.blocks: Blocks = defaultdict(list)

    def time(self, step: str, work: Callable[[], Result]) -> Result:
        started = time.process_time()
        result = work()
        self.spent[step] += time.process_time() - started
        return result

    def read(self, path: Path) -> None:
        """One workbook, all steps that a worker and the parent process do for it."""
        self.time(BARE, lambda: bare(path))
        self.time("hash, twice", lambda: [file_hash(path), file_hash(path)])
        content = path.read_bytes()
        kind = self.time("look, unpack, check the XML", lambda: look(content, path.name))
        package = self.time("look, unpack, check the XML", lambda: open_package(content))
        book = self.time("read the sheets, and what a reader hides", lambda: read_workbook(content, kind, package))
        self.time(
            "look for personal data",
            lambda: [
                *personal.find_in_workbook(book),
                *personal.find_in_parts(package.parts, package.all_shared_texts),
            ],
        )
        submission = self.time("map", lambda: read_submission(book, self.register, NOW.date()))
        self.time("hand over", lambda: self._hand_over(submission, path.name))

    def _hand_over(self, submission: Submission, name: str) -> None:
        wire = from_json(to_json(to_wire(submission.by_table())), cache_strings="all")
        sent = from_wire(wire)
        for each, block in submission_blocks(submission, sent, 1, name, ""):
            self.blocks[each].append(block)

    def write(self, paths: list[Path]) -> None:
        """What is done for many workbooks at once."""
        self.time("tables and Parquet", lambda: [_parquet(name, blocks) for name, blocks in self.blocks.items()])
        self.time("keep the originals", lambda: keep_originals(self.root, [(path, path.name) for path in paths]))


def _parquet(name: str, blocks: list[Block]) -> bytes:
    return to_parquet(table(TABLES[name], blocks))


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else FILES
    with TemporaryDirectory(prefix="wuxing-bench-") as name:
        root = DataRoot(Path(name)).create()
        write_month(root.inbox, count).replace(root.units_file)
        steps, paths = Steps(root), sorted(root.inbox.iterdir())
        prepare()
        gc.disable()  # as in the workers
        for path in paths:
            steps.read(path)
        steps.write(paths)
    for step, spent in steps.spent.items():
        print(f"{step:46} {spent / count * 1000:6.2f} ms {spent / steps.spent[BARE]:6.2f}")


if __name__ == "__main__":
    main()
