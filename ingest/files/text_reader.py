"""Reads csv and tsv into one grid: encoding by bytes, delimiter by the lines that have most fields."""

from __future__ import annotations

import csv
import io

from ingest.files.grid import Sheet, Value, Workbook, trim
from ingest.files.look import FileRefused

DAMAGED = "\ufffd"
BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
DELIMITERS = ",\t;|，"


def decode(content: bytes) -> tuple[str, str]:
    """The text and its encoding; bytes that fit no encoding become U+FFFD. Raises FileRefused for binary content."""
    for bom, encoding in BOMS:
        if content.startswith(bom):
            return content[len(bom) :].decode(encoding, "replace"), encoding
    encoding = _guess(content)
    text = content.decode(encoding, "replace")
    if text.count("\0") > 0:
        raise FileRefused("not_a_spreadsheet")
    return text, encoding


def _guess(content: bytes) -> str:
    sample = content[:4000]
    if sample[1::2].count(0) > len(sample) // 8:
        return "utf-16-le"
    if sample[0::2].count(0) > len(sample) // 8:
        return "utf-16-be"
    lines = [line for line in content.splitlines() if not line.isascii()]
    fitting = sum(_decodes(line, "utf-8") for line in lines)
    # One line of GBK pasted into a UTF-8 file must cost that line, not turn all others into noise.
    return "utf-8" if fitting * 2 >= len(lines) else "gb18030"


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def read_text(content: bytes) -> Workbook:
    """One sheet without a name; rows keep their own lengths, rows with undecodable bytes are listed."""
    text, encoding = decode(content)
    delimiter = max(DELIMITERS, key=lambda mark: (text.count(mark), mark == ","))
    csv.field_size_limit(1_000_000)
    _refuse_open_quotes(text, delimiter)
    try:
        parsed = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise FileRefused("file_damaged") from error
    rows: list[list[Value]] = [[field or None for field in record] for record in parsed]
    damaged = [number for number, record in enumerate(parsed) if any(DAMAGED in field for field in record)]
    sheet = Sheet("", trim(rows), damaged_rows=damaged, delimited=True)
    return Workbook([sheet], encoding=encoding)


def _refuse_open_quotes(text: str, delimiter: str) -> None:
    """Raises FileRefused where a quote is never closed: all rows after it would become one cell."""
    reader, row = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 0
    try:
        for row, _ in enumerate(reader, start=1):  # noqa: B007
            pass
    except csv.Error as error:
        if "unexpected end of data" in str(error):
            raise FileRefused("quotes_unbalanced", row=str(row + 1)) from error
