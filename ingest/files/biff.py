"""What python-calamine does not tell of an .xls: errors, lost texts and results, percentages, strokes, what is hidden.

Records are walked, not interpreted: a broken record only tells less.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile

from ingest.files.biff_formula import Links, summed_rows
from ingest.files.grid import MISSING_RESULT, CellError, Sheet, address
from ingest.files.look import MAX_CELLS, FileRefused
from ingest.files.percent import PERCENT_FORMATS, decimals_of, show_percent

SST, XF, FONT, FORMAT, BOUNDSHEET, FILEPASS = 0xFC, 0xE0, 0x31, 0x41E, 0x85, 0x2F
LABELSST, BOOLERR, FORMULA, ROW, COLINFO, NOTE, EOF = 0xFD, 0x205, 0x06, 0x208, 0x7D, 0x1C, 0x0A
CONTINUE = 0x3C
# What may stand between a sheet's first and last cell (MS-XLS 2.1.7.20.5): rows, cells, texts of formulas, blocks.
CELL_TABLE = {ROW, LABELSST, BOOLERR, FORMULA, 0x201, 0xBE, 0x203, 0x27E, 0xBD, 0x204, 0xD6, 0x207, 0x4BC, 0x221}
CELL_TABLE |= {0x236, 0xD7, 0x206, 0x406, 0x5E}
NUMBERS = {0x203, 0x27E}  # NUMBER, RK
MULRK = 0xBD
VALUES = NUMBERS | {MULRK, LABELSST, BOOLERR, FORMULA, 0x204, 0xD6}  # LABEL, RSTRING
XLS_COLUMNS = 256
ROW_IS_HIDDEN, COLUMN_IS_HIDDEN, STRUCK_OUT = 0x20, 1, 8
ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}


@dataclass
class Globals:
    """What the workbook says for all of its sheets; offsets and names in the order of the worksheets."""

    offsets: list[int] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    texts: int = 0
    fonts: list[bool] = field(default_factory=list)  # struck through
    formats: list[tuple[int, int]] = field(default_factory=list)  # font and number format of each style
    percents: dict[int, int] = field(default_factory=lambda: dict(PERCENT_FORMATS))
    links: Links = field(default_factory=Links)
    encrypted: bool = False


def refuse_unreadable(stream: bytes) -> None:
    """Raises FileRefused where the stream is encrypted, or a stray cell would make a grid too large to hold."""
    found = _globals(stream)
    if found.encrypted:
        raise FileRefused("file_encrypted")
    for name, offset in zip(found.names, found.offsets, strict=True):
        row, column = _last_cell(stream, offset)
        if (row + 1) * (column + 1) > MAX_CELLS:
            count = (row + 1) * (column + 1) // 10_000
            raise FileRefused("far_cell", sheet=name, cell=address(row, column), count=str(count))


def _last_cell(stream: bytes, offset: int) -> tuple[int, int]:
    """The last row and the last column that hold a value."""
    places = [
        struct.unpack_from("<HH", body)
        for kind, body in takewhile(lambda record: record[0] != EOF, _records(stream, offset))
        if kind in VALUES and len(body) >= 4
    ]
    return max((row for row, _ in places), default=0), max((column for _, column in places), default=0)


def annotate(sheets: list[Sheet], stream: bytes) -> bool:
    """Put into ``sheets``, all worksheets in order, what only the records of the ``stream`` say.

    Returns whether the cells' records are whole: a foreign one among them was a cell before the file was damaged.
    """
    found, whole = _globals(stream), True
    for sheet, offset in zip(sheets, found.offsets, strict=False):
        records = list(takewhile(lambda record: record[0] != EOF, _records(stream, offset)))
        for kind, body in records:
            _annotate(sheet, kind, body, found)
        cells = [number for number, (kind, _) in enumerate(records) if kind in CELL_TABLE]
        between = records[cells[0] : cells[-1]] if cells else []
        whole &= all(kind in CELL_TABLE or kind == CONTINUE for kind, _ in between)
    return whole


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    while start + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, start)
        yield kind, stream[start + 4 : start + 4 + length]
        start += 4 + length


def _globals(stream: bytes) -> Globals:
    found = Globals()
    for kind, body in takewhile(lambda record: record[0] != EOF, _records(stream, 0)):
        found.encrypted |= kind == FILEPASS
        if kind == BOUNDSHEET and len(body) > 8 and body[5] == 0:
            found.offsets.append(struct.unpack_from("<I", body)[0])
            found.names.append(_text(body[8:], body[7]))
        elif kind == SST and len(body) >= 8:
            found.texts = struct.unpack_from("<I", body, 4)[0]
        elif kind == FONT and len(body) >= 4:
            found.fonts.append(bool(struct.unpack_from("<H", body, 2)[0] & STRUCK_OUT))
        elif kind == XF and len(body) >= 4:
            found.formats.append(struct.unpack_from("<HH", body))
        elif kind == FORMAT and len(body) >= 5:
            code = _text(body[5:], body[4])
            if "%" in code:
                found.percents[struct.unpack_from("<H", body)[0]] = decimals_of(code)
        else:
            found.links.learn(kind, body)
    return found


def _text(characters: bytes, flags: int) -> str:
    return characters.decode("utf-16-le" if flags & 1 else "latin-1", "replace")


def _annotate(sheet: Sheet, kind: int, body: bytes, known: Globals) -> None:
    if kind == ROW and len(body) >= 14:
        sheet.hidden_rows += bool(body[12] & ROW_IS_HIDDEN)
    elif kind == COLINFO and len(body) >= 10 and body[8] & COLUMN_IS_HIDDEN:
        first, last = struct.unpack_from("<HH", body)
        sheet.hidden_columns += range(first, min(last + 1, XLS_COLUMNS))
    elif kind == NOTE and len(body) >= 4:
        sheet.comments.append(struct.unpack_from("<HH", body))
    elif kind == MULRK and len(body) >= 6:
        _annotate_many(sheet, body, known)
    elif kind in NUMBERS | {LABELSST, BOOLERR, FORMULA} and len(body) >= 8:
        row, column, style = struct.unpack_from("<HHH", body)
        if kind == FORMULA:
            _annotate_formula(sheet, row, column, body[20:], known)
        error = _error(kind, body, known)
        if error is not None:
            sheet.put(row, column, CellError(error))
        else:
            _apply_style(sheet, row, column, style, known)


def _annotate_formula(sheet: Sheet, row: int, column: int, formula: bytes, known: Globals) -> None:
    tokens = formula[2 : 2 + int.from_bytes(formula[:2], "little")]
    total, workbook = summed_rows(tokens), known.links.workbook_in(tokens)
    if total is not None:
        sheet.sums[(row, column)] = total
    if workbook is not None:
        sheet.external_formulas[(row, column)] = workbook


def _annotate_many(sheet: Sheet, body: bytes, known: Globals) -> None:
    """Numbers of neighbouring cells in one record."""
    row, first = struct.unpack_from("<HH", body)
    for number in range((len(body) - 6) // 6):
        style = struct.unpack_from("<H", body, 4 + 6 * number)[0]
        _apply_style(sheet, row, first + number, style, known)


def _error(kind: int, body: bytes, known: Globals) -> str | None:
    """The error that a cell shows or that reading it would be, or None."""
    if kind == BOOLERR and body[7]:
        return ERRORS.get(body[6], "#ERR!")
    if kind == LABELSST and len(body) >= 10 and struct.unpack_from("<I", body, 6)[0] >= known.texts:
        return "（文字缺失）"
    if kind == FORMULA and len(body) >= 14 and body[12:14] == b"\xff\xff":
        return {2: ERRORS.get(body[8], "#ERR!"), 3: MISSING_RESULT}.get(body[6])
    return None


def _apply_style(sheet: Sheet, row: int, column: int, style: int, known: Globals) -> None:
    """A percent format changes what a person sees of a number; a stroke through it says that it may not count."""
    font, shown = known.formats[style] if style < len(known.formats) else (0, 0)
    font -= font > 4  # there is no font 4 in the format
    if font < len(known.fonts) and known.fonts[font]:
        sheet.struck.append((row, column))
    if shown in known.percents:
        show_percent(sheet, row, column, known.percents[shown])
