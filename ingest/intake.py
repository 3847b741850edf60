"""Takes files in: the submission in each, made in worker processes, or why there is none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from pydantic_core import from_json

from ingest.data_root import DataRoot
from ingest.files.pool import DIED, WALL_SECONDS, FileRead, FileToRead, WorkerError, WorkerPool, common
from ingest.raw.block import Block, from_wire
from ingest.raw.read import MONTH_TABLES
from ingest.reference import read_units
from ingest.submission import Submission
from ingest.submission import from_wire as submission_from_wire

SENT = frozenset(MONTH_TABLES) - {"problems"}  # the tables that a file's rows are of


@dataclass(frozen=True, kw_only=True)
class FileTaken(FileRead):
    """A file as a submission, its rows apart, by raw table; None where there is none."""

    submission: Submission | None = None
    rows: dict[str, list[Block]] = field(default_factory=dict)


class IntakePool(WorkerPool[FileTaken]):
    """Makes submissions of files, with the register of ``root`` as it is when the pool is entered."""

    died = FileTaken(refused=DIED)

    def __init__(
        self, root: DataRoot, received_on: date, workers: int | None = None, wall_seconds: float = WALL_SECONDS
    ) -> None:
        self.root = root
        arguments = [str(root.path), received_on.isoformat()]
        super().__init__("ingest.intake_worker", arguments, workers, wall_seconds)

    def understand(self, line: bytes) -> FileTaken:
        answer = common(from_json(line))  # twice as fast as json
        rows, submission = from_wire(answer.pop("rows", {})), answer.pop("submission", None)
        if not rows.keys() <= SENT:
            raise ValueError(f"{rows.keys() - SENT} are no tables of a file's rows")
        taken = FileTaken(**answer, submission=submission and submission_from_wire(submission), rows=rows)
        if taken.submission is None and taken.refused is None and not taken.personal:
            raise ValueError("neither a submission nor a refusal")
        return taken

    def take(self, files: Sequence[FileToRead]) -> Iterator[FileTaken]:
        """The files' submissions, in order; reading starts at once. Raises ReferenceTableError, or WorkerError."""
        return self._or_what_is_wrong(self.answers(files))

    def _or_what_is_wrong(self, answers: Iterator[FileTaken]) -> Iterator[FileTaken]:
        try:
            yield from answers
        except WorkerError:
            read_units(self.root)  # raises where the register is why they did not start
            raise
