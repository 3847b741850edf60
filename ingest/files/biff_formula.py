"""Formulas of an .xls, as far as they matter: which rows a SUM adds, and which other workbook a formula reads."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

SUPBOOK, EXTERNSHEET = 0x1AE, 0x17
AREA, NAME_X, REF_3D, AREA_3D = 0x25, 0x39, 0x3A, 0x3B
STRING, ATTRIBUTE, CHOOSE = 0x17, 0x19, 0x04
# Bytes after each token (MS-XLS 2.5.198); operators have none.
LENGTHS = {0x01: 4, 0x02: 4, 0x1C: 1, 0x1D: 1, 0x1E: 2, 0x1F: 8, 0x20: 7, 0x21: 2, 0x22: 3, 0x23: 4, 0x24: 4, AREA: 8}
LENGTHS |= {0x26: 6, 0x27: 6, 0x28: 6, 0x29: 2, 0x2A: 4, 0x2B: 8, 0x2C: 4, 0x2D: 8, NAME_X: 6, REF_3D: 6, AREA_3D: 10}
LENGTHS |= {0x3C: 6, 0x3D: 10} | dict.fromkeys(range(0x03, 0x17), 0)
SUMS = re.compile(rb"[\x25\x45\x65](.{8})(?:\x19\x10..|[\x22\x42\x62]\x01\x04\x00)", re.DOTALL)
# A path to a workbook is encoded with control characters between its folders (MS-XLS 2.5.277).
SEPARATORS = re.compile("[\x00-\x08/\\\\\\[\\]]+")


def summed_rows(tokens: bytes) -> tuple[int, int] | None:
    """First and last row, from 0, of a formula that is nothing but the SUM of one range."""
    match = SUMS.fullmatch(tokens)
    if match is None:
        return None
    first, last = struct.unpack_from("<HH", match[1])
    return first, last


def _tokens(formula: bytes) -> Iterator[tuple[int, bytes]]:
    """Token (its class left out) and what follows it, up to one that is not known."""
    start = 0
    while start < len(formula):
        token = formula[start]
        token = token & 0x1F | 0x20 if token >= 0x20 else token
        length = _length(token, formula[start + 1 : start + 4])
        if length is None:
            return
        yield token, formula[start + 1 : start + 1 + length]
        start += 1 + length


def _length(token: int, following: bytes) -> int | None:
    if token == STRING and len(following) >= 2:
        return 2 + following[0] * (2 if following[1] & 1 else 1)
    if token == ATTRIBUTE and len(following) == 3:
        jumps = struct.unpack_from("<H", following, 1)[0] + 1 if following[0] & CHOOSE else 0
        return 3 + 2 * jumps
    return LENGTHS.get(token)


@dataclass
class Links:
    """The workbooks that a workbook points to, itself among them, and the references by their numbers."""

    workbooks: list[str | None] = field(default_factory=list)
    references: list[int] = field(default_factory=list)

    def learn(self, kind: int, body: bytes) -> None:
        """Take in a record of the workbook's globals."""
        if kind == SUPBOOK:
            self.workbooks.append(_workbook(body))
        elif kind == EXTERNSHEET and len(body) >= 2:
            self.references += [
                found[0] for found in struct.iter_unpack("<HHH", body[2 : 2 + (len(body) - 2) // 6 * 6])
            ]

    def workbook_in(self, formula: bytes) -> str | None:
        """The name of another workbook that a formula reads, or None."""
        for token, operand in _tokens(formula):
            if token in (NAME_X, REF_3D, AREA_3D) and len(operand) >= 2:
                reference = struct.unpack_from("<H", operand)[0]
                number = self.references[reference] if reference < len(self.references) else len(self.workbooks)
                if number < len(self.workbooks) and self.workbooks[number]:
                    return self.workbooks[number]
        return None


def _workbook(body: bytes) -> str | None:
    """The file's name; None for the workbook itself and for add-ins, which have none."""
    if len(body) < 6 or body[2:4] in (b"\x01\x04", b"\x01\x3a"):
        return None
    length, flags = struct.unpack_from("<HB", body, 2)
    wide = bool(flags & 1)
    path = body[5 : 5 + length * (1 + wide)].decode("utf-16-le" if wide else "latin-1", "replace")
    return [part for part in SEPARATORS.split(path) if part][-1] if SEPARATORS.sub("", path) else None
