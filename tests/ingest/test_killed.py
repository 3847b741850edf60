"""A run that is killed at any moment, and run again, ends in the same rows."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from ingest.data_root import DataRoot
from ingest.inbox import ingest_inbox
from ingest.raw.read import receipts
from tests.ingest.support import CLEAN, CORRECTED, FILES, NOW, OTHER, PROJECT, new_root, send
from tests.ingest.test_inbox import visible
from tests.ingest.test_register_changes import leave_out, mend

SCRIPT = """
import sys
from datetime import datetime
from pathlib import Path
from ingest.data_root import DataRoot
from ingest.inbox import ingest_inbox
print("ready", flush=True)
ingest_inbox(DataRoot(Path(sys.argv[1])), datetime.fromisoformat(sys.argv[2]))
"""
SENT = (
    CLEAN,
    OTHER,
    CORRECTED,
    FILES / "甲街道2024年2月.xlsx",
    FILES / "乙街道2024年2月.xlsx",
    FILES / "zero_bytes.xlsx",
)


def _filled(folder: Path) -> Path:
    root = new_root(folder)
    for path in SENT:
        shutil.copy2(path, root.inbox)
    return root.path


MOMENTS = {
    "while it reads": "raw/receipts/schema.parquet",
    "while it keeps the originals": "archive/*",
    "while it writes rows": "raw/*/month=*/*.parquet",
    "between two receipts": "raw/receipts/month=*/*.parquet",
}


def _workers(root: Path) -> list[str]:
    """The processes that still read for this data root."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if str(root).encode() in path.read_bytes():
                found.append(path.parent.name)
    return found


def _ends(holds: Callable[[], bool]) -> bool:
    end = time.monotonic() + 30
    while not holds() and time.monotonic() < end:
        time.sleep(0.01)
    return holds()


def _kill_when(root: Path, holds: Callable[[], bool]) -> None:
    """Start to ingest, and kill the process at that moment, or at its end where that comes first."""
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(root), NOW.isoformat()], cwd=PROJECT, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    end = time.monotonic() + 30
    while not holds() and process.poll() is None and time.monotonic() < end:
        time.sleep(0.001)
    process.kill()
    process.communicate()
    assert _ends(lambda: not _workers(root))


@pytest.mark.parametrize("pattern", MOMENTS.values(), ids=MOMENTS.keys())
def test_a_killed_run_and_another_end_like_an_undisturbed_one(pattern: str, tmp_path: Path) -> None:
    undisturbed, killed = new_root(_filled(tmp_path / "a")), new_root(_filled(tmp_path / "b"))
    ingest_inbox(undisturbed, NOW)
    _kill_when(killed.path, lambda: any(killed.path.glob(pattern)))
    ingest_inbox(killed, NOW)
    assert visible(killed) == visible(undisturbed)
    assert {path.name for path in killed.archive.iterdir()} >= {path.name for path in undisturbed.archive.iterdir()}


@pytest.mark.parametrize("written", ["problems", "receipts"])
def test_a_run_killed_while_it_reads_again_by_a_mended_register_loses_nothing(written: str, tmp_path: Path) -> None:
    def mended(folder: Path) -> DataRoot:
        root = new_root(folder)
        leave_out(root)
        send(root, *SENT, now=NOW - timedelta(days=9))
        mend(root)
        return root

    undisturbed, killed = mended(tmp_path / "a"), mended(tmp_path / "b")
    ingest_inbox(undisturbed, NOW)
    before = len(list(killed.raw.glob(f"{written}/month=*/*.parquet")))
    _kill_when(killed.path, lambda: len(list(killed.raw.glob(f"{written}/month=*/*.parquet"))) > before)
    ingest_inbox(killed, NOW)
    assert visible(killed) == visible(undisturbed)
    assert receipts(killed).select(["submission_id"]).equals(receipts(undisturbed).select(["submission_id"]))
