"""Finds the community table's header in a sheet: by its texts, never by position."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from itertools import accumulate, repeat

from ingest.files.grid import Sheet, Value, is_blank, text_of
from ingest.forms.spelling import HeaderNames, spell
from ingest.monthly_report.around_header import skip_rows_below, take_money_unit
from ingest.monthly_report.layout import FEWEST_ITEMS, Column, Header, column_of
from ingest.values.text import compact

SEARCHED_ROWS = 60
GROUP_ROWS = 2
Area = tuple[int, int, int, int]  # first row, first column, last row, last column


def find_header(sheet: Sheet, names: HeaderNames) -> Header | None:
    """The header with most recognised items, or None where the sheet has no community table."""
    best: Header | None = None
    texts = [len(found) for found in sheet.texts[:SEARCHED_ROWS]]
    until = [*repeat(0, GROUP_ROWS + 1), *accumulate(texts)]
    for row, count in enumerate(texts):
        # Each column has a text in the lowest row or in the groups above it: too few cannot make more columns.
        most = until[row + GROUP_ROWS + 1] - until[row]
        if count < FEWEST_ITEMS or (best and most <= best.recognised):
            continue
        if not _may_be_header(sheet, row, names):
            continue
        header = _header_at(sheet, row, names)
        if best is None or header.recognised > best.recognised:
            best = header
    if best is None or best.recognised < FEWEST_ITEMS or not {"code", "name"} & set(best.keys):
        return None
    skip_rows_below(sheet, best)
    take_money_unit(sheet, best)
    return best


def _may_be_header(sheet: Sheet, row: int, names: HeaderNames) -> bool:
    texts = [text for _, text in sheet.texts[row]]
    # Texts that were never looked up, such as a community's name, count for headers until there are enough of them.
    found = list(map(names.alone.get, texts, repeat(())))
    if len(texts) - found.count(None) < FEWEST_ITEMS:
        return False
    return len(texts) - list(map(names.alone.__getitem__, texts)).count(None) >= FEWEST_ITEMS


def _header_at(sheet: Sheet, leaf_row: int, names: HeaderNames) -> Header:
    """The header whose lowest row is ``leaf_row``."""
    first = _first_row(sheet, leaf_row, names)
    rows = tuple(tuple(_text_row(sheet.rows[row])) for row in range(first, leaf_row + 1))
    merged = tuple(
        (top - first, left, bottom - first, right)
        for top, left, bottom, right in sheet.merged
        if top <= leaf_row and bottom >= first
    )
    known = _layout(rows, merged, names)
    # Its columns may yet get other units; what else it holds is the same in every workbook of the layout.
    return replace(known, first_row=first, leaf_row=leaf_row, last_row=leaf_row, columns=list(known.columns))


def _text_row(cells: list[Value]) -> list[str]:
    return [value if isinstance(value, str) else text_of(value) for value in cells]


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
    _set_duplicates_aside(header)
    return header


def _first_row(sheet: Sheet, leaf_row: int, names: HeaderNames) -> int:
    first = leaf_row
    for row in range(leaf_row - 1, max(leaf_row - 1 - GROUP_ROWS, -1), -1):
        texts = {spell(text) for _, text in sheet.texts[row] if text.strip()}
        if len(texts) < 2 or names.known.isdisjoint(texts):
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
        header.columns.append(column_of(item, index, text, match[1]))
    elif key is not None and key not in header.keys:
        header.keys[key] = index
    elif spell(text) in names.ignored:
        header.ignored.add(index)
    else:
        header.unknown[index] = text


def _set_duplicates_aside(header: Header) -> None:
    by_item: dict[str, list[Column]] = {}
    for column in header.columns:
        by_item.setdefault(column.item.item_code, []).append(column)
    header.duplicates = {code: columns for code, columns in by_item.items() if len(columns) > 1}
    header.columns = [column for column in header.columns if column.item.item_code not in header.duplicates]


def is_header_again(sheet: Sheet, row: int, header: Header) -> bool:
    """Whether a row repeats the leaf header, as printed page by page."""
    cells = sheet.rows[row]
    if len(header.texts.intersection([text for _, text in sheet.texts[row]])) < FEWEST_ITEMS:
        return False
    same = sum(column.index < len(cells) and cells[column.index] == column.text for column in header.columns)
    return same >= FEWEST_ITEMS


def headerless_columns(sheet: Sheet, header: Header, rows: list[int]) -> list[int]:
    """Columns right of the header or without a header text that hold something in the data rows."""
    known = {column.index for column in header.columns} | set(header.keys.values()) | header.unread | header.ignored
    width = max((len(sheet.rows[row]) for row in rows), default=0)
    others = [index for index in range(width) if index not in known]
    return [index for index in others if any(not is_blank(sheet.value(row, index)) for row in rows)]
