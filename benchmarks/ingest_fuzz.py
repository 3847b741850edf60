"""``python -m benchmarks.ingest_fuzz [N] [SEED]``: counts crashes, hangs and silent losses; each must be 0."""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.fuzz.mutate import mutate
from benchmarks.fuzz.oracle import silent_losses
from examples.synthetic.model import UNITS_FILE
from ingest.data_root import DataRoot
from ingest.files.look import FileRefused
from ingest.files.pool import FileToRead, ReaderPool
from ingest.outcome import Refused, refusal
from ingest.recognise import read_submission
from ingest.reference import read_units
from ingest.submission import Submission
from ingest.units import Register
from tests.ingest import formats
from tests.ingest.formats import WRITERS, as_strict, grids, with_macros
from tests.ingest.support import CLEAN, FILES, NOW

WALL_SECONDS = 20.0
GRACE_SECONDS = 5.0
SECONDS = 540.0  # no run takes longer; what was not tried by then is not counted
PARALLEL = 2
GENERATED = "generated"
LIBREOFFICE = Path(formats.__file__).parent / "libreoffice"

Answer = Submission | Refused


@dataclass
class Outcome:
    tried: int = 0
    accepted: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    crashes: list[str] = field(default_factory=list)
    hangs: list[str] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)


def originals() -> dict[str, bytes]:
    """The samples that are read, files of LibreOffice, and the clean one in every other format."""
    real = [*sorted(FILES.iterdir()), *sorted(LIBREOFFICE.glob("awkward.*"))]
    found = {path.name: path.read_bytes() for path in real if path.stat().st_size}
    found |= {f"{GENERATED}.{extension}": write(grids(CLEAN)) for extension, write in WRITERS.items()}
    return found | {
        f"{GENERATED}.strict.xlsx": as_strict(found[CLEAN.name]),
        f"{GENERATED}.xlsm": with_macros(found[CLEAN.name]),
    }


class Reader:
    """Reads one file after the other as the inbox would."""

    def __init__(self, pool: ReaderPool, register: Register, folder: Path) -> None:
        self.pool, self.register, self.folder = pool, register, folder

    def read(self, number: int, name: str, content: bytes) -> Answer:
        path = self.folder / str(number)
        path.write_bytes(content)
        read = next(self.pool.read([FileToRead(path, name)]))
        path.unlink()
        refused = refusal(read, name)
        if refused is not None:
            return refused
        assert read.workbook is not None
        try:
            return read_submission(read.workbook, self.register, NOW.date())
        except FileRefused as error:
            return Refused(name, error.kind, "", quarantined=False)


def run(count: int, seed: int) -> Outcome:
    """Try ``count`` mutants; the same ``seed`` makes the same ones."""
    outcome, started = Outcome(), time.monotonic()
    with TemporaryDirectory(prefix="wuxing-fuzz-") as name, ReaderPool(PARALLEL, WALL_SECONDS) as pool:
        root = DataRoot(Path(name)).create()
        root.units_file.write_bytes(UNITS_FILE.read_bytes())
        reader = Reader(pool, Register(read_units(root)), Path(name))
        contents = originals()
        answers = {name: reader.read(0, name, content) for name, content in contents.items()}

        def attempt(number: int) -> None:
            if time.monotonic() - started < SECONDS:
                _try(reader, contents, answers, number, outcome)

        with ThreadPoolExecutor(PARALLEL) as threads:
            list(threads.map(attempt, range(seed * 1_000_000, seed * 1_000_000 + count)))
    return outcome


def _try(reader: Reader, contents: dict[str, bytes], answers: dict[str, Answer], number: int, outcome: Outcome) -> None:
    draw = random.Random(number)
    formats = sorted(name for name in contents if name.startswith(GENERATED))
    name = draw.choice(formats if draw.random() < 0.4 else sorted(contents))
    outcome.tried += 1
    mutation, content = mutate(contents[name], draw)
    title, started = f"{number} {name} {mutation}", time.monotonic()
    try:
        answer = reader.read(number, name, content)
    except Exception as error:  # noqa: BLE001 - whatever escapes the reader is what is counted here
        outcome.crashes.append(f"{title}: {error!r}")
        return
    if time.monotonic() - started > WALL_SECONDS + GRACE_SECONDS:
        outcome.hangs.append(title)
    if isinstance(answer, Refused):
        outcome.refused[answer.kind] += 1
        return
    outcome.accepted += 1
    original = answers[name]
    if isinstance(original, Submission) and (lost := silent_losses(original, answer, content)):
        outcome.losses.append(f"{title}: {lost[:3]} ({len(lost)})")


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2_400
    outcome = run(count, int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    for line in [*outcome.crashes, *outcome.hangs, *outcome.losses]:
        print(line)
    print(f"{outcome.tried} mutants: {outcome.accepted} accepted, refused {dict(outcome.refused.most_common())}")
    print(f"crashes {len(outcome.crashes)}, hangs {len(outcome.hangs)}, silent losses {len(outcome.losses)}")


if __name__ == "__main__":
    main()
