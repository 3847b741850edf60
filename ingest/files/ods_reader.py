"""Reads .ods into grids: python-calamine hides its error cells, reads on in broken XML and dies of some files."""

from __future__ import annotations

from datetime import date
from xml.etree import ElementTree

from ingest.files.grid import CellError, Sheet, Value, Workbook, address, is_blank, trim
from ingest.files.look import MAX_CELLS, FileRefused

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
CELLS = (f"{TABLE}table-cell", f"{TABLE}covered-table-cell")
ROW_GROUPS = {f"{TABLE}{name}" for name in ("table-row-group", "table-header-rows", "table-rows")}
ERRORS = ("#", "Err:")


def read_ods(content_xml: bytes) -> Workbook:
    """All tables of ``content.xml``. Raises FileRefused where it is no XML or a table is too large."""
    try:
        root = ElementTree.fromstring(content_xml)
    except (ElementTree.ParseError, ValueError) as error:
        raise FileRefused("file_damaged") from error
    tables = root.findall(f"{OFFICE}body/{OFFICE}spreadsheet/{TABLE}table")
    hidden = {
        style.get(f"{STYLE}name")
        for style in root.iter(f"{STYLE}style")
        if any(part.get(f"{TABLE}display") == "false" for part in style)
    }
    return Workbook([_Table(table, table.get(f"{TABLE}style-name") in hidden).sheet for table in tables])


def _count(part: ElementTree.Element, name: str) -> int:
    text = part.get(f"{TABLE}{name}", "1")
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MAX_CELLS):
        raise FileRefused("file_damaged")
    return int(text)


class _Table:
    """One table while it is being read; blank rows and cells at an end may be repeated a million times."""

    def __init__(self, table: ElementTree.Element, hidden: bool) -> None:
        self.sheet = Sheet(table.get(f"{TABLE}name", ""), [], hidden=hidden)
        self.blank_rows = 0
        self.cells = 0
        self._read_rows(table)
        self.sheet.rows = trim(self.sheet.rows)

    def _read_rows(self, parent: ElementTree.Element) -> None:
        groups = [iter(parent)]
        while groups:
            part = next(groups[-1], None)
            if part is None:
                groups.pop()
            elif part.tag in ROW_GROUPS:
                groups.append(iter(part))
            elif part.tag == f"{TABLE}table-row":
                self._read_row(part)

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
    if cell.get(f"{TABLE}formula") and (not text or text.startswith(ERRORS)):
        return CellError(text or "公式没有结果")
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
