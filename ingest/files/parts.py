"""The parts of a zip package: the directory is read once, however many look; what every file has is unpacked once.

Here belongs how bytes come out of a package; what they say does not (``ingest.files.ooxml``, ``ingest.files.look``).
What is packed as every program packs it is found and unpacked here, several times faster than by zipfile; all else, and
whatever does not come out as the directory says, is zipfile's to read or to refuse.
"""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from functools import lru_cache
from typing import NamedTuple

from zlib_ng import zlib_ng

#: What a damaged package raises where it is opened or unpacked.
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
)
SMALL = 16 * 1024  # bytes of a part that is worth keeping: theme, styles and relations, not the tables
LOCAL_HEADER = struct.Struct("<4s2xHH16xHH")
SIGNATURE = b"PK\x03\x04"
UTF_8 = 0x800
USUAL_FLAGS = 0x6 | 0x8 | UTF_8  # how hard it was packed, sizes behind the part; encryption is none of them
CENTRAL_HEADER = struct.Struct("<4s2xBxHH4xLLLHHH8xL")
CENTRAL_SIGNATURE = b"PK\x01\x02"
END = struct.Struct("<4s4H2LH")
END_SIGNATURE = b"PK\x05\x06"
ZIP64_LOCATOR, ZIP64_SIGNATURE = 20, b"PK\x06\x07"  # bytes right before the end, if there
ZIP64 = 0xFFFFFFFF  # where a size is behind the name
NEWEST = 63  # the newest zip that zipfile reads


class Entry(NamedTuple):
    """A part as the directory has it, under the names of :class:`zipfile.ZipInfo`; ``number`` is its place there."""

    number: int
    filename: str
    orig_filename: str
    flag_bits: int
    compress_type: int
    CRC: int
    compress_size: int
    file_size: int
    header_offset: int


@lru_cache(maxsize=1)
def opened(content: bytes) -> zipfile.ZipFile:
    """The package of a file's bytes. Raises zipfile.BadZipFile and the like where it is damaged."""
    return zipfile.ZipFile(io.BytesIO(content))


@lru_cache(maxsize=1)
def directory(content: bytes) -> list[Entry]:
    """All parts of a package. Raises zipfile.BadZipFile and the like where it is damaged."""
    plain = plain_directory(content)
    return entries_of(opened(content)) if plain is None else plain


def entries_of(package: zipfile.ZipFile) -> list[Entry]:
    """The directory as zipfile reads it."""
    names = Entry._fields[1:]
    return [Entry(number, *(getattr(info, name) for name in names)) for number, info in enumerate(package.infolist())]


def plain_directory(content: bytes) -> list[Entry] | None:
    """The directory, or None where it is not alone between the parts and the end, or holds anything unusual."""
    at = len(content) - END.size
    if at < 0:
        return None
    signature, *disks, here, count, size, start, comment = END.unpack_from(content, at)
    if signature != END_SIGNATURE or any(disks) or here != count or comment or start + size != at:
        return None
    if content[at - ZIP64_LOCATOR : at].startswith(ZIP64_SIGNATURE):
        return None
    entries: list[Entry] = []
    while start < at:
        found = _plain_entry(content, start, at, len(entries))
        if found is None:
            return None
        start, entry = found
        entries.append(entry)
    return entries if len(entries) == count else None


def _plain_entry(content: bytes, start: int, end: int, number: int) -> tuple[int, Entry] | None:
    """The entry that begins at ``start``, behind where it ends; None where it is unusual."""
    if end - start < CENTRAL_HEADER.size:
        return None
    header = CENTRAL_HEADER.unpack_from(content, start)
    signature, version, flags, method, crc, packed, size, name_length, extra, comment, offset = header
    name_at = start + CENTRAL_HEADER.size
    following = name_at + name_length
    written = content[name_at:following]
    usual = signature == CENTRAL_SIGNATURE and version <= NEWEST and not extra and not comment and following <= end
    if not usual or not written.isascii() or b"\0" in written or max(packed, size, offset) == ZIP64:
        return None
    name = written.decode()
    return following, Entry(number, name, name, flags, method, crc, packed, size, offset)


def unpacked(content: bytes, entry: Entry) -> bytes:
    """One part. Raises zipfile.BadZipFile and the like where it is damaged."""
    packed = _packed(content, entry)
    if packed is not None:
        inflate = _inflate_once if entry.file_size <= SMALL else _inflate
        part = inflate(packed, entry.file_size, entry.CRC)
        if part is not None:
            return part
    package = opened(content)
    return package.read(package.infolist()[entry.number])


def _packed(content: bytes, entry: Entry) -> bytes | None:
    """The deflated bytes of a part, or None where they are not found as the directory says."""
    start = entry.header_offset
    if entry.compress_type != zipfile.ZIP_DEFLATED or not 0 <= start <= len(content) - LOCAL_HEADER.size:
        return None
    signature, flags, method, name_length, extra_length = LOCAL_HEADER.unpack_from(content, start)
    name_at = start + LOCAL_HEADER.size
    name = entry.orig_filename.encode("utf-8" if flags & UTF_8 else "cp437", "replace")
    usual = signature == SIGNATURE and method == entry.compress_type and not (flags | entry.flag_bits) & ~USUAL_FLAGS
    if not usual or content[name_at : name_at + name_length] != name:
        return None
    at = name_at + name_length + extra_length
    return content[at : at + entry.compress_size]


def _inflate(packed: bytes, size: int, crc: int) -> bytes | None:
    """The part, or None where it has another size or checksum."""
    inflater = zlib_ng.decompressobj(-zlib_ng.MAX_WBITS)
    try:
        part = inflater.decompress(packed, size + 1)
    except zlib_ng.error:  # type: ignore[misc]
        return None
    return part if len(part) == size and zlib_ng.crc32(part) == crc else None


_inflate_once = lru_cache(maxsize=100)(_inflate)
