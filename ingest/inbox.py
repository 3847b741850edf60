"""From inbox to raw: what is new is read in batches, archived or quarantined, and made visible by its receipts.

Here belongs which files are new, and in which order they are read: first those of the archive that a changed register
may read otherwise (``ingest.register_changes``), so that what is sent now is the later version. How a file is read does
not belong here (``ingest.files``, ``ingest.recognise``), nor how a batch is written (``ingest.batch``).
"""

from __future__ import annotations

import gc
import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from ingest.batch import Batch, Known
from ingest.data_root import DataRoot
from ingest.files.look import MAX_BYTES
from ingest.files.pool import FileToRead
from ingest.intake import FileTaken, IntakePool
from ingest.outcome import Accepted, Refused, hidden_name
from ingest.problems import BY_REGISTER
from ingest.raw.read import receipts, refusals
from ingest.raw.rows import prepare
from ingest.raw.store import ensure_schemas
from ingest.reference import read_units
from ingest.reference.load import units_hash
from ingest.register_changes import ReadBefore, Stored, not_looked_through, remember_looked_through, to_read_again

# Bounds memory (two batches are held), and what a crash makes us read again; half as many take 0.04 ms a file more.
BATCH_FILES = 400
NewFile = tuple[Path, str | None]  # with its sha256, None where it cannot be read

__all__ = ["Accepted", "InboxProgress", "InboxReport", "Refused", "ingest_inbox", "unseen"]


@dataclass(frozen=True)
class _Wanted:
    """A file to be taken in; ``before`` is set where it was accepted already."""

    path: Path
    name: str
    sha256: str | None
    before: ReadBefore | None = None


@dataclass(frozen=True)
class InboxProgress:
    """``done`` of ``total`` files are read; ``workbook`` is the last, ``cells`` and ``refused`` count so far."""

    done: int
    total: int
    workbook: str
    cells: int
    refused: int


@dataclass
class InboxReport:
    """What one scan did; ``unchanged`` counts the files that were known already, ``read_again`` those of the archive
    that were read again because of the register, whether or not they then were accepted as another version.
    """

    accepted: list[Accepted] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    unchanged: int = 0
    read_again: int = 0

    @property
    def cells(self) -> int:
        """All data cells found in accepted files."""
        return sum(accepted.cells_found for accepted in self.accepted)

    @property
    def months(self) -> list[date]:
        """The months that got a new submission, ascending."""
        return sorted({accepted.month for accepted in self.accepted})


def display_name(path: Path) -> str:
    """The file's name as text, whatever bytes it was created with."""
    return os.fsencode(path.name).decode("utf-8", "replace")


def _files(root: DataRoot) -> list[Path]:
    """Regular files below the inbox, oldest first: the later file of a unit and month is the later version."""
    found = []
    for folder, _, names in os.walk(root.inbox):
        for name in names:
            try:
                status = os.lstat(f"{folder}/{name}")
            except OSError:  # gone since the folder was listed, as a lock file goes
                continue
            if stat.S_ISREG(status.st_mode):
                found.append((status.st_mtime_ns, os.fsencode(name), os.fsencode(folder)))
    return [Path(os.fsdecode(folder), os.fsdecode(name)) for _, name, folder in sorted(found)]


def file_hash(path: Path) -> str | None:
    """The sha256 of a file, or None where it cannot be read."""
    try:
        with path.open("rb", buffering=0) as file:
            if os.fstat(file.fileno()).st_size > MAX_BYTES:
                return hashlib.file_digest(file, "sha256").hexdigest()
            return hashlib.sha256(file.read()).hexdigest()  # file_digest makes a buffer of 256 kB, however small it is
    except OSError:
        return None


def unseen(root: DataRoot) -> list[tuple[Path, str]]:
    """The inbox's readable files, with their sha256, that were neither accepted nor refused for good; oldest first."""
    return [(path, sha256) for path, sha256 in _new(root, _files(root)) if sha256]


