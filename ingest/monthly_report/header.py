"""Finds the community table's header in a sheet: by its texts, never by position."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property, lru_cache

from ingest.files.grid import Sheet, Value, address, column_letter, is_blank, text_of, texts_in
from ingest.forms.spelling import HeaderNames, spell
from ingest.reference import Item
from ingest.values.amount import MONEY_UNITS, header_factor
from ingest.values.number import ONE
from ingest.values.text import compact

FEWEST_ITEMS = 5  # fewer recognised headers are another table that happens to share a word
SEARCHED_ROWS = 60
GROUP_ROWS = 2
MONEY_UNIT = re.compile(r"单位:(百万元|万元|千元|百元|亿元|元)")
Area = tuple[int, int, int, int]  # first row, first column, last row, last column
ORDINALS = set("甲乙丙丁戊己庚辛") | {"栏次", "A", "B", "C"}


@dataclass(frozen=True)
class Column:
    """A recognised column; ``factor`` turns its header's unit into the item's."""

    item: Item
    index: int
    text: str
    unit: str
    factor: Decimal

    @property
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


def find_header(sheet: Sheet, names: HeaderNames) -> Header | None:
    """The header with most recognised items, or None where the sheet has no community table."""
    best: Header | None = None
    for row in range(min(len(sheet.rows), SEARCHED_ROWS)):
        if not _may_be_header(sheet, row, names):
            continue
        header = _header_at(sheet, row, names)
        if best is None or len(header.columns) > len(best.columns):
            best = header
    if best is None or len(best.columns) < FEWEST_ITEMS or not {"code", "name"} & set(best.keys):
        return None
    _skip_rows_below(sheet, best)
    _set_duplicates_aside(best)
    _take_money_unit(sheet, best)
    return best


def _may_be_header(sheet: Sheet, row: int, names: HeaderNames) -> bool:
    texts = texts_in(sheet.rows[row])
    return (
        len(texts) >= FEWEST_ITEMS
        and len(texts) - list(map(names.alone.__getitem__, texts)).count(None) >= FEWEST_ITEMS
    )


def _header_at(sheet: Sheet, leaf_row: int, names: HeaderNames) -> Header:
    """The header whose lowest row is ``leaf_row``."""
    first = _first_row(sheet, leaf_row, names)
    rows = tuple(tuple(map(text_of, sheet.rows[row])) for row in range(first, leaf_row + 1))
    merged = tuple(
        (top - first, left, bottom - first, right)
        for top, left, bottom, right in sheet.merged
        if top <= leaf_row and bottom >= first
    )
    known = _layout(rows, merged, names)
    return replace(
        known,
        first_row=first,
        leaf_row=leaf_row,
        last_row=leaf_row,
        columns=list(known.columns),
        keys=dict(known.keys),
        unknown=dict(known.unknown),
        ignored=set(known.ignored),
    )


@lru_cache(maxsize=200)
def _layout(rows: tuple[tuple[str, ...], ...], merged: tuple[Area, ...], names: HeaderNames) -> Header:
    """The header that fills a sheet of these texts. Kept, because the workbooks of a month have it in common."""
    sheet = Sheet("", [list(row) for row in rows], merged=list(merged))
    first, leaf_row = 0, len(rows) - 1
    header = Header(first, leaf_row, leaf_row)
    above = [_filled(sheet, row, leaf_row, names) for row in range(leaf_row - 1, first - 1, -1)]
    width = max(len(sheet.rows[row]) for row in range(first, leaf_row + 1))
    for column in range(width):
        own, groups = _texts(sheet, leaf_row, first, column, above)
        if own:
            _place(header, column, own, groups, names)
    return header


def _first_row(sheet: Sheet, leaf_row: int, names: HeaderNames) -> int:
    first = leaf_row
    for row in range(leaf_row - 1, max(leaf_row - 1 - GROUP_ROWS, -1), -1):
        texts = {spell(value) for value in sheet.rows[row] if isinstance(value, str) and value.strip()}
        if len(texts) < 2 or not texts & (names.groups.keys() | names.keys.keys() | names.anywhere.keys()):
            break
        first = row
    return first


def _filled(sheet: Sheet, row: int, leaf_row: int, names: HeaderNames) -> dict[int, str]:
    """Column → text of a group row, spread over its merged cells, or to the right where nothing is merged."""
    merged = {part[1]: part[3] for part in sheet.merged if part[0] <= row <= part[2]}
    spread: dict[int, str] = {}
    current, until = "", -1
    for column in range(len(sheet.rows[leaf_row])):
        text = compact(sheet.text(row, column)) if column < len(sheet.rows[row]) else ""
        if text:
            reach = len(sheet.rows[leaf_row]) if column not in merged and not merged else merged.get(column, column)
            current, until = text, column if spell(text) in names.keys else reach
        if current and column <= until:
            spread[column] = current
    return spread


def _texts(sheet: Sheet, leaf_row: int, first: int, column: int, above: list[dict[int, str]]) -> tuple[str, list[str]]:
    """A column's own text, the lowest one in it, and the texts of the groups above."""
    for row in range(leaf_row, first - 1, -1):
        text = sheet.text(row, column).strip()
        if text:
            groups = [spread[column] for spread in above[leaf_row - row :] if column in spread]
            return text, [group for group in groups if group != compact(text)]
    return "", []


