"""Rows of one raw table between the mapping and Arrow. Nothing heavy is imported here: worker processes make these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

Record = dict[str, Any]


@dataclass(frozen=True)
class Block:
    """Rows that have the same columns; ``same`` holds what is the same in all of them."""

    names: tuple[str, ...]
    rows: Sequence[Sequence[Any]]
    same: Record = field(default_factory=dict)

    @classmethod
    def of(cls, records: Sequence[Record], same: Record | None = None) -> Block:
        """The records as rows; what a record lacks is null."""
        names = tuple(dict.fromkeys(chain.from_iterable(records)))
        complete = all(tuple(record) == names for record in records)
        rows = [list(record.values() if complete else map(record.get, names)) for record in records]
        return cls(names, rows, same or {})
