"""A worker that a file has taken over: it answers, but not as was agreed."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from ingest.files.forks import serve

SUBMISSION = {
    "form": "monthly_report",
    "month": "2024-03-01",
    "unit_code": "990101001000",
    "counts": {},
    "problems": [],
}
UNKNOWN = {"kind": "bogus", "message": ""}
TABLE = "monthly_report_communities"


def _rows(*block: object, table: str = TABLE) -> bytes:
    return json.dumps({"submission": SUBMISSION, "rows": {table: [block]}}).encode()


ANSWERS = {
    "no json": b"{",
    "no utf-8": b'{"refused": "\xff"}',
    "a list": b"[]",
    "null": b"null",
    "nothing": b"{}",
    "an unknown field": b'{"refused": "no_cells", "bogus": 1}',
    "an unknown refusal": b'{"refused": "bogus"}',
    "a refusal without its words": b'{"refused": "file_too_large"}',
    "odd findings": b'{"personal": [1]}',
    "a strange submission": b'{"submission": {"a": 1}}',
    "no month": json.dumps({"submission": {**SUBMISSION, "month": "x"}}).encode(),
    "an unknown problem": json.dumps(
        {"submission": {**SUBMISSION, "problems": [{"kind": "x", "message": ""}]}}
    ).encode(),
    "rows in a list": b'{"rows": []}',
    "a number as a block": json.dumps({"submission": SUBMISSION, "rows": {TABLE: [7]}}).encode(),
    "a block of three": _rows(1, {}, {}),
    "no packed columns": _rows(1, {}, {}, None),
    "a negative count": _rows(-1, {}, {}, []),
    "an endless count": _rows(10**12, {}, {}, []),
    "a column that is too short": _rows(2, {"row_number": [1]}, {}, []),
    "too few counts": _rows(2, {}, {}, [[["households"], "AAAA"]]),
    "no base64": _rows(2, {}, {}, [[["households"], "A"]]),
    "an unknown table": _rows(1, {}, {}, [], table="bogus"),
    "receipts": _rows(1, {}, {}, [], table="receipts"),
}


def answer(path: Path, name: str) -> bytes:
    return ANSWERS.get(name, b'{"refused": "no_cells"}')


if __name__ == "__main__":
    serve(answer, float(sys.argv[-2]), [int(sys.argv[-1])])
