"""Turns rows into typed tables of ``ingest.raw.schema``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import chain, repeat
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from ingest.problems import Problem
from ingest.raw.block import Block, Record
from ingest.raw.schema import TABLES, TEXT
from ingest.submission import Submission


def table(schema: pa.Schema, blocks: Sequence[Block]) -> pa.Table:
    """The blocks' rows as one table; a name without a column is left out, a column without a name is null.

    All blocks at once: a column costs some 2 µs to make, however few rows it has.
    """
    made: dict[str, pa.Array] = {}
    for field in schema:
        name = field.name
        of_item = name.removesuffix(TEXT)
        if of_item in made and name != of_item:
            made[name] = _texts(name, of_item, made[of_item], blocks)
        else:
            made[name] = _column(name, pa.string() if pa.types.is_decimal(field.type) else field.type, blocks)
    # Decimals come as texts, and are cast last: their texts are made of them.
    return pa.table([made[field.name].cast(field.type) for field in schema], schema=schema)


def records(name: str, blocks: Sequence[Block]) -> list[Record]:
    """The blocks' rows, typed as raw will hold them."""
    rows: list[Record] = table(TABLES[name], blocks).to_pylist()
    return rows


def _column(name: str, dtype: pa.DataType, blocks: Sequence[Block]) -> pa.Array:
    values = chain.from_iterable(
        block.columns[name] if name in block.columns else repeat(block.same.get(name), block.count) for block in blocks
    )
    return pa.array(list(values), dtype)


def _texts(name: str, of_item: str, values: pa.Array, blocks: Sequence[Block]) -> pa.Array:
    """The texts of an item as sent; those that a block does not give are what its values print as."""
    follows = [of_item in block.columns and name not in block.columns for block in blocks]
    if not any(follows):
        return _column(name, pa.string(), blocks)
    printed = pc.if_else(values, "是", "否") if pa.types.is_boolean(values.type) else values.cast(pa.string())
    if all(follows):
        return printed
    mask = chain.from_iterable(repeat(each, block.count) for each, block in zip(follows, blocks, strict=True))
    return pc.if_else(pa.array(list(mask), pa.bool_()), printed, _column(name, pa.string(), blocks))


def problem_rows(problems: Iterable[Problem]) -> list[Record]:
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
