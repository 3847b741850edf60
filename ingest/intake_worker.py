"""A worker process that makes submissions of files: reading and mapping in one, so that both run on every core.

Here belongs only what the two have to say to the parent process; which file is which version does not, because that
takes the other files (``ingest.batch``).
"""

from __future__ import annotations

import gc
import sys
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from pydantic_core import to_json

from ingest.data_root import DataRoot
from ingest.files.forks import serve
from ingest.files.grid import Sheet, Workbook
from ingest.files.look import FileRefused
from ingest.files.worker import answer_for
from ingest.raw import block
from ingest.recognise import read_submission
from ingest.reference import read_units
from ingest.submission import to_wire
from ingest.units import Register

ANYTHING = Workbook([Sheet("", [["-"]])])  # no form at all, so that each of them is looked for


class Intake:
    """Answers with the submission in a file, as known to one register on one day."""

    def __init__(self, register: Register, received_on: date) -> None:
        self.register, self.received_on = register, received_on
        with suppress(FileRefused):
            read_submission(ANYTHING, register, received_on)  # what it loads once is then shared by all workers

    def answer(self, path: Path, name: str) -> bytes:
        """The answer as JSON; decimals are written as texts, which is how Arrow reads them best."""
        return to_json(answer_for(path, name, self._submission))

    def _submission(self, workbook: Workbook) -> dict[str, Any]:
        submission = read_submission(workbook, self.register, self.received_on)
        return {"submission": to_wire(submission), "rows": block.to_wire(submission.by_table())}


def main() -> None:
    """``python -m ingest.intake_worker ROOT DATE WALL_SECONDS SOCKET…``."""
    gc.disable()  # a register of 50,000 units is never garbage, and would be looked through a dozen times
    root, received_on, wall_seconds, *connections = sys.argv[1:]
    intake = Intake(Register(read_units(DataRoot(Path(root)))), date.fromisoformat(received_on))
    serve(intake.answer, float(wall_seconds), list(map(int, connections)))


if __name__ == "__main__":
    main()
