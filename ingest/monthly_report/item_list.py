"""Reads the sheet 街道汇总: a row per item, its value in one column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from ingest.files.grid import Sheet, Value, column_letter, is_blank, text_of
from ingest.forms import spelling
from ingest.forms.load import monthly_report_form
from ingest.forms.spelling import Finder, find, spell
from ingest.kept import Kept
from ingest.problems import Place
from ingest.raw.block import Block
from ingest.reference import Item, items
from ingest.submission import Submission, place_of
from ingest.values.amount import header_factor
from ingest.values.cell import Readings, readings
from ingest.values.number import ONE
from ingest.values.reading import Wire
from ingest.values.text import compact

FEWEST_ITEMS = 4
MAX_TEXT = 60
MISSING: Any = object()


class Entry(NamedTuple):
    """A row that names an item."""

    row: int
    text: str
    item: Item


@dataclass
class ItemTable:
    """The item list's layout; ``header_row`` is -1 where it has none."""

    name_column: int
    value_column: int
    unit_column: int | None
    header_row: int
    entries: list[Entry]

    @property
    def first_row(self) -> int:
        return self.header_row if self.header_row >= 0 else self.entries[0].row


@cache
def _items() -> dict[str, Item]:
    return {item.item_code: item for item in items() if item.sheet == "subdistrict"}


@cache
def _names() -> Finder:
    described = monthly_report_form().item_list.items
    names = spelling.index({code: [item.name_zh, *described[code], code] for code, item in _items().items()})
    return Kept(lambda text: find(names, text) if len(text) <= MAX_TEXT else None)


def find_item_table(sheet: Sheet) -> ItemTable | None:
    """The item list of a sheet, or None where no column names enough items."""
    entries: dict[int, list[Entry]] = {}
    names = _names()
    for row, texts in enumerate(sheet.texts):
        for column, value in texts:
            if match := names[value]:
                entries.setdefault(column, []).append(Entry(row, value.strip(), _items()[match[0]]))
    if not entries:
        return None
    column = max(entries, key=lambda index: len({entry.item.item_code for entry in entries[index]}))
    if len({entry.item.item_code for entry in entries[column]}) < FEWEST_ITEMS:
        return None
    return _layout(sheet, column, entries[column])


def _layout(sheet: Sheet, name_column: int, entries: list[Entry]) -> ItemTable:
    header_row = next((row for row in range(entries[0].row - 1, -1, -1) if _has_keys(sheet, row)), -1)
    headers = [spell(text_of(value)) for value in sheet.rows[header_row]] if header_row >= 0 else []
    unit = next((i for i, text in enumerate(headers) if text in _keys()["unit"]), None)
    value = next((i for i, text in enumerate(headers) if i > name_column and text in _keys()["value"]), None)
    if value is None:
        value = _fullest_column(sheet, name_column, entries, unit)
    return ItemTable(name_column, value, unit, header_row, entries)


@cache
def _keys() -> dict[str, frozenset[str]]:
    """The headers of the list's columns, by their spellings."""
    keys = monthly_report_form().item_list.keys
    return {key: frozenset(map(spell, spellings)) for key, spellings in keys.items()}


def _has_keys(sheet: Sheet, row: int) -> bool:
    texts = {spell(text) for _, text in sheet.texts[row]}
    return sum(bool(texts & spellings) for spellings in _keys().values()) >= 2


def _fullest_column(sheet: Sheet, name_column: int, entries: list[Entry], unit: int | None) -> int:
    numbers = Counter(
        column
        for entry in entries
        for column, value in enumerate(sheet.rows[entry.row])
        if column > name_column and column != unit and isinstance(value, float)
    )
    return numbers.most_common(1)[0][0] if numbers else name_column + (2 if unit == name_column + 1 else 1)


