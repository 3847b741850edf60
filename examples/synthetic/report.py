"""What stands in one workbook: the rows of a sub-district's month, before any layout."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from examples.synthetic.history import History
from examples.synthetic.model import MONTHS, Subdistrict, Value
from ingest.reference import Item, items

Row = dict[str, Value | None]

COMMUNITY_ITEMS = tuple(item for item in items() if item.sheet == "community")
SUBDISTRICT_ITEMS = tuple(item for item in items() if item.sheet == "subdistrict")


@dataclass
class Report:
    """Rows by community code, and the row of 街道汇总; ``totals`` replaces a sum that the clerk did not renew."""

    subdistrict: Subdistrict
    month: date
    communities: dict[str, Row]
    summary: Row
    totals: Row = field(default_factory=dict)

    def total(self, item: Item) -> Value | None:
        """The clerk's 合计: the sum of what can be added in the column, as a spreadsheet adds it."""
        if not item.additive:
            return None
        if item.item_code in self.totals:
            return self.totals[item.item_code]
        column = [row[item.item_code] for row in self.communities.values()]
        return sum((value for value in column if isinstance(value, int | Decimal)), start=0)


def report(history: History, month: date) -> Report:
    """The month as it truly was."""
    index = MONTHS.index(month)
    rows: dict[str, Row] = {code: dict(history.community_values(code, index)) for code in history.communities}
    return Report(history.subdistrict, month, rows, dict(history.summary_values(index)))
