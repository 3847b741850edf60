"""The same grids in the other formats that clerks send: xls, ods, HTML, XML 2003, Strict OOXML, delimited text."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import xlwt

from ingest.files.grid import Value, Workbook, text_of
from ingest.files.worker import read_content

STRICT = (
    (b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main"),
    (
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    ),
)
ODS_NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)


def grids(path: Path) -> Workbook:
    """What our reader reads of a workbook."""
    return read_content(path.read_bytes(), path.name)[0]


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: dict[str, bytes]) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return memory.getvalue()


def as_xls(workbook: Workbook) -> bytes:
    """BIFF8 in an OLE container, merged cells kept."""
    book = xlwt.Workbook(encoding="utf-8")
    for sheet in workbook.sheets:
        written: Any = book.add_sheet(sheet.name)
        for row, cells in enumerate(sheet.rows):
            for column, value in enumerate(cells):
                if value is not None:
                    written.write(row, column, value)
    memory = io.BytesIO()
    book.save(memory)
    return memory.getvalue()


def _ods_cell(value: Value) -> str:
    if value is None:
        return "<table:table-cell/>"
    text = f"<text:p>{escape(text_of(value))}</text:p>"
    if isinstance(value, float):
        return f'<table:table-cell office:value-type="float" office:value="{text_of(value)}">{text}</table:table-cell>'
    return f'<table:table-cell office:value-type="string">{text}</table:table-cell>'


def as_ods(workbook: Workbook) -> bytes:
    tables = "".join(
        f'<table:table table:name="{escape(sheet.name)}">'
        + "".join(f"<table:table-row>{''.join(map(_ods_cell, cells))}</table:table-row>" for cells in sheet.rows)
        + "</table:table>"
        for sheet in workbook.sheets
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {ODS_NAMES} office:version="1.2">'
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        '<manifest:file-entry manifest:full-path="/" '
        'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    return zipped(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content.encode(),
            "META-INF/manifest.xml": manifest.encode(),
        }
    )


def ods(rows: str) -> bytes:
    """One table of ``table:table-row`` elements."""
    table = f'<table:table table:name="表">{rows}</table:table>'
    body = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    content = f"<office:document-content {ODS_NAMES}>{body}</office:document-content>"
    return zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": content.encode()})


def as_html(workbook: Workbook) -> bytes:
    tables = "".join(
        "<table>"
        + "".join(f"<tr>{''.join(f'<td>{escape(text_of(v))}</td>' for v in cells)}</tr>" for cells in sheet.rows)
        + "</table>"
        for sheet in workbook.sheets
    )
    return f'<html><head><meta charset="gbk"/></head><body>{tables}</body></html>'.encode("gb18030")


def _xml_cell(column: int, value: Value) -> str:
    kind = "Number" if isinstance(value, float) else "String"
    return f'<Cell ss:Index="{column + 1}"><Data ss:Type="{kind}">{escape(text_of(value))}</Data></Cell>'


def as_xml_2003(workbook: Workbook) -> bytes:
    """What Excel calls “XML 表格 2003”; blank cells are left out, as Excel does."""
    sheets = "".join(
        f'<Worksheet ss:Name="{escape(sheet.name)}"><Table>'
        + "".join(
            f'<Row ss:Index="{row + 1}">'
            + "".join(_xml_cell(column, value) for column, value in enumerate(cells) if value is not None)
            + "</Row>"
            for row, cells in enumerate(sheet.rows)
            if any(value is not None for value in cells)
        )
        + "</Table></Worksheet>"
        for sheet in workbook.sheets
    )
    return (
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        f'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">{sheets}</Workbook>'
    ).encode()


def as_text(workbook: Workbook, encoding: str, delimiter: str = ",") -> bytes:
    """The community table alone: text has no sheets."""
    memory = io.StringIO()
    csv.writer(memory, delimiter=delimiter).writerows(
        [text_of(value) for value in row] for row in workbook.sheets[1].rows
    )
    return memory.getvalue().encode(encoding)


def as_strict(content: bytes) -> bytes:
    """An xlsx in the namespaces of ISO 29500 Strict."""
    parts = parts_of(content)
    for old, new in STRICT:
        parts = {name: part.replace(old, new) for name, part in parts.items()}
    return zipped(parts)


def with_macros(content: bytes) -> bytes:
    """An xlsm: the content type and a VBA project, which nobody may run."""
    parts = parts_of(content)
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    )
    return zipped(parts | {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000)})


WRITERS: dict[str, Callable[[Workbook], bytes]] = {
    "xls": as_xls,
    "ods": as_ods,
    "html.xls": as_html,
    "xml.xls": as_xml_2003,
    "utf16.csv": lambda workbook: as_text(workbook, "utf-16-le"),
    "gb18030.csv": lambda workbook: as_text(workbook, "gb18030"),
    "tab.txt": lambda workbook: as_text(workbook, "utf-8", "\t"),
}
