"""Reads .ods into grids: python-calamine hides its error cells, reads on in broken XML and dies of some files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from urllib.parse import unquote
from xml.etree import ElementTree

from ingest.files.grid import MISSING_RESULT, CellError, Sheet, Value, Workbook, address, is_blank, trim
from ingest.files.look import MAX_CELLS, MAX_COLUMNS, FileRefused

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
CELLS = (f"{TABLE}table-cell", f"{TABLE}covered-table-cell")
PARTS = ("row-group", "header-rows", "rows", "column-group", "header-columns", "columns")
GROUPS = {f"{TABLE}table-{name}" for name in PARTS}
ERRORS = ("#", "Err:")
OF_SUM = re.compile(r"of:=SUM\(\[\.\$?[A-Z]+\$?([0-9]{1,7}):\.\$?[A-Z]+\$?([0-9]{1,7})\]\)")
OTHER_FILE = re.compile(r"\['?([^\]']+?)'?#")
STROKES = (f"{STYLE}text-line-through-style", f"{STYLE}text-line-through-type")


def read_ods(content_xml: bytes) -> Workbook:
    """All tables of a ``content.xml``, or of a flat .fods. Raises FileRefused where broken or too large."""
    try:
        root = ElementTree.fromstring(content_xml)
    except (ElementTree.ParseError, ValueError) as error:
        raise FileRefused("file_damaged") from error
    tables = root.findall(f"{OFFICE}body/{OFFICE}spreadsheet/{TABLE}table")
    own = [table for table in tables if table.find(f"{TABLE}table-source") is None]  # others cache another file
    hidden = _styles(root, lambda part: part.get(f"{TABLE}display") == "false")
    struck = _styles(root, lambda part: any(part.get(name, "none") != "none" for name in STROKES))
    return Workbook([_Table(table, table.get(f"{TABLE}style-name") in hidden, struck).sheet for table in own])


def _styles(root: ElementTree.Element, wanted: Callable[[ElementTree.Element], bool]) -> set[str | None]:
    """The names of the styles that have a wanted property."""
    return {style.get(f"{STYLE}name") for style in root.iter(f"{STYLE}style") if any(wanted(part) for part in style)}


def _count(part: ElementTree.Element, name: str) -> int:
    text = part.get(f"{TABLE}{name}", "1")
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MAX_CELLS):
        raise FileRefused("file_damaged")
    return int(text)


class _Table:
    """One table while it is being read; blank rows and cells at an end may be repeated a million times."""

    def __init__(self, table: ElementTree.Element, hidden: bool, struck: set[str | None]) -> None:
        self.sheet = Sheet(table.get(f"{TABLE}name", ""), [], hidden=hidden)
        self.struck = struck
        self.blank_rows = self.columns = 0
        self.cells = 0
        self._read_rows(table)
        self.sheet.rows = trim(self.sheet.rows)

    def _read_column(self, part: ElementTree.Element) -> None:
        first, self.columns = self.columns, self.columns + _count(part, "number-columns-repeated")
        if part.get(f"{TABLE}visibility", "visible") != "visible":
            self.sheet.hidden_columns += range(first, min(self.columns, MAX_COLUMNS))

    def _read_rows(self, parent: ElementTree.Element) -> None:
        groups = [iter(parent)]
        while groups:
            part = next(groups[-1], None)
            if part is None:
                groups.pop()
            elif part.tag in GROUPS:
                groups.append(iter(part))
            elif part.tag == f"{TABLE}table-row":
                self._read_row(part)
            elif part.tag == f"{TABLE}table-column":
                self._read_column(part)

    def _read_row(self, part: ElementTree.Element) -> None:
        times = _count(part, "number-rows-repeated")
        cells = self._cells(part)
        if not cells:
            self.blank_rows += times
            return
        self._take_room(self.blank_rows + times * len(cells), len(cells))
        self.sheet.rows.extend([] for _ in range(self.blank_rows))
        self.sheet.rows.extend(list(cells) for _ in range(times))
        self.sheet.hidden_rows += times * (part.get(f"{TABLE}visibility", "visible") != "visible")
        self.blank_rows = 0

    def _cells(self, part: ElementTree.Element) -> list[Value]:
        """The row's values without the blank ones at its end."""
        cells: list[Value] = []
        blank, row = 0, len(self.sheet.rows) + self.blank_rows
        for cell in part:
            if cell.tag not in CELLS:
                continue
            times, value = _count(cell, "number-columns-repeated"), _value(cell)
            self._note(cell, row, len(cells) + blank)
            if is_blank(value):
                blank += times
                continue
            self._take_room(blank + times, len(cells))
            cells += [None] * blank + [value] * times
            blank = 0
        return cells

    def _take_room(self, cells: int, column: int) -> None:
        self.cells += cells
        if self.cells > MAX_CELLS:
            cell, count = address(len(self.sheet.rows) + self.blank_rows, column), self.cells // 10_000
            raise FileRefused("far_cell", sheet=self.sheet.name, cell=cell, count=str(count))

    def _note(self, cell: ElementTree.Element, row: int, column: int) -> None:
        if cell.find(f"{OFFICE}annotation") is not None:
            self.sheet.comments.append((row, column))
        down, across = _count(cell, "number-rows-spanned"), _count(cell, "number-columns-spanned")
        if (down, across) != (1, 1):
            self.sheet.merged.append((row, column, row + down - 1, column + across - 1))
        if self.struck and not self.struck.isdisjoint(_style_names(cell)) and not is_blank(_value(cell)):
            self.sheet.struck.append((row, column))
        self._note_formula(cell.get(f"{TABLE}formula", ""), row, column)

    def _note_formula(self, formula: str, row: int, column: int) -> None:
        total, other = OF_SUM.fullmatch(formula), OTHER_FILE.search(formula)
        if total is not None:
            self.sheet.sums[(row, column)] = (int(total[1]) - 1, int(total[2]) - 1)
        if other is not None:
            self.sheet.external_formulas[(row, column)] = unquote(other[1]).rpartition("/")[2]


def _style_names(cell: ElementTree.Element) -> Iterator[str | None]:
    yield cell.get(f"{TABLE}style-name")
    yield from (span.get(f"{TEXT}style-name") for span in cell.iter(f"{TEXT}span"))


def _value(cell: ElementTree.Element) -> Value:
    if cell.tag != CELLS[0]:
        return None  # covered by a merged cell: not seen by anybody
    kind = cell.get(f"{OFFICE}value-type")
    text = "\n".join("".join(_words(line)) for line in cell.findall(f"{TEXT}p"))
    if kind in ("float", "currency"):
        return _number(cell.get(f"{OFFICE}value", ""))
    if kind == "percentage":
        return text
    if kind == "boolean":
        return cell.get(f"{OFFICE}boolean-value") == "true"
    if kind == "date":
        return _date(cell.get(f"{OFFICE}date-value", ""), text)
    if cell.get(f"{TABLE}formula") and (text.startswith(ERRORS) or not (text or kind)):
        return CellError(text or MISSING_RESULT)
    return text or cell.get(f"{OFFICE}string-value") or None


def _words(line: ElementTree.Element) -> list[str]:
    """The text of a paragraph; runs of spaces are elements of their own."""
    words = [line.text or ""]
    for part in line.iter():
        if part is line:
            continue
        words.append(" " if part.tag == f"{TEXT}s" else part.text or "")
        words.append(part.tail or "")
    return words


def _number(text: str) -> Value:
    try:
        return float(text)
    except ValueError:
        return CellError(text)


def _date(text: str, shown: str) -> Value:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return shown or text
