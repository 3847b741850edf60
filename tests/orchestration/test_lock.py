from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ingest.data_root import DataRoot
from orchestration.lock import WarehouseBusy, lock_file, writing

TRY = (
    "import sys; from pathlib import Path\n"
    "from ingest.data_root import DataRoot; from orchestration.lock import writing\n"
    "with writing(DataRoot(Path(sys.argv[1]))): print('writing', flush=True); sys.stdin.read()"
)


def writer(root: DataRoot) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", TRY, str(root.path)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


def test_a_second_process_is_told_who_is_writing(tmp_path: Path) -> None:
    root = DataRoot(tmp_path).create()
    with writer(root) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "writing\n"
        with pytest.raises(WarehouseBusy, match=f"进程号 {first.pid}.*再运行"), writing(root):
            pass
        first.communicate("")
    with writing(root):
        assert lock_file(root).exists()


def test_a_killed_writer_leaves_the_lock_free(tmp_path: Path) -> None:
    root = DataRoot(tmp_path).create()
    with writer(root) as first:
        assert first.stdout is not None
        first.stdout.readline()
        first.kill()
    with writing(root):
        assert lock_file(root).exists()


def test_a_process_that_writes_may_begin_again_inside_and_still_holds_the_lock(tmp_path: Path) -> None:
    root = DataRoot(tmp_path).create()
    with writing(root):
        with writing(root):
            pass
        with writer(root) as second:
            _, errors = second.communicate("")
    assert "WarehouseBusy" in errors
