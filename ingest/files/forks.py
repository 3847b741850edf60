"""The worker processes' own side: one process that has loaded everything forks them, and forks again where one dies.

Here belong the limits of a worker and how it is asked and answers. What it answers does not: that is a function which
whoever starts the processes gives (``ingest.files.worker``, ``ingest.intake_worker``).
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import resource
import signal
import socket
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from ingest.files.isolation import deny_network

READY = b"ready\n"  # no answer ends like this
LENGTH = 4  # bytes before a question that hold its length
MEMORY = 2 * 1024**3
RENEWED_AT = 768 * 1024**2  # what a worker keeps of its files for the next ones must not be their death
RENEWED = 75  # the exit status of a worker that ends although nothing happened
CPU_SECONDS = 30  # for one file; 50,000 rows take 3
SHORTEST_WALL = 1e-6  # zero would be no limit

Read = Callable[[Path, str], bytes]  # the answer is JSON, in one line


def serve(read: Read, wall_seconds: float, connections: Sequence[int]) -> NoReturn:
    """Keep a worker for each connected socket until its other end is closed, then end the process.

    ``read`` answers for a path and a name.

    A worker that dies is replaced at once, and the new one takes the questions that are left. It says that it is
    ready; so a second ``READY`` on a connection is the news that the question before it was deadly. One that has
    grown too large ends between two questions, and is replaced without a word.
    """
    gc.freeze()  # what is loaded is shared with the workers, and never garbage
    gc.disable()  # within a file hardly anything is either, and to look for it takes a tenth of the time
    running = {_fork(read, wall_seconds, connections, own): own for own in connections}
    while running:
        process, status = os.wait()
        own = running.pop(process)
        if status:
            died = os.waitstatus_to_exitcode(status) != RENEWED
            running[_fork(read, wall_seconds, connections, own, says_ready=died)] = own
    os._exit(0)  # what was loaded is left to the system: to free a register of 50,000 units takes 0.1 s


def _fork(read: Read, wall_seconds: float, connections: Sequence[int], own: int, *, says_ready: bool = True) -> int:
    process = os.fork()
    if process:
        return process
    try:
        for other in connections:
            if other != own:
                os.close(other)
        _limit()
        with contextlib.suppress(ConnectionError):  # nobody is left to be answered: a new worker would not be asked
            connection = socket.socket(fileno=own)
            if says_ready:
                connection.sendall(READY)
            os._exit(RENEWED if _answer(connection, read, max(wall_seconds, SHORTEST_WALL)) else 0)
        os._exit(0)
    finally:
        os._exit(1)


def _answer(connection: socket.socket, read: Read, wall_seconds: float) -> bool:
    """Answer until nobody asks any more, or until this process is to be renewed: True."""
    while (asked := _question(connection)) is not None:
        _allow_cpu_for_one_more_file()
        signal.setitimer(signal.ITIMER_REAL, wall_seconds)
        answer = read(Path(asked["path"]), asked["name"])
        signal.setitimer(signal.ITIMER_REAL, 0)
        connection.sendall(answer + b"\n")
        gc.collect(0)  # what this file left; what is kept for the next ones is then not looked at again
        if resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 > RENEWED_AT:
            return True
    return False


def question(path: Path, name: str) -> bytes:
    """A question as it is sent: its length, then JSON. A worker takes no byte of the next one, which may outlive it."""
    text = json.dumps({"path": str(path), "name": name}).encode()
    return len(text).to_bytes(LENGTH, "big") + text


def _question(connection: socket.socket) -> dict[str, str] | None:
    length = connection.recv(LENGTH, socket.MSG_WAITALL)
    if len(length) < LENGTH:
        return None
    asked: dict[str, str] = json.loads(connection.recv(int.from_bytes(length, "big"), socket.MSG_WAITALL))
    return asked


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    deny_network()


def _allow_cpu_for_one_more_file() -> None:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = int(usage.ru_utime + usage.ru_stime)
    resource.setrlimit(resource.RLIMIT_CPU, (used + CPU_SECONDS, resource.RLIM_INFINITY))
