"""Kills a publishing process with signal 9 before, between and after its renames."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from datetime import UTC, datetime
from pathlib import Path

import pytest

from delivery.publish import publish
from delivery.published import connect, read_manifest
from ingest.data_root import DataRoot
from tests.delivery.warehouses import build_warehouse, new_root

NOW = datetime(2024, 4, 8, 9, 0, tzinfo=UTC)

# Dies at the n-th rename or replace, before it happens: these are all the moments at which something becomes visible.
KILLED_AT = """
    import os, pathlib, signal, sys
    from datetime import UTC, datetime
    from ingest.data_root import DataRoot

    left = int(sys.argv[2])
    def dying(original):
        def step(*args, **kwargs):
            global left
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left -= 1
            return original(*args, **kwargs)
        return step
    os.rename, os.replace = dying(os.rename), dying(os.replace)
    pathlib.Path.replace = dying(pathlib.Path.replace)
    from delivery.publish import publish
    publish(DataRoot(pathlib.Path(sys.argv[1])), datetime.now(UTC))
"""


def publish_until(root: DataRoot, step: int) -> int:
    code = textwrap.dedent(KILLED_AT)
    return subprocess.run([sys.executable, "-c", code, str(root.path), str(step)], check=False).returncode


def rows_seen(root: DataRoot) -> int:
    with connect(root) as connection:
        row = connection.execute("select count(*) from marts.numbers").fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.parametrize("step", [0, 1, 2])
def test_a_kill_leaves_a_whole_release_and_the_next_run_finishes_the_job(tmp_path: Path, step: int) -> None:
    root = new_root(tmp_path)
    build_warehouse(root, rows=10)
    publish(root, NOW)
    build_warehouse(root, rows=20)
    assert publish_until(root, step) == -signal.SIGKILL
    assert rows_seen(root) == (20 if step == 2 else 10)

    release = publish(root, NOW)
    manifest = read_manifest(root)
    assert rows_seen(root) == 20
    assert manifest is not None
    assert manifest["release_id"] == release.release_id
    assert not [name for name in os.listdir(root.published / "releases") if name.startswith(".")]


def test_data_that_went_back_after_a_kill_are_published_again(tmp_path: Path) -> None:
    root = new_root(tmp_path)
    build_warehouse(root, rows=10)
    publish(root, NOW)
    build_warehouse(root, rows=20)
    assert publish_until(root, 2) == -signal.SIGKILL
    build_warehouse(root, rows=10)
    publish(root, NOW)
    assert rows_seen(root) == 10
