"""Reads the tables of an HTML page saved under a spreadsheet's name, each as a grid."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

from ingest.files.grid import Sheet, Workbook, trim
from ingest.files.look import FileRefused
from ingest.files.text_reader import decode

MAX_SPAN = 1_000
CELLS = ("td", "th")
STRUCK = ("s", "strike", "del")
HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
BALANCED = ({"td", "th"}, {"tr"}, {"table"})
# Whatever else stands between < and > in a table is a damaged tag, and what it enclosed would be lost in silence.
KNOWN = {
    *("table", "thead", "tbody", "tfoot", "caption", "col", "colgroup", "comment", "tr", "td", "th"),
    *("a", "b", "br", "center", "code", "del", "div", "em", "font", "h1", "h2", "h3", "h4", "hr", "i", "img", "input"),
    *("ins", "label", "li", "nobr", "ol", "p", "pre", "s", "script", "small", "span", "strike", "strong", "style"),
    *("sub", "sup", "tt", "u", "ul", "wbr"),
}


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.sheets: list[Sheet] = []
        self.cell: list[str] | None = None
        self.span = (1, 1)
        self.struck = self.in_note = False
        self.tags: Counter[str] = Counter()
        self.strange = False

    @property
    def damaged(self) -> bool:
        """Whether a tag of the tables is broken: one that is unknown, or an end without its beginning."""
        opened = [sum(self.tags[tag] for tag in tags) for tags in BALANCED]
        closed = [sum(self.tags[f"/{tag}"] for tag in tags) for tags in BALANCED]
        return self.strange or any(ends and ends != starts for starts, ends in zip(opened, closed, strict=True))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.strange |= bool(self.sheets) and tag not in KNOWN and ":" not in tag
        if tag == "table":
            self.sheets.append(Sheet("", [], delimited=True))
        elif tag == "tr" and self.sheets:
            self.sheets[-1].rows.append([])
            self.sheets[-1].hidden_rows += HIDDEN.search(dict(attrs).get("style") or "") is not None
        elif tag in CELLS and self.sheets:
            self._close_cell()
            found = dict(attrs)
            self.span = (_span(found.get("rowspan")), _span(found.get("colspan")))
            self.cell, self.struck, self.in_note = [], False, False
        elif self.cell is not None:
            self._inside(tag, self.cell)

    def _inside(self, tag: str, cell: list[str]) -> None:
        self.struck |= tag in STRUCK
        if tag == "comment":
            self.in_note = True
            self.sheets[-1].comments.append((len(self.sheets[-1].rows) - 1, _first_free(self.sheets[-1])))
        elif tag == "br":
            cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.tags[f"/{tag}"] += 1
        self.in_note &= tag != "comment"
        if tag in (*CELLS, "tr", "table"):
            self._close_cell()

    def handle_data(self, data: str) -> None:
        if self.cell is not None and not self.in_note:
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
        if self.struck and text:
            sheet.struck.append((row, column))
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
    """Each table of the page as a sheet; scripts are never looked at. Raises FileRefused where tags are broken."""
    text, encoding = decode(content)
    parser = _Tables()
    parser.feed(text)
    parser.close()
    if parser.damaged:
        raise FileRefused("file_damaged")
    for number, sheet in enumerate(parser.sheets, start=1):
        sheet.rows = trim(sheet.rows)
        sheet.name = f"第{number}张表" if len(parser.sheets) > 1 else ""
    return Workbook(parser.sheets, encoding=encoding)
