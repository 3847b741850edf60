"""One batch of files on its way to raw: versions, originals, rows, refusals, receipts.

Here belongs the order of writing, which makes a crash harmless: originals and refusals first, then rows, receipts last,
each by write, sync and rename. Which files are new does not belong here (``ingest.inbox``).
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from ingest.corrections import Corrections
from ingest.data_root import DataRoot
from ingest.intake import FileTaken
from ingest.originals import keep_originals, quarantine, release
from ingest.outcome import Accepted, Refused, accepted, refusal, submission_id
from ingest.problems import BY_REGISTER
from ingest.raw.block import Block, Record
from ingest.raw.read import partition, receipts
from ingest.raw.rows import problem_rows, receipt_row, table
from ingest.raw.schema import TABLES
from ingest.raw.store import sync_folder, to_parquet, write_all
from ingest.register_changes import ReadBefore, Stored
from ingest.submission import Submission


@dataclass(frozen=True)
class _Loaded:
    path: Path
    sha256: str
    workbook: str
    version: int
    submission: Submission
    rows: dict[str, list[Block]]
    read_again: bool = False


class Known:
    """What has been accepted so far: the hashes, and the latest version of each (form, month, unit).

    Read from raw once, not for each batch: a year's receipts are thousands of rows.
    """

    def __init__(self, root: DataRoot) -> None:
        sent = receipts(root).select(["form", "month", "subdistrict_code", "version", "sha256"]).to_pylist()
        self.hashes = {row["sha256"] for row in sent}
        self.versions: dict[tuple[str, date, str], int] = defaultdict(int)
        for row in sent:
            key = (row["form"], row["month"], row["subdistrict_code"])
            self.versions[key] = max(self.versions[key], row["version"])

    def next_version(self, submission: Submission) -> int:
        key = (submission.form, submission.month, submission.unit_code)
        self.versions[key] += 1
        return self.versions[key]


class Batch:
    """Collects the answers for some files, then writes them so that they become visible together."""

    def __init__(self, root: DataRoot, now: datetime, register: str, known: Known) -> None:
        """``register`` names the ``units.csv`` that the files are read by."""
        self.root, self.now, self.register, self.known = root, now, register, known
        self.accepted: list[Accepted] = []
        self.refused: list[Refused] = []
        self.unchanged = 0
        self.corrections = Corrections(root)
        self.loaded: list[_Loaded] = []
        self.refusals: list[tuple[Path, str, Refused]] = []

    def add(self, path: Path, name: str, sha256: str | None, taken: FileTaken) -> int:
        """Take one file: accept it, refuse it, or leave it where it changed while it was read. Its data cells."""
        if sha256 in self.known.hashes:
            self.unchanged += 1
            return 0
        if taken.sha256 and taken.sha256 != sha256:
            return 0
        refused = refusal(taken, name)
        if refused is not None:
            self.refused.append(refused)
            if sha256 is not None:
                self.refusals.append((path, sha256, refused))
        elif taken.submission is None:
            raise ValueError(f"neither a submission nor a refusal for {name}")
        else:
            version = self.known.next_version(taken.submission)
            self._accept(_Loaded(path, str(sha256), name, version, taken.submission, taken.rows))
            return taken.submission.counts.found
        return 0

    def add_again(self, before: ReadBefore, stored: Stored, taken: FileTaken) -> int:
        """Take a file that was accepted, as one more version if that makes a difference. Its data cells."""
        submission = taken.submission if taken.sha256 == before.sha256 else None
        if submission is None or not stored.differs(before, submission, taken.rows):
            return 0
        self.corrections.know(submission, stored.of(before))
        found = {problem.kind for problem in submission.problems}
        submission.problems += [problem for problem in stored.kept(before) if problem.kind not in found]
        version = self.known.next_version(submission)
        self._accept(_Loaded(before.original, before.sha256, before.workbook, version, submission, taken.rows, True))
        return submission.counts.found

    def _accept(self, loaded: _Loaded) -> None:
        submission = loaded.submission
        if loaded.version > 1:
            kind = "read_again" if loaded.read_again else "corrected"
            self.corrections.say_what_changed(kind, submission, loaded.rows, loaded.version)
        self.corrections.remember(submission, loaded.rows)
        self.known.hashes.add(loaded.sha256)
        self.loaded.append(loaded)
        self.accepted.append(accepted(submission, loaded.version, loaded.workbook, loaded.read_again))

    def write(self) -> None:
        """Write the batch; the receipts, which make it visible, last."""
        for path, sha256, refused in self.refusals:
            quarantine(self.root, path, sha256, refused.workbook, refused.message)
        keep_originals(self.root, [(loaded.path, loaded.sha256) for loaded in self.loaded])
        write_all(self._refusals())
        by_month = defaultdict(list)
        for loaded in self.loaded:
            by_month[loaded.submission.month].append(loaded)
        files = {month: self._files(month, by_month[month]) for month in sorted(by_month)}
        write_all((path, content) for month in files for path, content in files[month] if not _is_receipt(path))
        sent = [(path, content) for month in files for path, content in files[month] if _is_receipt(path)]
        write_all(sent)
        for path, _ in sent:
            sync_folder(path.parent)
        release(self.root, [loaded.sha256 for loaded in self.loaded])

    def _refusals(self) -> list[tuple[Path, bytes]]:
        rows = [
            {
                "sha256": sha256,
                "workbook": refused.workbook,
                "received_at": self.now,
                "kind": refused.kind,
                "quarantined": refused.quarantined,
                "message": refused.message,
                "register": self.register if refused.kind in BY_REGISTER else None,
            }
            for _, sha256, refused in self.refusals
        ]
        if not rows:
            return []
        name = _hash([f"{row['sha256']}{row['workbook']}{row['register'] or ''}" for row in rows])
        path = self.root.raw / "refusals" / f"month={self.now:%Y-%m}" / f"{name}.parquet"
        return [(path, to_parquet(table(TABLES["refusals"], [Block.of(rows)])))]

    def _files(self, month: date, loaded: list[_Loaded]) -> list[tuple[Path, bytes]]:
        """The Parquet files of one month: they carry a batch of their own, because a month is what is made visible."""
        # The version belongs to it: the same bytes read again are another batch.
        batch_id = _hash([f"{each.version} {each.sha256}" for each in loaded])
        blocks: dict[str, list[Block]] = defaultdict(list)
        blocks["receipts"] = [Block.of([self._receipt(each, batch_id) for each in loaded])]
        for each in loaded:
            for name, block in submission_blocks(each.submission, each.rows, each.version, each.workbook, batch_id):
                blocks[name].append(block)
        return [
            (partition(self.root, name, month) / f"{batch_id}.parquet", to_parquet(table(TABLES[name], blocks[name])))
            for name in blocks
        ]

    def _receipt(self, loaded: _Loaded, batch_id: str) -> Record:
        identity = (_id(loaded.submission, loaded.version), loaded.version)
        receipt = receipt_row(loaded.submission, identity, loaded.sha256, loaded.workbook, self.now, batch_id)
        return {**receipt, "register": self.register}


def _is_receipt(path: Path) -> bool:
    return path.parent.parent.name == "receipts"


def _id(submission: Submission, version: int) -> str:
    return submission_id(submission.form, submission.month, submission.unit_code, version)


def submission_blocks(
    submission: Submission, rows: dict[str, list[Block]], version: int, workbook: str, batch_id: str
) -> Iterator[tuple[str, Block]]:
    """The submission's rows for every raw table but receipts, as far as there are any."""
    identity = {
        "batch_id": batch_id,
        "submission_id": _id(submission, version),
        "month": submission.month,
        "subdistrict_code": submission.unit_code,
        "workbook": workbook,
        "form": submission.form,
    }
    blocks = {**rows, "problems": [Block.of(problem_rows(submission.problems))]}
    return (
        (name, Block(block.count, block.columns, identity | block.same, block.packed))
        for name in blocks
        for block in blocks[name]
        if block.count
    )


def _hash(parts: list[str]) -> str:
    return hashlib.sha256("\n".join(sorted(parts)).encode()).hexdigest()[:16]
