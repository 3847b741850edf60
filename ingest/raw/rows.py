"""Turns rows into typed tables of ``ingest.raw.schema``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingest.problems import Problem
from ingest.raw.block import Block, Record
from ingest.raw.schema import TABLES, TEXT
from ingest.submission import Submission
from ingest.values.counts import BLANK

Layout = tuple[tuple[str, ...], ...]


def table(schema: pa.Schema, blocks: Sequence[Block]) -> pa.Table:
    """The blocks' rows as one table; a name without a column is left out, a column without a name is null.

    All blocks at once that have packed the same columns, mostly all: a column costs some 2 µs to make, however few rows
    it has.
    """
    alike: dict[Layout, list[tuple[int, Block]]] = defaultdict(list)
    for place, block in enumerate(blocks):
        alike[tuple(block.packed)].append((place, block))
    if len(alike) < 2:
        return _table(schema, blocks)
    made = pa.concat_tables([_table(schema, [block for _, block in group]) for group in alike.values()])
    places = [place for group in alike.values() for place, block in group for _ in range(block.count)]
    return made.take(np.argsort(places, kind="stable")).combine_chunks()


def _table(schema: pa.Schema, blocks: Sequence[Block]) -> pa.Table:
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
    """Get Arrow ready for a month's tables.

    With the first table pyarrow imports pandas (0.2 s). Its own allocator gives back what a batch took, and takes it
    anew for the next: the system's spares half the time of the first tables, which are page faults.
    """
    pa.set_memory_pool(pa.system_memory_pool())
    table(TABLES["refusals"], [])


def records(name: str, blocks: Sequence[Block]) -> list[Record]:
    """The blocks' rows, typed as raw will hold them."""
    rows: list[Record] = table(TABLES[name], blocks).to_pylist()
    return rows


class _Columns:
    """The columns of blocks that have packed the same ones, one block below the other."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = blocks
        self.block_of_row = pa.array(np.repeat(np.arange(len(blocks)), [block.count for block in blocks]))
        self.counts = _unpacked(blocks) if blocks else {}
        # Most blocks give the same columns: what that means is found out once for all of them.
        names = [tuple(block.columns) for block in blocks]
        self.kinds = {each: frozenset((*each, *self.counts)) for each in set(names)}
        self.given = list(map(self.kinds.__getitem__, names))

    def make(self, name: str, dtype: pa.DataType) -> pa.Array:
        if name in self.counts:
            return self.counts[name].cast(dtype)
        given = [name in names for names in self.kinds.values()]
        if not any(given):
            return self._for_each_block([block.same.get(name) for block in self.blocks], dtype)
        if all(given):
            columns = [block.columns[name] for block in self.blocks]
        else:
            columns = [block.columns.get(name) or [block.same.get(name)] * block.count for block in self.blocks]
        return pa.array(list(chain.from_iterable(columns)), dtype)

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


def _unpacked(blocks: Sequence[Block]) -> dict[str, pa.Array]:
    """The columns of counts, which these blocks have packed alike."""
    blank = np.frombuffer(BLANK, np.intc)
    found: dict[str, pa.Array] = {}
    for names in blocks[0].packed:
        parts = [np.frombuffer(block.packed[names], np.intc).reshape(len(names), block.count) for block in blocks]
        counts = np.concatenate(parts, axis=1)
        found |= {name: pa.array(row, mask=row == blank) for name, row in zip(names, counts, strict=True)}
    return found


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
