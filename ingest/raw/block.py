"""Rows of one raw table between the mapping and Arrow. Nothing heavy is imported here: worker processes make these."""

from __future__ import annotations

from array import array
from binascii import a2b_base64, b2a_base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from struct import calcsize
from typing import Any

Record = dict[str, Any]
Wire = dict[str, list[tuple[int, dict[str, Sequence[Any]], Record, list[tuple[Sequence[str], str]]]]]
PACKED = "i"  # four bytes a number: nobody counts 2**31 of anything in a sub-district


@dataclass(frozen=True)
class Block:
    """Rows by column, ``count`` in each; ``same`` holds what is the same in all rows.

    ``packed`` holds columns of whole numbers without a blank, by their names: all numbers of the first column, then
    those of the next. An item's column without the column of its texts says that each was sent as its value prints.
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

    def take_counts(self, names: Sequence[str], numbers: Sequence[int | None]) -> None:
        """Add columns of whole numbers, one after the other: packed, if none is blank.

        Nine figures in ten are counts. Packed, they become no Python objects in the parent process.
        """
        try:
            self.packed[tuple(names)] = array(PACKED, numbers).tobytes()  # type: ignore[arg-type]
        except (TypeError, OverflowError):
            self.columns.update(_cut(names, numbers, self.count))

    def unpacked(self) -> dict[str, Sequence[Any]]:
        """All columns by their names."""
        columns = dict(self.columns)
        for names, numbers in self.packed.items():
            columns.update(_cut(names, memoryview(numbers).cast(PACKED), self.count))
        return columns


def _cut(names: Sequence[str], numbers: Sequence[Any], count: int) -> Iterator[tuple[str, Sequence[Any]]]:
    return ((name, numbers[place * count : (place + 1) * count]) for place, name in enumerate(names))


def to_wire(tables: Mapping[str, Sequence[Block]]) -> Wire:
    """The blocks of each raw table, for JSON."""
    return {name: list(map(_block_to_wire, blocks)) for name, blocks in tables.items()}


def _block_to_wire(block: Block) -> tuple[int, dict[str, Sequence[Any]], Record, list[tuple[Sequence[str], str]]]:
    packed = [(names, b2a_base64(numbers, newline=False).decode()) for names, numbers in block.packed.items()]
    return block.count, block.columns, block.same, packed


def from_wire(wire: Wire) -> dict[str, list[Block]]:
    """The blocks of :func:`to_wire`. Raises ValueError or TypeError for what can be none."""
    return {name: [_block_from_wire(*block) for block in blocks] for name, blocks in wire.items()}


def _block_from_wire(
    count: int, columns: dict[str, Sequence[Any]], same: Record, packed: Sequence[tuple[Sequence[str], str]]
) -> Block:
    if not packed:
        return Block(count, columns, same)
    block = Block(count, columns, same, {tuple(names): a2b_base64(text) for names, text in packed})
    for names, numbers in block.packed.items():
        if len(numbers) != len(names) * count * calcsize(PACKED):
            raise ValueError(f"{len(numbers)} bytes for {len(names)} columns of {count} numbers")
    return block
