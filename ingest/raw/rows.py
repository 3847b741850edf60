"""Turns rows into typed tables of ``ingest.raw.schema``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import chain, repeat
from typing import Any

import numpy as np
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
    columns = _Columns(blocks)
    for field in schema:
        name = field.name
        of_item = name.removesuffix(TEXT)
        if of_item in made and name != of_item:
            made[name] = columns.texts(name, of_item, made[of_item])
        else:
            made[name] = columns.make(name, pa.string() if pa.types.is_decimal(field.type) else field.type)
    # Decimals come as texts, and are cast last: their texts are made of them.
    return pa.table([made[field.name].cast(field.type) for field in schema], schema=schema)


def prepare() -> None:
    """Load what the first table loads: with it, pyarrow imports pandas (0.2 s)."""
    table(TABLES["refusals"], [])


def records(name: str, blocks: Sequence[Block]) -> list[Record]:
    """The blocks' rows, typed as raw will hold them."""
    rows: list[Record] = table(TABLES[name], blocks).to_pylist()
    return rows


class _Columns:
    """The columns of some blocks, one below the other."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = blocks
        self.block_of_row = pa.array(np.repeat(np.arange(len(blocks)), [block.count for block in blocks]))
        self.numbers, self.columns = _unpacked(blocks)
        # Most blocks give the same columns: what that means is found out once for all of them.
        names = list(map(tuple, self.columns))
        self.kinds = {each: frozenset((*each, *self.numbers)) for each in set(names)}
        self.given = list(map(self.kinds.__getitem__, names))

    def make(self, name: str, dtype: pa.DataType) -> pa.Array:
        if name in self.numbers:
            return self.numbers[name].cast(dtype)
        if not any(name in given for given in self.kinds.values()):
            return self._for_each_block([block.same.get(name) for block in self.blocks], dtype)
        parts = [
            columns[name] if name in columns else repeat(block.same.get(name), block.count)
            for block, columns in zip(self.blocks, self.columns, strict=True)
        ]
        return pa.array(list(chain.from_iterable(parts)), dtype)

    def texts(self, name: str, of_item: str, values: pa.Array) -> pa.Array:
        """The texts of an item as sent; those that a block does not give are what its values print as."""
        follows = {given: of_item in given and name not in given for given in self.kinds.values()}
        if not any(follows.values()):
            return self.make(name, pa.string())
        printed = pc.if_else(values, "是", "否") if pa.types.is_boolean(values.type) else values.cast(pa.string())
        if all(follows.values()):
            return printed
        follow = self._for_each_block(list(map(follows.__getitem__, self.given)), pa.bool_())
        return pc.if_else(follow, printed, self.make(name, pa.string()))

    def _for_each_block(self, values: Sequence[Any], dtype: pa.DataType) -> pa.Array:
        return pa.array(values, dtype).take(self.block_of_row)


def _unpacked(blocks: Sequence[Block]) -> tuple[dict[str, pa.Array], list[dict[str, Sequence[Any]]]]:
    """The columns of numbers that all blocks have packed alike, as they mostly have, and the others, block by block."""
    alike, *others = {tuple(block.packed) for block in blocks} or {()}
    if others:
        return {}, [block.unpacked() for block in blocks]
    numbers: dict[str, pa.Array] = {}
    for names in alike:
        parts = [np.frombuffer(block.packed[names], np.intc).reshape(len(names), block.count) for block in blocks]
        numbers |= zip(names, map(_numbers, np.concatenate(parts, axis=1)), strict=True)
    return numbers, [block.columns for block in blocks]


def _numbers(values: np.ndarray[Any, np.dtype[np.intc]]) -> pa.Array:
    return pa.Array.from_buffers(pa.int32(), len(values), [None, pa.py_buffer(values)])


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
