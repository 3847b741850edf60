"""Finds the 概况表 in a workbook and loads its figures, one row of raw per cell."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Any

from ingest.files.grid import Sheet, Workbook, address, column_letter, is_blank, text_of
from ingest.files.look import FileRefused
from ingest.forms import spelling
from ingest.forms.load import monthly_report_form, profile_form
from ingest.forms.spelling import spell
from ingest.problems import Place
from ingest.reference import ProfileFigure, profile_figures
from ingest.submission import Submission
from ingest.units import Register
from ingest.values.month import find_month, find_month_in_title
from ingest.values.printed import Printed, read_printed
from ingest.values.text import compact

FORM = "profile"
FEWEST_FIGURES = 5
ANY_MONTH = date(9999, 1, 1)


@dataclass
class ProfileTable:
    """Where the figures and the units stand; rows and columns count from 0."""

    sheet: Sheet
    header_row: int
    name_column: int
    figures: dict[int, ProfileFigure]


@cache
def _names() -> dict[str, str]:
    return spelling.index({figure.figure_code: [figure.name_zh, *figure.aliases] for figure in profile_figures()})


def find_profile(workbook: Workbook) -> ProfileTable | None:
    """The first sheet, visible ones first, with a header row and enough figures; None where there is none."""
    for sheet in sorted(workbook.sheets, key=lambda each: each.hidden):
        table = _find_table(sheet)
        if table is not None:
            return table
    return None


def _find_table(sheet: Sheet) -> ProfileTable | None:
    keys = {spell(text) for text in profile_form().keys["name"]}
    by_code = {figure.figure_code: figure for figure in profile_figures()}
    for row, cells in enumerate(sheet.rows):
        for column, value in enumerate(cells):
            if isinstance(value, str) and spell(value) in keys:
                figures = _figures_below(sheet, row, column, by_code)
                table = ProfileTable(sheet, row, column, figures)
                if len(figures) >= FEWEST_FIGURES and _unit_columns(table):
                    return table
    return None


def _figures_below(sheet: Sheet, row: int, column: int, by_code: dict[str, ProfileFigure]) -> dict[int, ProfileFigure]:
    found = {}
    for below in range(row + 1, len(sheet.rows)):
        match = spelling.find(_names(), sheet.text(below, column))
        if match is not None:
            found[below] = by_code[match[0]]
    return found


def read_profile(table: ProfileTable, workbook: Workbook, register: Register) -> Submission:
    """The submission. Raises FileRefused where the month, the county or every unit column is unknown."""
    month, month_text = _month(table)
    columns, unknown = _columns(table, register, month)
    county = _county(register, month, columns)
    columns |= {index: county for index, code in columns.items() if code is None}
    submission = Submission(FORM, month, county)
    if month_text:
        submission.say("month_written_differently", month_text[1], month_text[0], f"{month:%Y-%m}")
    _load_figures(table, {index: code for index, code in columns.items() if code}, submission)
    if not submission.counts.loaded:
        raise FileRefused("no_rows")
    _reject_unknown(table, unknown, submission)
    _say_missing(table, submission)
    return submission.close(workbook)


def _month(table: ProfileTable) -> tuple[date, tuple[str, Place] | None]:
    """The month after a label such as 报告期, else the first month above the table."""
    labels = {spell(text) for text in profile_form().labels["month"]}
    cells = [
        (row, column, value)
        for row in range(table.header_row)
        for column, value in enumerate(table.sheet.rows[row])
        if not is_blank(value)
    ]
    labelled = {
        (row, column)
        for (row, _, label), (_, column, _) in pairwise(cells)
        if spell(text_of(label)).startswith(tuple(labels))
    }
    months = [
        (bool({(row, column)} & labelled) or "报告期" in compact(text_of(value)), row, column, value, found)
        for row, column, value in cells
        if (found := find_month_in_title(value) if isinstance(value, str) else find_month(value))
    ]
    if not months:
        raise FileRefused("month_unknown")
    if len({found.first for *_, found in months}) > 1:
        listed = "、".join(f"{address(row, column)} {found.first:%Y-%m}" for _, row, column, _, found in months)
        raise FileRefused("month_contradicts", text=listed)
    _, row, column, value, found = max(months, key=lambda each: each[0])
    plain = f"{found.first.year}年{found.first.month}月" in compact(text_of(value))
    place = Place(table.sheet.name, address(row, column))
    return found.first, None if plain else (text_of(value), place)


def _unit_columns(table: ProfileTable) -> dict[int, str]:
    """The columns that may be units, with their header texts; a list with one column of values has none."""
    form = profile_form()
    skipped = {spell(text) for texts in form.keys.values() for text in texts}
    skipped |= {spell(text) for text in (*form.ignored, *monthly_report_form().item_list.keys["value"])}
    texts = {index: text_of(value) for index, value in enumerate(table.sheet.rows[table.header_row])}
    return {index: text for index, text in texts.items() if text.strip() and spell(text) not in skipped}


def _columns(table: ProfileTable, register: Register, month: date) -> tuple[dict[int, str | None], dict[int, str]]:
    """Column → unit code (None for the county), and the columns of nobody known."""
    form = profile_form()
    county_names = {spell(text) for text in form.county_columns}
    county_names |= {spell(name) for unit in register.counties(month) for name in (unit.unit_name, *unit.aliases)}
    columns: dict[int, str | None] = {}
    unknown = {}
    for index, text in _unit_columns(table).items():
        unit = register.subdistrict_called(text, month)
        if spell(text) in county_names or unit is not None:
            columns[index] = unit.unit_code if unit and spell(text) not in county_names else None
        else:
            unknown[index] = text
    return columns, unknown


def _county(register: Register, month: date, columns: dict[int, str | None]) -> str:
    """The county above the columns' sub-districts, or the only one there is."""
    units = [register.get(code, month) for code in columns.values() if code]
    parents = Counter(unit.parent_code for unit in units if unit and unit.parent_code)
    counties = [unit.unit_code for unit in register.counties(month)]
    if not columns or (not parents and len(counties) != 1):
        raise FileRefused("unit_unknown")
    return parents.most_common(1)[0][0] if parents else counties[0]


