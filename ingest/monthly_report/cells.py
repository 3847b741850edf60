"""The data cells of a row, each read as its item's type."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.files.grid import Value
from ingest.monthly_report.layout import Column
from ingest.values.cell import readings


class CellColumns:
    """Some columns of the table, and what is needed of them for every row."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self.columns = columns
        self.readings = [readings(column.item, column.factor) for column in columns]
        texts = [column.item.text_column for column in columns]
        self.names = ["sheet", "row_number", *[column.item.column_name for column in columns], *texts]
        self.indices = [column.index for column in columns]
        self.width = max(self.indices, default=-1) + 1

    def values_of(self, cells: list[Value]) -> list[Value]:
        """The cells of a row that stand in these columns; a row that ends before has blanks."""
        if len(cells) < self.width:
            cells = cells + [None] * (self.width - len(cells))
        return [cells[index] for index in self.indices]
