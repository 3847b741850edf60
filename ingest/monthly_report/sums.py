"""The clerk's own totals as formulas: whether they add every community's row."""

from __future__ import annotations

from collections import defaultdict

from ingest.files.grid import Sheet, address
from ingest.monthly_report.layout import Header
from ingest.monthly_report.rows import CommunityRow
from ingest.problems import Place
from ingest.submission import Submission


def say_short_sums(
    sheet: Sheet, header: Header, total_row: int, found: list[CommunityRow], submission: Submission
) -> None:
    """Name the communities that a total leaves out.

    Columns whose formulas add the same rows are said together: one inserted row makes all of them short.
    """
    by_range = defaultdict(list)
    for column in header.columns:
        if (total_row, column.index) in sheet.sums:
            by_range[sheet.sums[(total_row, column.index)]].append(column)
    for (first, last), columns in by_range.items():
        missing = "、".join(row.label for row in found if not first <= row.row <= last)
        if missing:
            cells = "、".join(address(total_row, column.index) for column in columns)
            item = columns[0].item.item_code if len(columns) == 1 else None
            place = Place(sheet.name, cells, submission.unit_code, item)
            submission.say("total_range_short", place, first=first + 1, last=last + 1, missing=missing)
