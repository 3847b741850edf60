"""Rows of one raw table between the mapping and Arrow. Nothing heavy is imported here: worker processes make these."""

from __future__ import annotations

from binascii import a2b_base64, b2a_base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from ingest.files.look import MAX_CELLS
from ingest.values.counts import BLANK

Record = dict[str, Any]
WireBlock = tuple[int, dict[str, Sequence[Any]], Record, list[tuple[Sequence[str], str]]]
Wire = dict[str, list[WireBlock]]


@dataclass(slots=True)
class Block:
    """Rows by column, ``count`` in each; ``same`` holds what is the same in all rows.

    ``packed`` holds columns of counts, by their names: all counts of the first column, then those of the next
    (:mod:`ingest.values.counts`). An item's column without the column of its texts says that each was sent as its
    value prints.
    """

    count: int
    columns: dict[str, Sequence[Any]]
    same: Record = field(default_factory=dict)
    packed: dict[tuple[str, ...], bytes] = field(default_factory=dict)

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
    return {name: list(map(_block_to_wire, blocks)) for name, blocks in tables.items()}


def _block_to_wire(block: Block) -> WireBlock:
    packed: list[tuple[Sequence[str], str]] = [
        (names, b2a_base64(counts, newline=False).decode()) for names, counts in block.packed.items()
    ]
    return block.count, block.columns, block.same, packed


def from_wire(wire: Wire) -> dict[str, list[Block]]:
    """The blocks of :func:`to_wire`. Raises ValueError, TypeError or AttributeError where there are none."""
    return {name: [_block_from_wire(*block) for block in blocks] for name, blocks in wire.items()}


def _block_from_wire(
    count: int, columns: dict[str, Sequence[Any]], same: Record, sent: Sequence[tuple[Sequence[str], str]]
) -> Block:
    packed = {tuple(names): a2b_base64(text) for names, text in sent}
    lengths = set(map(len, columns.values()))
    if not 0 <= count <= MAX_CELLS or not lengths <= {count} or not isinstance(same, dict):
        raise ValueError(f"columns of {lengths} in {count} rows")
    if any(len(counts) != len(names) * count * len(BLANK) for names, counts in packed.items()):
        raise ValueError(f"counts are missing in {count} rows")
    return Block(count, columns, same, packed)
