"""Rows of one raw table between the mapping and Arrow. Nothing heavy is imported here: worker processes make these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

Record = dict[str, Any]


@dataclass(frozen=True)
class Block:
    """Rows by column, ``count`` in each; ``same`` holds what is the same in all rows."""

    count: int
    columns: dict[str, Sequence[Any]]
    same: Record = field(default_factory=dict)

    @classmethod
    def of_rows(cls, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> Block:
        """Rows that hold the same columns in the same order."""
        return cls(len(rows), dict(zip(names, zip(*rows, strict=True), strict=False)))

    @classmethod
    def of(cls, records: Sequence[Record]) -> Block:
        """The records by column; what a record lacks is null."""
        names = tuple(dict.fromkeys(chain.from_iterable(records)))
        if all(tuple(record) == names for record in records):
            columns = zip(*map(dict.values, records), strict=True)
            return cls(len(records), dict(zip(names, columns, strict=False)))
        return cls(len(records), {name: [record.get(name) for record in records] for name in names})