def _place(header: Header, index: int, text: str, groups: list[str], names: HeaderNames) -> None:
    match = names.match(text, groups)
    key = names.keys.get(spell(text))
    if match is not None:
        item = names.items[match[0]]
        header.columns.append(_column(item, index, text, match[1]))
    elif key is not None and key not in header.keys:
        header.keys[key] = index
    elif spell(text) in names.ignored:
        header.ignored.add(index)
    else:
        header.unknown[index] = text


def _column(item: Item, index: int, text: str, unit: str) -> Column:
    factor = header_factor(unit, item.unit)
    return Column(
        item, index, text, unit if factor is not None else "", ONE if factor is None or factor == ONE else factor
    )


def _skip_rows_below(sheet: Sheet, header: Header) -> None:
    """A row of units and a row of column numbers (栏次) may stand between header and data."""
    units = {compact(column.item.unit) for column in header.columns} | {"万元", "元"}
    for row in range(header.leaf_row + 1, min(header.leaf_row + 3, len(sheet.rows))):
        if _all_of(sheet.rows[row], units | {"-", "单位", "计量单位"}):
            _take_units(header, sheet.rows[row])
        elif _is_numbering(sheet.rows[row]):
            header.numbered = True
        else:
            return
        header.last_row = row


def _bare(value: Value) -> str:
    """The text of a cell below the header, without the brackets around it."""
    return compact(text_of(value)).strip("()")


def _all_of(cells: list[Value], known: set[str]) -> bool:
    """Whether a row has enough texts, and each is a known one; a row of data is told by its first cells."""
    count = 0
    for value in cells:
        if compact(text_of(value)):
            if _bare(value) not in known:
                return False
            count += 1
    return count >= FEWEST_ITEMS


def _take_units(header: Header, cells: list[Value]) -> None:
    header.columns = [
        _column(column.item, column.index, column.text, _bare(cells[column.index]))
        if not column.unit and column.index < len(cells)
        else column
        for column in header.columns
    ]


def _take_money_unit(sheet: Sheet, header: Header) -> None:
    """“金额单位：元” above the table counts for the money columns whose headers name no unit."""
    for row in range(header.first_row):
        for index, value in enumerate(sheet.rows[row]):
            match = MONEY_UNIT.search(compact(value)) if isinstance(value, str) else None
            if match is not None:
                _apply_money_unit(header, address(row, index), match[1])


def _apply_money_unit(header: Header, cell: str, unit: str) -> None:
    for number, column in enumerate(header.columns):
        if column.item.unit not in MONEY_UNITS:
            continue
        if not column.unit:
            header.columns[number] = _column(column.item, column.index, column.text, unit)
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


def _set_duplicates_aside(header: Header) -> None:
    by_item: dict[str, list[Column]] = {}
    for column in header.columns:
        by_item.setdefault(column.item.item_code, []).append(column)
    header.duplicates = {code: columns for code, columns in by_item.items() if len(columns) > 1}
    header.columns = [column for column in header.columns if column.item.item_code not in header.duplicates]


def is_header_again(sheet: Sheet, row: int, header: Header) -> bool:
    """Whether a row repeats the leaf header, as printed page by page."""
    cells = sheet.rows[row]
    if len(header.texts.intersection(cells)) < FEWEST_ITEMS:
        return False
    same = sum(column.index < len(cells) and cells[column.index] == column.text for column in header.columns)
    return same >= FEWEST_ITEMS


def headerless_columns(sheet: Sheet, header: Header, rows: list[int]) -> list[int]:
    """Columns right of the header or without a header text that hold something in the data rows."""
    known = {column.index for column in header.columns} | set(header.keys.values()) | header.unread | header.ignored
    width = max((len(sheet.rows[row]) for row in rows), default=0)
    others = [index for index in range(width) if index not in known]
    return [index for index in others if any(not is_blank(sheet.value(row, index)) for row in rows)]
