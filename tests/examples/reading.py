"""Reads the synthetic workbooks back with openpyxl alone, so that their tests share nothing with writer or ingest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from ingest.reference import items

COMMUNITY_ITEMS = {f"{item.name_zh}（{item.unit}）": item.item_code for item in items() if item.sheet == "community"}
SUBDISTRICT_ITEMS = {item.name_zh: item.item_code for item in items() if item.sheet == "subdistrict"}
ADDITIVE = {item.item_code for item in items() if item.additive}


@dataclass
class Book:
    """Cells by item code: of each community, of the 合计 row, of the sheet 街道汇总."""

    path: Path
    month: date
    subdistrict: str
    communities: dict[str, dict]
    totals: dict
    summary: dict

    def column(self, item: str) -> list:
        return [row[item] for row in self.communities.values()]


def read_book(path: Path) -> Book:
    book = openpyxl.load_workbook(path)
    cover = {row[1].value: row[2].value for row in book["封面"].iter_rows(min_row=4, max_row=8)}
    year, month = cover["报告期"].rstrip("月").split("年")
    communities, totals = _communities(book["社区月报"])
    summary = {SUBDISTRICT_ITEMS[row[1]]: exact(row[3]) for row in book["街道汇总"].iter_rows(3, values_only=True)}
    return Book(path, date(int(year), int(month), 1), cover["街道代码"], communities, totals, summary)


def _communities(sheet: Worksheet) -> tuple[dict[str, dict], dict]:
    rows = list(sheet.iter_rows(min_row=4, values_only=True))
    columns = {COMMUNITY_ITEMS[text]: index for index, text in enumerate(rows[0]) if text in COMMUNITY_ITEMS}
    total = next(index for index, row in enumerate(rows) if row[0] == "合计")
    values = [{item: exact(row[column]) for item, column in columns.items()} for row in rows]
    return {rows[index][1]: values[index] for index in range(1, total)}, values[total]


def exact(value: object) -> object:
    """A cell's number as a decimal; text and blanks as they are."""
    return Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else value