def load_item_list(sheet: Sheet, table: ItemTable, submission: Submission) -> None:
    """Load the item list as one row of raw; its cells are found through ``headers``."""
    found = Counter([entry.item.item_code for entry in table.entries])
    columns: dict[str, Sequence[Wire]] = {"row_number": [table.entries[0].row + 1]}
    loaded, plain = [], []
    for entry in table.entries:
        if found[entry.item.item_code] > 1:
            _reject(sheet, table, entry.row, entry.text, "item_duplicate", submission)
            continue
        loaded.append(entry)
        unit = sheet.value(entry.row, table.unit_column) if table.unit_column is not None else None
        readings = _readings[(entry.item.item_code, unit)]
        value = _plain_value(sheet, sheet.value(entry.row, table.value_column), readings)
        if value is MISSING:
            columns |= _load_entry(sheet, table, entry, readings, submission)
        else:
            columns[entry.item.column_name] = [value]
            plain.append(value)
    submission.counts.add_plain(plain)
    submission.blocks["monthly_report_subdistricts"].append(Block(1, columns, {"sheet": sheet.name}))
    submission.blocks["headers"].append(_headers(sheet, table, loaded))
    for code, item in _items().items():
        if code not in found:
            submission.say("item_missing", Place(sheet.name, None, submission.unit_code, code), item.name_zh, item=code)
    _reject_unknown(sheet, table, submission)


def _plain_value(sheet: Sheet, raw: Value, readings: Readings) -> Any:
    """The value of a cell of which there is nothing to say; MISSING where there may be."""
    if raw.__class__ is bool or readings.factor != ONE or sheet.comments or sheet.external_formulas:
        return MISSING
    return readings.plain.get(raw, MISSING)


def _load_entry(
    sheet: Sheet, table: ItemTable, entry: Entry, readings: Readings, submission: Submission
) -> dict[str, list[Wire]]:
    """The columns of one item, and what there is to say of its cell."""
    item, raw = entry.item, sheet.value(entry.row, table.value_column)
    known = readings.read(raw)
    place = place_of(sheet, entry.row, table.value_column, submission.unit_code, item.item_code)
    submission.take(raw, known.reading, place)
    if readings.factor != ONE and table.unit_column is not None:
        unit = sheet.text(entry.row, table.unit_column)
        submission.say("column_unit_differs", place, compact(unit), unit=item.unit)
    _say_surroundings(sheet, entry.row, table.value_column, place, submission)
    return {item.column_name: [known.value], item.text_column: [known.text]}


def _readings_in(key: tuple[str, Value]) -> Readings:
    """What the values of an item were read as, by its code and the unit that its row names."""
    code, unit = key
    return readings(_items()[code], header_factor(compact(text_of(unit)), _items()[code].unit) or ONE)


_readings = Kept(_readings_in)


def _headers(sheet: Sheet, table: ItemTable, entries: list[Entry]) -> Block:
    """The rows of raw's ``headers`` for the item list."""
    columns: dict[str, Sequence[Wire]] = {
        "item_code": [entry.item.item_code for entry in entries],
        "row_number": [entry.row + 1 for entry in entries],
        "header_text": [entry.text for entry in entries],
    }
    same = {"raw_table": "monthly_report_subdistricts", "sheet": sheet.name}
    return Block(len(entries), columns, same | {"column_letter": column_letter(table.value_column)})


def _say_surroundings(sheet: Sheet, row: int, column: int, place: Place, submission: Submission) -> None:
    if (row, column) in sheet.comments and is_blank(sheet.value(row, column)):
        submission.say("value_in_comment", place)
    if (row, column) in sheet.external_formulas:
        submission.say("external_formula", place, sheet.external_formulas[(row, column)])


def _reject(sheet: Sheet, table: ItemTable, row: int, text: str, kind: str, submission: Submission) -> None:
    submission.reject(sheet.value(row, table.value_column))
    submission.say(kind, place_of(sheet, row, table.value_column, submission.unit_code), text)


def _reject_unknown(sheet: Sheet, table: ItemTable, submission: Submission) -> None:
    """Rows between header and end that name no known item but hold a value."""
    known = {entry.row for entry in table.entries}
    footers = monthly_report_form().footers
    for row in range(table.header_row + 1, len(sheet.rows)):
        text = sheet.text(row, table.name_column).strip()
        if row in known or not text or compact(text).startswith(footers):
            continue
        if not is_blank(sheet.value(row, table.value_column)) and table.header_row >= 0:
            _reject(sheet, table, row, text, "item_unknown", submission)