def _new(root: DataRoot, files: Sequence[Path]) -> Iterator[NewFile]:
    """Those of the files that are not known, each once, with their hashes."""
    loaded = set(receipts(root).column("sha256").to_pylist())
    known = _answered(root)
    for path in files:
        sha256 = file_hash(path)
        keys = {(sha256, display_name(path)), (sha256, hidden_name(sha256))}
        if sha256 not in loaded and keys.isdisjoint(known):
            known |= keys
            yield path, sha256


def _answered(root: DataRoot) -> set[tuple[str | None, str]]:
    """Refused files by content and name that would be refused again.

    By name too: an empty or a lock file under another name is another sender's mistake, and must be answered. Whom the
    register of units did not know is asked again when it has changed.
    """
    register = units_hash(root)
    rows = refusals(root).select(["sha256", "workbook", "kind", "register"]).to_pylist()
    return {
        (row["sha256"], row["workbook"])
        for row in rows
        if row["kind"] not in BY_REGISTER or row["register"] == register
    }


def ingest_inbox(root: DataRoot, now: datetime, progress: Callable[[InboxProgress], None] | None = None) -> InboxReport:
    """Read what is new in the inbox into raw. ``now`` (with time zone) becomes ``received_at``.

    No file can make it fail: what cannot be accepted is refused, with a sentence that says what to do. Raises
    ReferenceTableError where the register of units is missing or wrong.
    """
    ensure_schemas(root)
    register, changed = units_hash(root), bool(not_looked_through(root))  # before any is read: no change is missed
    again = to_read_again(root) if changed else []
    files = _files(root)
    found = _wanted(again, _new(root, files))
    report = InboxReport(unchanged=len(files), read_again=len(again))
    first = next(found, None)
    if first is None:
        read_units(root)
    else:
        with IntakePool(root, now.date()) as pool, _without_collector():
            prepare()  # this, and hashing the other files, while the workers start
            wanted = [first, *found]
            report.unchanged -= len(wanted) - len(again)
            _read(pool, now, register, wanted, report, progress)
    if changed:
        remember_looked_through(root, register, now, len(again), sum(each.read_again for each in report.accepted))
    return report


def _wanted(again: Iterable[ReadBefore], new: Iterable[NewFile]) -> Iterator[_Wanted]:
    for before in again:
        yield _Wanted(before.original, before.workbook, before.sha256, before)
    for path, sha256 in new:
        yield _Wanted(path, display_name(path), sha256)


def _read(
    pool: IntakePool,
    now: datetime,
    register: str,
    files: Sequence[_Wanted],
    report: InboxReport,
    progress: Callable[[InboxProgress], None] | None,
) -> None:
    """Read ``files`` into raw, a batch at a time, and add to the report what became of them."""
    following = _take(pool, files[:BATCH_FILES])
    stored, known = Stored(pool.root), Known(pool.root)
    for start in range(0, len(files), BATCH_FILES):
        taken, batch = following, Batch(pool.root, now, register, known)
        following = _take(pool, files[start + BATCH_FILES : start + 2 * BATCH_FILES])  # no worker waits for us
        cells, refused = report.cells, len(report.refused)
        for done, (file, answer) in enumerate(taken, start=start + 1):
            if file.before:
                cells += batch.add_again(file.before, stored, answer)
            else:
                cells += batch.add(file.path, file.name, file.sha256, answer)
            if progress is not None:
                progress(InboxProgress(done, len(files), file.name, cells, refused + len(batch.refused)))
        batch.write()
        report.accepted += batch.accepted
        report.refused += batch.refused
        report.unchanged += batch.unchanged


@contextmanager
def _without_collector() -> Iterator[None]:
    """A batch's lists are many, and freed by their last reference: to look for garbage takes a fifth of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _take(pool: IntakePool, chunk: Sequence[_Wanted]) -> Iterator[tuple[_Wanted, FileTaken]]:
    """The answers for a chunk, in its order; asked at once."""
    answers = pool.take([FileToRead(file.path, file.name) for file in chunk if file.sha256])
    unreadable = FileTaken(refused="file_unreadable")
    return ((file, next(answers) if file.sha256 else unreadable) for file in chunk)
