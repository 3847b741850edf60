"""What is known of a community table's header: which column holds which item, and in which unit."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from ingest.files.grid import column_letter
from ingest.reference import Item
from ingest.values.amount import header_factor
from ingest.values.cell import Readings, readings
from ingest.values.number import ONE

FEWEST_ITEMS = 5  # fewer recognised headers are another table that happens to share a word


@dataclass(frozen=True)
class Column:
    """A recognised column; ``factor`` turns its header's unit into the item's."""

    item: Item
    index: int
    text: str
    unit: str
    factor: Decimal

    @cached_property
    def readings(self) -> Readings:
        """What the values of this column were read as."""
        return readings(self.item, self.factor)

    @cached_property
    def letter(self) -> str:
        return column_letter(self.index)


@dataclass
class Header:
    """The header of a community table; rows count from 0, ``last_row`` is the last one without data."""

    first_row: int
    leaf_row: int
    last_row: int
    columns: list[Column] = field(default_factory=list)
    keys: dict[str, int] = field(default_factory=dict)
    unknown: dict[int, str] = field(default_factory=dict)
    ignored: set[int] = field(default_factory=set)
    duplicates: dict[str, list[Column]] = field(default_factory=dict)
    numbered: bool = False
    other_money_unit: tuple[str, str, str] | None = None  # cell, what the unit row says, what the columns say

    @property
    def recognised(self) -> int:
        """How many columns are an item's, those that stand twice included."""
        return len(self.columns) + sum(map(len, self.duplicates.values()))

    @cached_property
    def texts(self) -> frozenset[str]:
        return frozenset(column.text for column in self.columns)

    @property
    def unread(self) -> set[int]:
        """Columns whose cells are not loaded: unknown ones and those that stand twice."""
        return set(self.unknown) | {column.index for columns in self.duplicates.values() for column in columns}

    @property
    def width(self) -> int:
        every = [column.index for column in self.columns] + list(self.keys.values()) + list(self.unknown)
        return max([*every, *self.ignored], default=-1) + 1


def column_of(item: Item, index: int, text: str, unit: str) -> Column:
    factor = header_factor(unit, item.unit)
    return Column(
        item, index, text, unit if factor is not None else "", ONE if factor is None or factor == ONE else factor
    )
