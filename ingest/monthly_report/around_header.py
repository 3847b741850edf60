"""What stands around a header and changes its columns: a row of units, a row of column numbers, “金额单位：元”."""

from __future__ import annotations

import re
from functools import cache

from ingest.files.grid import Sheet, Value, address, text_of
from ingest.monthly_report.layout import FEWEST_ITEMS, Header, column_of
from ingest.reference import items
from ingest.values.amount import MONEY_UNITS
from ingest.values.text import compact

MONEY_UNIT = re.compile(r"单位:(百万元|万元|千元|百元|亿元|元)")
ORDINALS = set("甲乙丙丁戊己庚辛") | {"栏次", "A", "B", "C"}


def skip_rows_below(sheet: Sheet, header: Header) -> None:
    """A row of units and a row of column numbers (栏次) or item codes may stand between header and data."""
    for row in range(header.leaf_row + 1, min(header.leaf_row + 3, len(sheet.rows))):
        if _all_of(sheet.rows[row], _units()):
            _take_units(header, sheet.rows[row])
        elif _is_numbering(sheet.rows[row]) or _names_items(sheet.texts[row]):
            header.numbered = True
        else:
            return
        header.last_row = row


@cache
def _units() -> frozenset[str]:
    """What may stand in a row of units."""
    return frozenset(compact(item.unit) for item in items()) | {"万元", "元", "-", "单位", "计量单位"}


@cache
def _codes() -> frozenset[str]:
    return frozenset(item.item_code for item in items())


def _bare(value: Value) -> str:
    """The text of a cell below the header, without the brackets around it."""
    return compact(text_of(value)).strip("()")


def _all_of(cells: list[Value], known: frozenset[str]) -> bool:
    """Whether a row has enough texts, and each is a known one; a row of data is told by its first cells."""
    count = 0
    for value in cells:
        if compact(text_of(value)):
            if _bare(value) not in known:
                return False
            count += 1
    return count >= FEWEST_ITEMS


def _names_items(texts: list[tuple[int, str]]) -> bool:
    return len(texts) >= FEWEST_ITEMS and sum(_bare(text) in _codes() for _, text in texts) >= FEWEST_ITEMS


def _take_units(header: Header, cells: list[Value]) -> None:
    header.columns = [
        column_of(column.item, column.index, column.text, _bare(cells[column.index]))
        if not column.unit and column.index < len(cells)
        else column
        for column in header.columns
    ]


def take_money_unit(sheet: Sheet, header: Header) -> None:
    """“金额单位：元” above the table counts for the money columns whose headers name no unit."""
    for row in range(header.first_row):
        for index, value in sheet.texts[row]:
            match = MONEY_UNIT.search(compact(value))
            if match is not None:
                _apply_money_unit(header, address(row, index), match[1])


def _apply_money_unit(header: Header, cell: str, unit: str) -> None:
    for number, column in enumerate(header.columns):
        if column.item.unit not in MONEY_UNITS:
            continue
        if not column.unit:
            header.columns[number] = column_of(column.item, column.index, column.text, unit)
        elif column.unit != unit:
            header.other_money_unit = (cell, unit, column.unit)


def _is_numbering(cells: list[Value]) -> bool:
    """Whether a row counts its columns: 1, 2, 3, … and beside that only 甲, 乙 and the like."""
    numbers = []
    for value in cells:
        text = _bare(value)
        if text.isdecimal():
            numbers.append(int(text))
        elif text not in ORDINALS and compact(text_of(value)):
            return False
    return len(numbers) >= FEWEST_ITEMS and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
