"""A process that opens files from outside cannot talk to anybody."""

import subprocess
import sys

ATTEMPT = """
import os, socket
from ingest.files.isolation import deny_network
answer, _ = socket.socketpair()
assert deny_network()
for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX):
    try:
        socket.socket(family)
    except PermissionError:
        continue
    raise SystemExit(f"made a socket of {family}")
answer.send(b"pipes and sockets that are open go on")
print(open(os.devnull).read() + "alone")
"""


def test_a_process_without_network_makes_no_socket_and_still_reads_files():
    assert _run(ATTEMPT) == "alone"


def test_what_such_a_process_starts_has_no_network_either():
    child = "import socket; socket.socket()"
    parent = f"""
import subprocess, sys
from ingest.files.isolation import deny_network
assert deny_network()
print("PermissionError" in subprocess.run([sys.executable, "-c", {child!r}], capture_output=True, text=True).stderr)
"""
    assert _run(parent) == "True"


def _run(program: str) -> str:
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip()
