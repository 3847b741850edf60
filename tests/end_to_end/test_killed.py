"""A run killed with -9 at any moment is made good by the next: the same marts as if nothing had happened."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from tests.end_to_end.support import all_marts, run, wuxing

pytestmark = pytest.mark.slow

LONGEST = 18.0  # seconds until the kill: from Python's start to the middle of the dbt build


@pytest.mark.parametrize("seed", [1, 2])
def test_a_run_killed_at_any_moment_and_run_again_ends_in_the_same_marts(demo_root: Path, tmp_path: Path, seed: int):
    root = tmp_path / "data"
    run(root, "init")
    shutil.copytree(demo_root / "inbox", root / "inbox", dirs_exist_ok=True)
    shutil.copy(demo_root / "reference/units.csv", root / "reference/units.csv")
    chance = random.Random(seed)
    killed = [killed_after(root, chance.uniform(1.0, LONGEST)) for _ in range(3)]
    assert any(killed)
    run(root, "refresh")
    assert all_marts(root) == all_marts(demo_root)


def killed_after(root: Path, seconds: float) -> bool:
    """Whether the refresh was still running then."""
    process = subprocess.Popen(wuxing(root, "refresh"), start_new_session=True, stdout=subprocess.DEVNULL)
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return True
    return False
