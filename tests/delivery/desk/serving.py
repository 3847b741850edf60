"""The desk as it runs: the command in a process of its own, on a free port."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from ingest.data_root import DataRoot


@contextmanager
def served(root: DataRoot) -> Iterator[str]:
    """The address of the rule pages; interrupted afterwards as by Ctrl+C, which ends it without an error."""
    command = [sys.executable, "-m", "orchestration.cli", "--data", str(root.path), "desk", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as desk:
        try:
            assert desk.stdout is not None
            yield desk.stdout.readline().removeprefix("口径卡：").partition("（")[0]
        finally:
            desk.send_signal(signal.SIGINT)
            try:
                assert desk.wait(timeout=10) == 0
            finally:
                desk.kill()  # else we would wait for one that is not to be interrupted
