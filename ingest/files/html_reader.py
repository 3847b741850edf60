"""Reads the tables of an HTML page saved under a spreadsheet's name, each as a grid."""

from __future__ import annotations

from html.parser import HTMLParser

from ingest.files.grid import Sheet, Workbook, trim
from ingest.files.text_reader import decode

MAX_SPAN = 1_000


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.sheets: list[Sheet] = []
        self.cell: list[str] | None = None
        self.span = (1, 1)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.sheets.append(Sheet("", []))
        elif tag == "tr" and self.sheets:
            self.sheets[-1].rows.append([])
        elif tag in ("td", "th") and self.sheets:
            self._close_cell()
            found = dict(attrs)
            self.span = (_span(found.get("rowspan")), _span(found.get("colspan")))
            self.cell = []
        elif tag == "br" and self.cell is not None:
            self.cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self._close_cell()

    def handle_data(self, data: str) -> None:
        if self.cell is not None:
            self.cell.append(data)

    def _close_cell(self) -> None:
        if self.cell is None:
            return
        sheet, text = self.sheets[-1], "".join(self.cell).strip()
        self.cell = None
        sheet.rows = sheet.rows or [[]]
        row, column = len(sheet.rows) - 1, _first_free(sheet)
        sheet.rows[-1].extend([None] * (column - len(sheet.rows[-1])))
        sheet.rows[-1].append(text or None)
        if self.span != (1, 1):
            sheet.merged.append((row, column, row + self.span[0] - 1, column + self.span[1] - 1))


def _span(text: str | None) -> int:
    return max(1, min(int(text), MAX_SPAN)) if text and text.isdecimal() and len(text) < 9 else 1


def _first_free(sheet: Sheet) -> int:
    """The next column of the last row that no cell above or to the left spans."""
    row, column = len(sheet.rows) - 1, len(sheet.rows[-1])
    covering = [part for part in sheet.merged if part[0] <= row <= part[2]]
    while True:
        hit = next((part for part in covering if part[1] <= column <= part[3]), None)
        if hit is None:
            return column
        column = hit[3] + 1


def read_html(content: bytes) -> Workbook:
    """Each table of the page as a sheet. Scripts and styles are never looked at."""
    text, encoding = decode(content)
    parser = _Tables()
    parser.feed(text)
    parser.close()
    for sheet in parser.sheets:
        sheet.rows = trim(sheet.rows)
    return Workbook(parser.sheets, encoding=encoding)
