"""A run that is killed at any moment, and run again, ends in the same rows."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.inbox import ingest_inbox
from tests.ingest.support import CLEAN, CORRECTED, FILES, NOW, OTHER, PROJECT, new_root
from tests.ingest.test_inbox import visible

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


def _wait_for(folder: Path, pattern: str) -> None:
    end = time.monotonic() + 30
    while not any(folder.glob(pattern)) and time.monotonic() < end:
        time.sleep(0.001)


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


@pytest.mark.parametrize("pattern", MOMENTS.values(), ids=MOMENTS.keys())
def test_a_killed_run_and_another_end_like_an_undisturbed_one(pattern: str, tmp_path: Path) -> None:
    undisturbed, killed = new_root(_filled(tmp_path / "a")), new_root(_filled(tmp_path / "b"))
    ingest_inbox(undisturbed, NOW)
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(killed.path), NOW.isoformat()], cwd=PROJECT, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    _wait_for(killed.path, pattern)
    process.kill()
    process.communicate()
    assert _ends(lambda: not _workers(killed.path))
    ingest_inbox(killed, NOW)
    assert visible(killed) == visible(undisturbed)
    assert {path.name for path in killed.archive.iterdir()} >= {path.name for path in undisturbed.archive.iterdir()}
