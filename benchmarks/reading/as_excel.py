"""A workbook of the month as Excel and WPS write it and clerks fill it: texts in a table of their own, each with a
phonetic mark, some cells blank, sums as formulas.
"""

from __future__ import annotations

import random
import re

from ingest.files.plain_workbook import RELATIONS, SHARED_STRINGS

TABLE, SUMS, FIRST_ROW = "xl/worksheets/sheet2.xml", 25, 5
BLANK_SHARE = 0.03
COUNTED = re.compile(rb'<c r="([A-Z]+)(\d+)" s="(\d+)" t="n"><v>(\d+)</v></c>')
TEXT = re.compile(rb't="inlineStr"><is><t>([^<]*)</t></is>')
CONTENT_TYPES = "[Content_Types].xml"
SHARED_TYPE = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
DOCUMENTS = b"http://schemas.openxmlformats.org/"


def as_excel(parts: dict[str, bytes], draw: random.Random) -> dict[str, bytes]:
    """The parts of the workbook, written so; ``draw`` says which cells are blank."""

    def written(cell: re.Match[bytes]) -> bytes:
        column, row, style, count = cell.groups()
        if int(row) == SUMS:
            formula = b"SUM(%b%d:%b%d)" % (column, FIRST_ROW, column, SUMS - 1)
            return b'<c r="%b%b" s="%b"><f>%b</f><v>%b</v></c>' % (column, row, style, formula, count)
        if FIRST_ROW <= int(row) < SUMS and column != b"A" and draw.random() < BLANK_SHARE:
            return b'<c r="%b%b" s="%b"/>' % (column, row, style)
        return b'<c r="%b%b" s="%b"><v>%b</v></c>' % (column, row, style, count)

    return with_shared_texts(parts | {TABLE: COUNTED.sub(written, parts[TABLE])})


def with_shared_texts(parts: dict[str, bytes]) -> dict[str, bytes]:
    """The parts, with the texts of all sheets in a table of their own."""
    texts: dict[bytes, int] = {}

    def shared(match: re.Match[bytes]) -> bytes:
        return b't="s"><v>%d</v>' % texts.setdefault(match[1], len(texts))

    sheets = {name: TEXT.sub(shared, content) for name, content in parts.items() if name.startswith("xl/worksheets/")}
    items = b"".join(b'<si><t>%b</t><phoneticPr fontId="1" type="noConversion"/></si>' % text for text in texts)
    relation = b'<Relationship Id="rId99" Type="%bofficeDocument/2006/relationships/sharedStrings" Target="%b"/>'
    related = relation % (DOCUMENTS, b"sharedStrings.xml") + b"</Relationships>"
    typed = b'<Override PartName="/xl/sharedStrings.xml" ContentType="%b"/>' % SHARED_TYPE
    return {
        **parts,
        **sheets,
        CONTENT_TYPES: parts[CONTENT_TYPES].replace(b"</Types>", typed + b"</Types>"),
        RELATIONS: parts[RELATIONS].replace(b"</Relationships>", related),
        SHARED_STRINGS: b'<sst xmlns="%bspreadsheetml/2006/main">%b</sst>' % (DOCUMENTS, items),
    }
