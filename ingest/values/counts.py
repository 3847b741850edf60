"""Reads many counts at once: the figures of a month are whole numbers and blanks, but for a few.

They are packed, four bytes each, as they lie in memory: so nine figures in ten become no Python objects behind here.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

from ingest.files.grid import Value
from ingest.kept import Kept

# What stands for a blank. Read as a number it is negative, which no packed count is, and no two of its bytes are the
# same: so it is found where a blank is, and nowhere between two counts.
BLANK = b"\x98\xba\xdc\xfe"
COUNT = struct.Struct("=i")


def packed(cells: Sequence[Value]) -> bytes | None:
    """The counts in ``cells``; None where one of them is anything that has to be looked at: not a number, negative,
    with decimals, or too large.
    """
    if bool in map(type, cells):  # True would be found as 1
        return None
    try:
        return b"".join(map(_packed.__getitem__, cells))
    except (ValueError, OverflowError, struct.error):
        return None


def _pack(value: Value) -> bytes:
    """Raises ValueError, OverflowError or struct.error."""
    if value is None:
        return BLANK
    if not isinstance(value, float) or value < 0 or value != int(value):
        raise ValueError(value)
    return COUNT.pack(int(value))


_packed = Kept(_pack)
