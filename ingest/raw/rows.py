"""Turns rows as dicts into typed tables of ``ingest.raw.schema``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import pyarrow as pa

from ingest.problems import Problem
from ingest.submission import Submission


def table(schema: pa.Schema, rows: list[dict[str, Any]]) -> pa.Table:
    """The rows as a table; a key without a column is left out, a column without a key is null."""
    columns = [_column([row.get(field.name) for row in rows], field.type) for field in schema]
    return pa.table(columns, schema=schema)


def _column(values: list[Any], dtype: pa.DataType) -> pa.Array:
    if not pa.types.is_decimal(dtype):
        return pa.array(values, dtype)
    # Arrow reads a decimal from text ten times faster than from Python's Decimal, and as exactly.
    return pa.array([None if value is None else format(value, "f") for value in values], pa.string()).cast(dtype)


def with_submission(rows: Iterable[dict[str, Any]], identity: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows, each with the submission it belongs to."""
    return [{**identity, **row} for row in rows]


def problem_rows(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    return [{**vars(problem), "severity": problem.severity} for problem in problems]


def receipt_row(
    submission: Submission, identity: tuple[str, int], sha256: str, workbook: str, now: datetime, batch_id: str
) -> dict[str, Any]:
    """The receipt of one submission; ``identity`` is its id and version."""
    counts = submission.counts
    return {
        "batch_id": batch_id,
        "submission_id": identity[0],
        "month": submission.month,
        "subdistrict_code": submission.unit_code,
        "form": submission.form,
        "version": identity[1],
        "sha256": sha256,
        "workbook": workbook,
        "received_at": now,
        "template_version": submission.template_version,
        "rows_loaded": submission.rows_loaded,
        "cells_found": counts.found,
        "cells_loaded": counts.loaded,
        "cells_blank": counts.blank,
        "cells_rejected": counts.rejected,
        "cells_label": submission.cells_label,
    }
