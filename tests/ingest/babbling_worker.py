"""A worker that a file has taken over: it answers, but not as was agreed."""

from __future__ import annotations

import sys
from pathlib import Path

from ingest.files.forks import serve

ANSWERS = {
    "no json": b"{",
    "no utf-8": b'{"refused": "\xff"}',
    "too few counts": b'{"rows": {"headers": [[2, {}, {}, [[["a"], "AAAA"]]]]}}',
    "no base64": b'{"rows": {"headers": [[2, {}, {}, [[["a"], "A"]]]]}}',
}


def answer(path: Path, name: str) -> bytes:
    return ANSWERS.get(name, b'{"refused": "no_cells"}')


if __name__ == "__main__":
    serve(answer, float(sys.argv[-2]), [int(sys.argv[-1])])
