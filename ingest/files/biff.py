"""What python-calamine does not tell of an .xls: errors, lost texts and results, percent formats, hidden rows, notes.

Records are walked, not interpreted: a broken record only tells less.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile

from ingest.files.grid import CellError, Sheet
from ingest.files.percent import PERCENT_FORMATS, decimals_of, show_percent

SST, XF, FORMAT, BOUNDSHEET = 0xFC, 0xE0, 0x41E, 0x85
LABELSST, BOOLERR, FORMULA, ROW, NOTE, EOF = 0xFD, 0x205, 0x06, 0x208, 0x1C, 0x0A
# What may stand between a sheet's first and last cell (MS-XLS 2.1.7.20.5): rows, cells, texts of formulas, blocks.
CELL_TABLE = {ROW, LABELSST, BOOLERR, FORMULA, 0x201, 0xBE, 0x203, 0x27E, 0xBD, 0x204, 0xD6, 0x207, 0x4BC, 0x221}
CELL_TABLE |= {0x236, 0xD7, 0x3C, 0x206, 0x406, 0x5E}
NUMBERS = {0x203, 0x27E}  # NUMBER, RK
MULRK = 0xBD
ROW_IS_HIDDEN = 0x20
ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}


@dataclass
class Globals:
    """What the workbook says for all of its sheets; sheet offsets in the order of the sheets."""

    offsets: list[int] = field(default_factory=list)
    texts: int = 0
    formats: list[int] = field(default_factory=list)
    percents: dict[int, int] = field(default_factory=lambda: dict(PERCENT_FORMATS))


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
        whole &= not cells or len(cells) == cells[-1] - cells[0] + 1
    return whole


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    while start + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, start)
        yield kind, stream[start + 4 : start + 4 + length]
        start += 4 + length


def _globals(stream: bytes) -> Globals:
    found = Globals()
    for kind, body in _records(stream, 0):
        if kind == EOF:
            break
        if kind == BOUNDSHEET and len(body) > 5 and body[5] == 0:
            found.offsets.append(struct.unpack_from("<I", body)[0])
        elif kind == SST and len(body) >= 8:
            found.texts = struct.unpack_from("<I", body, 4)[0]
        elif kind == XF and len(body) >= 4:
            found.formats.append(struct.unpack_from("<H", body, 2)[0])
        elif kind == FORMAT and len(body) >= 5:
            code = body[5:].decode("utf-16-le" if body[4] & 1 else "latin-1", "replace")
            if "%" in code:
                found.percents[struct.unpack_from("<H", body)[0]] = decimals_of(code)
    return found


def _annotate(sheet: Sheet, kind: int, body: bytes, known: Globals) -> None:
    if kind == ROW and len(body) >= 14:
        sheet.hidden_rows += bool(body[12] & ROW_IS_HIDDEN)
    elif kind == NOTE and len(body) >= 4:
        sheet.comments.append(struct.unpack_from("<HH", body))
    elif kind == MULRK and len(body) >= 6:
        _annotate_many(sheet, body, known)
    elif kind in NUMBERS | {LABELSST, BOOLERR, FORMULA} and len(body) >= 8:
        row, column, style = struct.unpack_from("<HHH", body)
        error = _error(kind, body, known)
        if error is not None:
            sheet.put(row, column, CellError(error))
        else:
            _show_percent(sheet, row, column, style, known)


def _annotate_many(sheet: Sheet, body: bytes, known: Globals) -> None:
    """Numbers of neighbouring cells in one record."""
    row, first = struct.unpack_from("<HH", body)
    for number in range((len(body) - 6) // 6):
        style = struct.unpack_from("<H", body, 4 + 6 * number)[0]
        _show_percent(sheet, row, first + number, style, known)


def _error(kind: int, body: bytes, known: Globals) -> str | None:
    """The error that a cell shows or that reading it would be, or None."""
    if kind == BOOLERR and body[7]:
        return ERRORS.get(body[6], "#ERR!")
    if kind == LABELSST and len(body) >= 10 and struct.unpack_from("<I", body, 6)[0] >= known.texts:
        return "（文字缺失）"
    if kind == FORMULA and len(body) >= 14 and body[12:14] == b"\xff\xff":
        return {2: ERRORS.get(body[8], "#ERR!"), 3: "公式没有结果"}.get(body[6])
    return None


def _show_percent(sheet: Sheet, row: int, column: int, style: int, known: Globals) -> None:
    shown = known.formats[style] if style < len(known.formats) else 0
    if shown in known.percents:
        show_percent(sheet, row, column, known.percents[shown])
