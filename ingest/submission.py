"""What one accepted file amounts to: rows for the raw tables, problems, and an account of every cell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ingest.files.grid import Sheet, Value, Workbook, address, is_blank, text_of
from ingest.problems import SENTENCES, Place, Problem, problem
from ingest.raw.block import Block, Record
from ingest.values.reading import Reading, shown


@dataclass
class Counts:
    """``found = loaded + blank + rejected``; ``filled`` are the cells of these that are not empty."""

    loaded: int = 0
    blank: int = 0
    rejected: int = 0
    filled: int = 0

    @property
    def found(self) -> int:
        return self.loaded + self.blank + self.rejected

    def add(self, status: str, filled: bool) -> None:
        self.add_all((status,), filled)

    def add_plain(self, values: Sequence[object]) -> None:
        """Count cells that are loaded, or blank where they have no value."""
        self.add_loaded(len(values), values.count(None))

    def add_loaded(self, found: int, blank: int) -> None:
        """Count cells that are loaded, but for so many blank ones."""
        self.loaded += found - blank
        self.blank += blank
        self.filled += found - blank

    def add_counts(self, other: Counts) -> None:
        self.loaded += other.loaded
        self.blank += other.blank
        self.rejected += other.rejected
        self.filled += other.filled

    def add_all(self, statuses: Sequence[str], filled: int) -> None:
        """Count cells, of which ``filled`` are not empty."""
        loaded, blank = statuses.count("loaded"), statuses.count("blank")
        self.loaded += loaded
        self.blank += blank
        self.rejected += len(statuses) - loaded - blank
        self.filled += filled


@dataclass
class Submission:
    """One read file, its rows for the raw tables still without batch, submission and month.

    A raw table's rows are those of ``blocks``, by column, and those of ``rows``, one by one.
    """

    form: str
    month: date
    unit_code: str
    template_version: str | None = None
    rows_loaded: int = 0
    counts: Counts = field(default_factory=Counts)
    cells_label: int = 0
    problems: list[Problem] = field(default_factory=list)
    rows: dict[str, list[Record]] = field(default_factory=lambda: defaultdict(list))
    blocks: dict[str, list[Block]] = field(default_factory=lambda: defaultdict(list))

    def say(
        self, kind: str, place: Place | None = None, text: str | None = None, value: str | None = None, **words: object
    ) -> None:
        """Add a problem."""
        self.problems.append(problem(kind, place or Place(), text, value, **words))

    def take(self, raw: Value, reading: Reading, place: Place) -> None:
        """Count a data cell, and say what there is to say about it."""
        self.counts.add(reading.status, filled=not is_blank(raw))
        self.say_reading(raw, reading, place)

    def say_reading(self, raw: Value, reading: Reading, place: Place) -> None:
        """Say what there is to say about a data cell."""
        if reading.kind is not None:
            words = {"unit": "", **(reading.words or {})}
            self.say(reading.kind, place, text_of(raw), shown(reading.value), **words)

    def reject(self, raw: Value) -> None:
        """Count a data cell that is not loaded because its row or column is not; the problem names that."""
        self.counts.add("blank" if is_blank(raw) else "rejected", filled=not is_blank(raw))

    def by_table(self) -> dict[str, list[Block]]:
        """The rows of each raw table."""
        return {
            name: [*self.blocks.get(name, ()), *([Block.of(self.rows[name])] if name in self.rows else [])]
            for name in dict.fromkeys([*self.blocks, *self.rows])
        }

    def close(self, workbook: Workbook) -> Submission:
        """Count the cells without data: all that are not empty and were not read as data."""
        filled = sum(sum(sheet.filled) for sheet in workbook.sheets)
        self.cells_label = filled - self.counts.filled
        return self


def to_wire(submission: Submission) -> dict[str, Any]:
    """The submission but for its rows, for ``json.dumps``."""
    problems = [vars(problem) for problem in submission.problems]
    plain = {"month": submission.month.isoformat(), "counts": vars(submission.counts), "problems": problems}
    return {**vars(submission), **plain, "rows": {}, "blocks": {}}


def from_wire(wire: dict[str, Any]) -> Submission:
    """Raises ValueError, TypeError or LookupError where it is no submission."""
    problems = [Problem(**problem) for problem in wire["problems"]]
    unknown = {problem.kind for problem in problems} - SENTENCES.keys()
    if unknown:
        raise ValueError(f"{unknown} are no problems")
    month = date.fromisoformat(wire["month"])
    return Submission(**{**wire, "month": month, "counts": Counts(**wire["counts"]), "problems": problems})


def place_of(sheet: Sheet, row: int, column: int, unit_code: str | None, item_code: str | None = None) -> Place:
    return Place(sheet.name, address(row, column), unit_code, item_code)
