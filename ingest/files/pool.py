"""A small pool of worker processes: hands out files, survives their deaths, never lets one file stop the others.

The processes are forks of a plain subprocess, not ``multiprocessing``: they import no ``__main__``, so they start alike
from pytest, from Dagster and from the command line, and a dead one is replaced in milliseconds.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from ingest.files.forks import READY, question
from ingest.files.grid import Workbook, from_wire
from ingest.problems import refusal_message

WALL_SECONDS = 60
START_SECONDS = 60
ASKED_AT_ONCE = 8  # so that no worker waits while this process is busy with other answers
GRACE_SECONDS = 2  # for a worker that is asked and not waited for
PROJECT = Path(__file__).resolve().parents[2]
DIED = "reader_died"
NO_ANSWER = (ValueError, TypeError, LookupError, AttributeError)  # what comes of reading anything else as one


@dataclass(frozen=True)
class FileToRead:
    """A file on disk and the name it was sent under."""

    path: Path
    name: str


@dataclass(frozen=True, kw_only=True)
class FileRead:
    """What every answer says: why the file is not read, if so. ``sha256`` is empty where the worker died."""

    sha256: str = ""
    refused: str | None = None
    details: dict[str, str] = field(default_factory=dict)
    personal: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class GridsRead(FileRead):
    """A file as grids; None where it is not read."""

    workbook: Workbook | None = None


Answer = TypeVar("Answer", bound=FileRead)


class WorkerError(RuntimeError):
    """The worker processes do not start or were ended: a fault of this machine, for which no file may be refused."""


class _Worker:
    """This side of one worker: whichever process answers at the other end of the connection."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.ready = False
        self.unread = b""

    def read(self, files: Sequence[FileToRead]) -> list[bytes | None]:
        """The answers, None where a file killed its reader."""
        if not self.ready:
            self.connection.settimeout(START_SECONDS)
            self.ready = self._line() is None
            self.connection.settimeout(None)
        try:
            self.connection.sendall(b"".join(question(file.path, file.name) for file in files))
        except OSError as error:
            raise _not_running() from error
        return [self._line() for _ in files]

    def _line(self) -> bytes | None:
        """The next answer, or None where a new worker reports instead of it."""
        parts = [self.unread]
        while b"\n" not in parts[-1]:
            parts.append(self._receive())
        line, _, self.unread = b"".join(parts).partition(b"\n")
        return None if line.endswith(READY.strip()) else line

    def _receive(self) -> bytes:
        try:
            part = self.connection.recv(1 << 16)
        except OSError as error:
            raise _not_running() from error
        if not part:
            raise _not_running()
        return part


def _not_running() -> WorkerError:
    return WorkerError("读取进程无法启动或已中断：请检查内存和 Python 环境后重新运行，没有文件受影响")


class WorkerPool(ABC, Generic[Answer]):
    """Workers of ``python -m MODULE ARGUMENT…`` that answer for files; use as a context manager.

    An answer is data, never unpickled: a file may have taken over the process that read it.
    """

    died: Answer  #: what is said for a file that killed its reader, or took it over

    @abstractmethod
    def understand(self, line: bytes) -> Answer:
        """What an answer says. Raises one of ``NO_ANSWER`` where it is none."""

    def __init__(
        self, module: str, arguments: Sequence[str], workers: int | None = None, wall_seconds: float = WALL_SECONDS
    ) -> None:
        self.count = workers or min(4, os.cpu_count() or 1)
        self.command = [sys.executable, "-m", module, *arguments, str(wall_seconds)]

    def __enter__(self) -> Self:
        pairs = [socket.socketpair() for _ in range(self.count)]
        theirs = [their.fileno() for _, their in pairs]
        self.process = _start([*self.command, *map(str, theirs)], theirs)
        self.idle: SimpleQueue[_Worker] = SimpleQueue()
        self.connections = [own for own, _ in pairs]
        for own, their in pairs:
            their.close()
            self.idle.put(_Worker(own))
        self.threads = ThreadPoolExecutor(self.count)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.threads.shutdown(wait=False, cancel_futures=True)
        for connection in self.connections:  # the workers end by themselves, and so does whoever waits for one
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self.threads.shutdown()
        for connection in self.connections:  # not before: its number would be another file's
            connection.close()
        _await_end(self.process)
        if self.process.returncode is None:  # its number is still its own: whoever of its group is left is killed
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def answers(self, files: Sequence[FileToRead]) -> Iterator[Answer]:
        """The answers, in the order of ``files``; reading starts at once. Each file gets ``wall_seconds`` at most.

        Take them before the pool is left: those that are missing then raise WorkerError.
        """
        parts = [files[start : start + ASKED_AT_ONCE] for start in range(0, len(files), ASKED_AT_ONCE)]
        return (self._answer(line) for lines in self.threads.map(self._read, parts) for line in lines)

    def _answer(self, line: bytes | None) -> Answer:
        try:
            return self.died if line is None else self.understand(line)
        except NO_ANSWER:
            return self.died

    def _read(self, files: Sequence[FileToRead]) -> list[bytes | None]:
        worker = self.idle.get()
        try:
            return worker.read(files)
        finally:
            self.idle.put(worker)


def _await_end(process: subprocess.Popen[bytes]) -> None:
    """Wait for the process, ``GRACE_SECONDS`` at most."""
    try:
        ending = os.pidfd_open(process.pid)
    except (AttributeError, OSError):  # not on this system: looks every 50 ms
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(GRACE_SECONDS)
        return
    poll = select.poll()
    poll.register(ending, select.POLLIN)
    poll.poll(GRACE_SECONDS * 1000)
    os.close(ending)


def _start(command: list[str], connections: list[int]) -> subprocess.Popen[bytes]:
    paths = [str(PROJECT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,  # a panic's message may quote the file
        env={
            "PYTHONPATH": os.pathsep.join(paths),
            "PYTHONIOENCODING": "utf-8",
            "LANG": "C.UTF-8",
            "PYDANTIC_DISABLE_PLUGINS": "__all__",  # nobody else's code beside an untrusted file
        },
        pass_fds=connections,
        start_new_session=True,
    )


def common(answer: dict[str, Any]) -> dict[str, Any]:
    """The fields of a :class:`FileRead`. Raises one of ``NO_ANSWER``."""
    if answer.get("refused") is not None:
        refusal_message(answer["refused"], **answer.get("details", {}))  # raises where there is no such sentence
    return answer | {"personal": tuple((str(kind), str(place)) for kind, place in answer.get("personal", ()))}


class ReaderPool(WorkerPool[GridsRead]):
    """Reads files into grids."""

    died = GridsRead(refused=DIED)

    def __init__(self, workers: int | None = None, wall_seconds: float = WALL_SECONDS) -> None:
        super().__init__("ingest.files.worker", [], workers, wall_seconds)

    def understand(self, line: bytes) -> GridsRead:
        answer = json.loads(line)
        workbook = answer.pop("workbook", None)
        return GridsRead(**common(answer), workbook=workbook and from_wire(workbook))

    def read(self, files: Sequence[FileToRead]) -> Iterator[GridsRead]:
        """The files as grids, in their order."""
        return self.answers(files)
