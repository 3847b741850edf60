"""Reads “XML 表格 2003” (SpreadsheetML in one XML file), which calls itself .xls or .xml."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from xml.etree import ElementTree

from ingest.files.grid import MISSING_RESULT, CellError, Sheet, Value, Workbook, trim
from ingest.files.look import MAX_COLUMNS, MAX_ROWS, FileRefused, refuse_entities
from ingest.files.percent import decimals_of, show_percent
from ingest.files.text_reader import decode

SS = "{urn:schemas-microsoft-com:office:spreadsheet}"
R1C1_SUM = re.compile(r"=SUM\(R\[(-[0-9]{1,7})\]C:R\[(-[0-9]{1,7})\]C\)")
OTHER_FILE = re.compile(r"\[([^\[\]]+\.[^\[\]]+)\]")


@dataclass
class _Styles:
    """Style → decimals where it shows percentages; and those that strike through."""

    percents: dict[str, int] = field(default_factory=dict)
    struck: set[str] = field(default_factory=set)


def read_xml(content: bytes) -> Workbook:
    """All sheets. Raises FileRefused where it is no XML or its cells lie outside of a sheet."""
    text, encoding = decode(content)
    refuse_entities(text.encode())
    try:
        root = ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise FileRefused("file_damaged") from error
    styles = _styles(root)
    return Workbook([_sheet(part, styles) for part in root.iter(f"{SS}Worksheet")], encoding=encoding)


def _styles(root: ElementTree.Element) -> _Styles:
    found = _Styles()
    for style in root.iter(f"{SS}Style"):
        name = style.get(f"{SS}ID", "")
        shown, font = style.find(f"{SS}NumberFormat"), style.find(f"{SS}Font")
        code = "" if shown is None else shown.get(f"{SS}Format", "").replace("Percent", "0.00%")
        if "%" in code:
            found.percents[name] = decimals_of(code)
        if font is not None and font.get(f"{SS}StrikeThrough") == "1":
            found.struck.add(name)
    return found


def _sheet(part: ElementTree.Element, styles: _Styles) -> Sheet:
    sheet = Sheet(part.get(f"{SS}Name", ""), [])
    _read_columns(sheet, part)
    row = -1
    for found in part.iter(f"{SS}Row"):
        row = _position(found, row, MAX_ROWS)
        sheet.rows.extend([] for _ in range(row + 1 - len(sheet.rows)))
        sheet.hidden_rows += found.get(f"{SS}Hidden") == "1"
        _read_row(sheet, row, found, styles)
    sheet.hidden = any(option.text == "SheetHidden" for option in part.iter() if option.tag.endswith("}Visible"))
    sheet.rows = trim(sheet.rows)
    return sheet


def _read_columns(sheet: Sheet, part: ElementTree.Element) -> None:
    column = -1
    for found in part.iter(f"{SS}Column"):
        column = _position(found, column, MAX_COLUMNS)
        last = min(column + _span(found.get(f"{SS}Span")), MAX_COLUMNS - 1)
        if found.get(f"{SS}Hidden") == "1":
            sheet.hidden_columns += range(column, last + 1)
        column = last


def _position(part: ElementTree.Element, before: int, limit: int) -> int:
    text = part.get(f"{SS}Index")
    if text is None:
        return before + 1
    if not re.fullmatch(r"[0-9]{1,7}", text) or not before < int(text) - 1 < limit:
        raise FileRefused("file_damaged")
    return int(text) - 1


def _read_row(sheet: Sheet, row: int, part: ElementTree.Element, styles: _Styles) -> None:
    column = -1
    for cell in part.iter(f"{SS}Cell"):
        column = _position(cell, column, MAX_COLUMNS)
        cells = sheet.rows[row]
        cells.extend([None] * (column + 1 - len(cells)))
        cells[column] = _value(cell)
        if cell.find(f"{SS}Comment") is not None:
            sheet.comments.append((row, column))
        across, down = (_span(cell.get(f"{SS}{name}")) for name in ("MergeAcross", "MergeDown"))
        if across or down:
            sheet.merged.append((row, column, row + down, column + across))
        _note_style(sheet, row, column, cell.get(f"{SS}StyleID", ""), styles)
        _note_formula(sheet, row, column, cell.get(f"{SS}Formula", ""))
        column += across


def _note_style(sheet: Sheet, row: int, column: int, style: str, styles: _Styles) -> None:
    if style in styles.struck and sheet.value(row, column) is not None:
        sheet.struck.append((row, column))
    if style in styles.percents:
        show_percent(sheet, row, column, styles.percents[style])


def _note_formula(sheet: Sheet, row: int, column: int, formula: str) -> None:
    total, other = R1C1_SUM.fullmatch(formula), OTHER_FILE.search(formula)
    if total is not None:
        sheet.sums[(row, column)] = (row + int(total[1]), row + int(total[2]))
    if other is not None:
        sheet.external_formulas[(row, column)] = other[1]


def _span(text: str | None) -> int:
    return min(int(text), MAX_COLUMNS) if text and re.fullmatch(r"[0-9]{1,7}", text) else 0


def _value(cell: ElementTree.Element) -> Value:
    data = cell.find(f"{SS}Data")
    text = "" if data is None else "".join(data.itertext())
    if not text:
        return CellError(MISSING_RESULT) if cell.get(f"{SS}Formula") else None
    kind = data.get(f"{SS}Type") if data is not None else None
    if kind == "Number":
        return _number(text)
    if kind == "Error":
        return CellError(text)
    if kind == "Boolean":
        return text.strip() == "1"
    if kind == "DateTime" and re.match(r"\d{4}-\d\d-\d\dT", text):
        return _date(text[:10])
    return text


def _number(text: str) -> Value:
    try:
        return float(text)
    except ValueError:
        return text


def _date(text: str) -> Value:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text
