"""One demonstration data root for all end-to-end tests of a session, built by the command that users run."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import pytest

from tests.end_to_end.support import run


@pytest.fixture(scope="session")
def demo_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built by whichever test process comes first; the others wait for it. Tests must not change it."""
    own = tmp_path_factory.getbasetemp()  # of this process; several processes of one session share its parent
    shared = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "wuxing-demo"
    shared.mkdir(exist_ok=True)
    root, printed = shared / "data", shared / "printed.txt"
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not printed.exists():
            printed.write_text(run(root, "demo"), encoding="utf-8")
    return root


@pytest.fixture(scope="session")
def demo_output(demo_root: Path) -> str:
    return (demo_root.parent / "printed.txt").read_text(encoding="utf-8")
