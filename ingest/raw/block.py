"""Rows of one raw table between the mapping and Arrow. Nothing heavy is imported here: worker processes make these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

Record = dict[str, Any]
Wire = dict[str, list[tuple[int, dict[str, Sequence[Any]], Record]]]


@dataclass(frozen=True)
class Block:
    """Rows by column, ``count`` in each; ``same`` holds what is the same in all rows.

    An item's column without the column of its texts says that each was sent as its value prints.
    """

    count: int
    columns: dict[str, Sequence[Any]]
    same: Record = field(default_factory=dict)

    @classmethod
    def of(cls, records: Sequence[Record]) -> Block:
        """The records by column; what a record lacks is null."""
        names = tuple(dict.fromkeys(chain.from_iterable(records)))
        if all(tuple(record) == names for record in records):
            columns = zip(*map(dict.values, records), strict=True)
            return cls(len(records), dict(zip(names, columns, strict=False)))
        return cls(len(records), {name: [record.get(name) for record in records] for name in names})


def to_wire(tables: Mapping[str, Sequence[Block]]) -> Wire:
    """The blocks of each raw table, for JSON."""
    return {name: [(block.count, block.columns, block.same) for block in blocks] for name, blocks in tables.items()}


def from_wire(wire: Wire) -> dict[str, list[Block]]:
    return {name: [Block(*block) for block in blocks] for name, blocks in wire.items()}
