"""The parts of a zip package: the directory is read once, however many look; what every file has is unpacked once.

Here belongs how bytes come out of a package; what they say does not (``ingest.files.ooxml``, ``ingest.files.look``).
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from functools import lru_cache

SMALL = 16 * 1024  # bytes of a part that is worth keeping: theme, styles and relations, not the tables
LOCAL_HEADER = struct.Struct("<4s2xHH16xHH")
SIGNATURE = b"PK\x03\x04"
UTF_8 = 0x800
USUAL_FLAGS = 0x6 | 0x8 | UTF_8  # how hard it was packed, sizes behind the part; encryption is none of them


@lru_cache(maxsize=1)
def opened(content: bytes) -> zipfile.ZipFile:
    """The package of a file's bytes. Raises zipfile.BadZipFile and the like where it is damaged."""
    return zipfile.ZipFile(io.BytesIO(content))


def unpacked(content: bytes, entry: zipfile.ZipInfo) -> bytes:
    """One part. Raises zipfile.BadZipFile and the like where it is damaged.

    What is packed as every program packs it is unpacked here, ten times faster than by zipfile; all else, and whatever
    does not come out as the directory says, is zipfile's to read or to refuse.
    """
    packed = _packed(content, entry)
    part = None
    if packed is not None:
        inflate = _inflate_once if entry.file_size <= SMALL else _inflate
        part = inflate(packed, entry.file_size, entry.CRC)
    return opened(content).read(entry) if part is None else part


def _packed(content: bytes, entry: zipfile.ZipInfo) -> bytes | None:
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
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        part = inflater.decompress(packed, size + 1)
    except zlib.error:
        return None
    return part if len(part) == size and zlib.crc32(part) == crc else None


_inflate_once = lru_cache(maxsize=100)(_inflate)