def _load_figures(table: ProfileTable, columns: dict[int, str], submission: Submission) -> None:
    repeated = {code for code, times in Counter(f.figure_code for f in table.figures.values()).items() if times > 1}
    twice = {code for code, times in Counter(columns.values()).items() if times > 1}
    for row, figure in table.figures.items():
        for index, unit_code in columns.items():
            if figure.figure_code in repeated or unit_code in twice:
                kind = "item_duplicate" if figure.figure_code in repeated else "column_duplicate"
                _reject(table, row, index, kind, submission)
            else:
                _load_figure(table, row, index, unit_code, submission)
        submission.rows["headers"].append(_header_row(table, row, figure))
        submission.rows_loaded += figure.figure_code not in repeated


def _load_figure(table: ProfileTable, row: int, index: int, unit_code: str, submission: Submission) -> None:
    figure, raw = table.figures[row], table.sheet.value(row, index)
    printed = read_printed(raw, figure)
    submission.counts.add(printed.status, filled=not is_blank(raw))
    if printed.kind is not None:
        place = Place(table.sheet.name, address(row, index), unit_code, figure.figure_code)
        value = None if printed.value is None else format(printed.value, "f")
        submission.say(printed.kind, place, text_of(raw), value, unit=figure.unit)
    if not is_blank(raw):
        submission.rows["profile_figures"].append(_figure_row(table, row, index, unit_code, printed))


def _figure_row(table: ProfileTable, row: int, index: int, unit_code: str, printed: Printed) -> dict[str, Any]:
    return {
        "sheet": table.sheet.name,
        "row_number": row + 1,
        "column_letter": column_letter(index),
        "figure_code": table.figures[row].figure_code,
        "unit_code": unit_code,
        "text": table.sheet.text(row, index),
        "value": printed.value,
        "value_to": printed.value_to,
        "step": printed.step,
        "qualifier": printed.qualifier,
    }


def _header_row(table: ProfileTable, row: int, figure: ProfileFigure) -> dict[str, Any]:
    return {
        "raw_table": "profile_figures",
        "sheet": table.sheet.name,
        "item_code": figure.figure_code,
        "column_letter": column_letter(table.name_column),
        "row_number": row + 1,
        "header_text": table.sheet.text(row, table.name_column).strip(),
    }


def _reject(table: ProfileTable, row: int, index: int, kind: str, submission: Submission) -> None:
    raw = table.sheet.value(row, index)
    submission.reject(raw)
    if not is_blank(raw):
        text = table.sheet.text(
            row if kind == "item_duplicate" else table.header_row,
            table.name_column if kind == "item_duplicate" else index,
        )
        submission.say(kind, Place(table.sheet.name, address(row, index)), text)


def _reject_unknown(table: ProfileTable, columns: dict[int, str], submission: Submission) -> None:
    for index in columns:
        for row in table.figures:
            _reject(table, row, index, "column_unknown", submission)
    footers = profile_form().footers
    for row in range(table.header_row + 1, len(table.sheet.rows)):
        text = table.sheet.text(row, table.name_column).strip()
        filled = [i for i, v in enumerate(table.sheet.rows[row]) if i > table.name_column + 1 and not is_blank(v)]
        if row not in table.figures and text and filled and not compact(text).startswith(footers):
            for index in filled:
                submission.reject(table.sheet.value(row, index))
            cells = f"{address(row, filled[0])}:{address(row, filled[-1])}"
            submission.say("item_unknown", Place(table.sheet.name, cells), text)


def _say_missing(table: ProfileTable, submission: Submission) -> None:
    present = {figure.figure_code for figure in table.figures.values()}
    for figure in profile_figures():
        if figure.figure_code not in present:
            place = Place(table.sheet.name, None, submission.unit_code, figure.figure_code)
            submission.say("item_missing", place, figure.name_zh, item=figure.figure_code)
    if table.sheet.hidden:
        submission.say("sheet_hidden", Place(table.sheet.name), table.sheet.name)
