"""Takes files in: the submission in each, made in worker processes, or why there is none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic_core import from_json

from ingest.data_root import DataRoot
from ingest.files.pool import WALL_SECONDS, FileRead, FileToRead, WorkerError, WorkerPool
from ingest.raw.block import Block, from_wire
from ingest.reference import read_units
from ingest.submission import Submission
from ingest.submission import from_wire as submission_from_wire


@dataclass(frozen=True, kw_only=True)
class FileTaken(FileRead):
    """A file as a submission, its rows apart, by raw table; None where there is none."""

    submission: Submission | None = None
    rows: dict[str, list[Block]] = field(default_factory=dict)


class IntakePool(WorkerPool):
    """Makes submissions of files, with the register of ``root`` as it is when the pool is entered."""

    @staticmethod
    def decode(line: bytes) -> dict[str, Any]:
        answer: dict[str, Any] = from_json(line)  # twice as fast as json
        return answer | {"rows": from_wire(answer.get("rows", {}))}

    def __init__(
        self, root: DataRoot, received_on: date, workers: int | None = None, wall_seconds: float = WALL_SECONDS
    ) -> None:
        self.root = root
        arguments = [str(root.path), received_on.isoformat()]
        super().__init__("ingest.intake_worker", arguments, workers, wall_seconds)

    def take(self, files: Sequence[FileToRead]) -> Iterator[FileTaken]:
        """The files' submissions, in order; reading starts at once. Raises ReferenceTableError, or WorkerError."""
        answers = self.answers(files)
        return map(_taken, self._or_what_is_wrong(answers))

    def _or_what_is_wrong(self, answers: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        try:
            yield from answers
        except WorkerError:
            read_units(self.root)  # raises where the register is why they did not start
            raise


def _taken(answer: dict[str, Any]) -> FileTaken:
    submission = answer.pop("submission", None)
    return FileTaken(**answer, submission=submission and submission_from_wire(submission))
