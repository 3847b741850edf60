"""A small pool of worker processes: hands out files, survives their deaths, never lets one file stop the others.

Workers are plain subprocesses, not ``multiprocessing``: they import no ``__main__``, so they start alike from pytest,
from Dagster and from the command line, in some 0.1 s.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import Any

from ingest.files.grid import Workbook, from_wire

WALL_SECONDS = 60
START_SECONDS = 60
PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class FileToRead:
    """A file on disk and the name it was sent under."""

    path: Path
    name: str


@dataclass(frozen=True)
class FileRead:
    """A worker's answer: the grids, or why there are none. ``sha256`` is empty where the worker died."""

    sha256: str
    workbook: Workbook | None = None
    refused: str | None = None
    details: dict[str, str] = field(default_factory=dict)
    personal: tuple[tuple[str, str], ...] = ()


class WorkerError(RuntimeError):
    """The worker processes do not start: a fault of this machine, for which no file may be refused."""


class _Worker:
    """One process at a time; a dead one is replaced when the next file comes."""

    def __init__(self, wall_seconds: float) -> None:
        self.wall_seconds = wall_seconds
        self.process: subprocess.Popen[bytes] | None = None

    def read(self, file: FileToRead) -> FileRead:
        process = self._running()
        question = json.dumps({"path": str(file.path), "name": file.name}).encode() + b"\n"
        try:
            _pipe(process.stdin).write(question)
            _pipe(process.stdin).flush()
            answer = self._answer(process, self.wall_seconds)
        except BrokenPipeError:
            answer = None
        if answer is None:
            self.close()
            return FileRead("", refused="reader_died")
        return _file_read(json.loads(answer))

    def _running(self) -> subprocess.Popen[bytes]:
        if self.process is None or self.process.poll() is not None:
            self.close()
            self.process = _start()
            if self._answer(self.process, START_SECONDS) is None:
                self.close()
                raise WorkerError("读取进程无法启动：请检查内存和 Python 环境后重新运行，没有文件受影响")
        return self.process

    def _answer(self, process: subprocess.Popen[bytes], seconds: float) -> bytes | None:
        """One line of stdout, or None when the worker dies or takes too long."""
        deadline = time.monotonic() + seconds
        descriptor, parts = _pipe(process.stdout).fileno(), []
        while (left := deadline - time.monotonic()) > 0:
            if not select.select([descriptor], [], [], left)[0]:
                return None
            part = os.read(descriptor, 1 << 20)
            if not part:
                return None
            parts.append(part)
            if part.endswith(b"\n"):
                return b"".join(parts)
        return None

    def close(self) -> None:
        process, self.process = self.process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            _close_quietly(pipe)


def _start() -> subprocess.Popen[bytes]:
    paths = [str(PROJECT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return subprocess.Popen(
        [sys.executable, "-m", "ingest.files.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a panic's message may quote the file
        env={"PYTHONPATH": os.pathsep.join(paths), "PYTHONIOENCODING": "utf-8", "LANG": "C.UTF-8"},
        start_new_session=True,
    )


def _close_quietly(pipe: Any) -> None:
    try:
        _pipe(pipe).close()
    except BrokenPipeError:  # an unsent question of a dead worker
        return


def _pipe(pipe: Any) -> Any:
    if pipe is None:
        raise RuntimeError("the worker was started without pipes")
    return pipe


def _file_read(answer: dict[str, Any]) -> FileRead:
    return FileRead(
        sha256=answer["sha256"],
        workbook=from_wire(answer["workbook"]) if "workbook" in answer else None,
        refused=answer.get("refused"),
        details=answer.get("details", {}),
        personal=tuple((kind, place) for kind, place in answer.get("personal", ())),
    )


class ReaderPool:
    """Reads files in worker processes; use as a context manager."""

    def __init__(self, workers: int | None = None, wall_seconds: float = WALL_SECONDS) -> None:
        self.count = workers or min(4, os.cpu_count() or 1)
        self.wall_seconds = wall_seconds

    def __enter__(self) -> ReaderPool:
        self.idle: SimpleQueue[_Worker] = SimpleQueue()
        self.workers = [_Worker(self.wall_seconds) for _ in range(self.count)]
        for worker in self.workers:
            self.idle.put(worker)
        self.threads = ThreadPoolExecutor(self.count)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.threads.shutdown(wait=True, cancel_futures=True)
        for worker in self.workers:
            worker.close()

    def read(self, files: Sequence[FileToRead]) -> Iterator[FileRead]:
        """The answers, in the order of ``files``. Each file gets ``wall_seconds`` at most."""
        return self.threads.map(self._read_one, files)

    def _read_one(self, file: FileToRead) -> FileRead:
        worker = self.idle.get()
        try:
            return worker.read(file)
        finally:
            self.idle.put(worker)
