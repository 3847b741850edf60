"""Looks into an OLE container (xls, encrypted xlsx): which streams it has, and whether their chains come to an end.

Only the directory is read. What stands in the streams does not belong here.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

WORKBOOKS = ("Workbook", "Book")
HEADER_SECTORS = 109  # entries of the sector table that stand in the header
ENTRY = 128
STREAM = 2
LAST_SECTOR = 0xFFFFFFFA


class OleError(ValueError):
    """The container is damaged: a chain loops or leaves the file."""


def workbook_streams(content: bytes) -> list[bytes]:
    """The streams of all workbooks in the container, embedded ones too. Raises OleError."""
    container = _Container(content)
    return [
        container.stream(start, size)
        for name, kind, start, size in container.entries()
        if kind == STREAM and name in WORKBOOKS
    ]


class _Container:
    def __init__(self, content: bytes) -> None:
        if len(content) < 512:
            raise OleError("shorter than its header")
        self.content = content
        shift = struct.unpack_from("<H", content, 30)[0]
        if shift not in (9, 12):
            raise OleError("unknown sector size")
        self.size = 1 << shift
        self.directory = struct.unpack_from("<I", content, 48)[0]
        self.cutoff = struct.unpack_from("<I", content, 56)[0]
        self.table = self._table()

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self.size
        if number >= LAST_SECTOR or start >= len(self.content):
            raise OleError("a sector outside of the file")
        return self.content[start : start + self.size].ljust(self.size, b"\0")

    def _numbers(self, number: int) -> tuple[int, ...]:
        return struct.unpack(f"<{self.size // 4}I", self._sector(number))

    def _table(self) -> list[int]:
        """The next sector of each sector."""
        sectors = [*struct.unpack_from(f"<{HEADER_SECTORS}I", self.content, 76)]
        more, seen = struct.unpack_from("<I", self.content, 68)[0], set()
        while more < LAST_SECTOR:
            if more in seen:
                raise OleError("the sector table loops")
            seen.add(more)
            *found, more = self._numbers(more)
            sectors += found
        return [following for sector in sectors if sector < LAST_SECTOR for following in self._numbers(sector)]

    def chain(self, start: int) -> list[int]:
        """The sectors of a stream. Raises OleError where they loop or leave the table."""
        found: list[int] = []
        while start < LAST_SECTOR:
            if start >= len(self.table) or len(found) > len(self.table):
                raise OleError("a chain that does not end")
            found.append(start)
            start = self.table[start]
        return found

    def stream(self, start: int, size: int) -> bytes:
        """The bytes of a stream; a short one lies in another stream, which is not unpacked, and gives none."""
        if size < self.cutoff:
            return b""
        return b"".join(self._sector(sector) for sector in self.chain(start))[:size]

    def entries(self) -> Iterator[tuple[str, int, int, int]]:
        """Name, kind, first sector and size of each entry of the directory."""
        for sector in self.chain(self.directory):
            block = self._sector(sector)
            for offset in range(0, self.size, ENTRY):
                length, kind = struct.unpack_from("<HB", block, offset + 64)
                name = block[offset : offset + max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
                start, size = struct.unpack_from("<II", block, offset + 116)
                yield name, kind, start, size
