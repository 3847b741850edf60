"""Brings the XML of an xlsx into the one spelling that ``ingest.files.ooxml`` searches: other programs write others.

XML allows single quotes, spaces around ``=``, CDATA and cells without their address; spreadsheet programs write none of
these, some exporters do. A part in the usual spelling is only scanned (0.1 ms a workbook).
"""

from __future__ import annotations

import re
from html import escape

from ingest.files.grid import address

TAG = re.compile(rb"""<(?:[^<>"']|"[^"]*"|'[^']*')*>""")
ATTRIBUTE = re.compile(rb"""([\w:.-]+)\s*=\s*("[^"]*"|'[^']*')""")
CDATA = re.compile(rb"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
HEAD = 400  # bytes of a part that show whether its writer puts spaces around the signs of equality
FIRST_CELL = re.compile(rb"<(?:\w+:)?c\b[^>]*>")
ROW_OR_CELL = re.compile(rb"<((?:\w+:)?(?:row|c))\b([^>]*)>")
REF = re.compile(rb'\sr="([A-Z]*)([0-9]+)"')


def plain_part(part: bytes) -> bytes:
    """The part with double-quoted attributes and without CDATA."""
    # A bracket or a quote is looked for alone: they are rare, so that nearly all parts cost one memchr each.
    if b"[" in part and b"<![CDATA[" in part:
        part = CDATA.sub(lambda match: escape(match[1].decode("utf-8", "replace")).encode(), part)
    head = part[:HEAD]
    if (b"'" in part and b"='" in part) or b" =" in head or b"= " in head:
        part = TAG.sub(lambda match: ATTRIBUTE.sub(_double_quoted, match[0]), part)
    return part


def _double_quoted(match: re.Match[bytes]) -> bytes:
    return match[1] + b'="' + match[2][1:-1].replace(b'"', b"&quot;") + b'"'


def with_addresses(sheet: bytes) -> bytes:
    """The sheet with an address on each row and cell; those without one follow the one before.

    Programs leave out all addresses or none, so the first cell tells.
    """
    first = FIRST_CELL.search(sheet)
    return _Numbering().number(sheet) if first and not REF.search(first[0]) else sheet


class _Numbering:
    def __init__(self) -> None:
        self.row, self.column = -1, -1

    def number(self, sheet: bytes) -> bytes:
        return ROW_OR_CELL.sub(self._address, sheet)

    def _address(self, match: re.Match[bytes]) -> bytes:
        known = REF.search(match[2])
        is_row = match[1].endswith(b"row")
        if is_row:
            self.row, self.column = int(known[2]) - 1 if known else self.row + 1, -1
        elif known:
            self.column = _column(known[1])
        else:
            self.column += 1
        if known:
            return match[0]
        text = str(self.row + 1) if is_row else address(max(self.row, 0), self.column)
        return b'<%b r="%b"%b>' % (match[1], text.encode(), match[2])


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
