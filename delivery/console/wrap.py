"""Wraps Chinese sentences at the console's width without cutting a number or a code in two."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import cell_len

# A run of figures and letters stays whole; anything else may end a line.
_PIECE = re.compile(r"[0-9A-Za-z.,:%]*[0-9A-Za-z%]|.", re.DOTALL)
# Marks that must not begin a line.
_CLOSING = "，。；：、）》”…！？,.;:)%"


def wrap(text: str, width: int, indent: str = "  ") -> str:
    """``text`` in lines of at most ``width`` cells, each after ``indent``; a Chinese character takes two cells."""
    return "\n".join(indent + line for line in _lines(" ".join(text.split()), width - len(indent)))


def _lines(text: str, width: int) -> Iterator[str]:
    line = ""
    for piece in _PIECE.findall(text):
        too_long = cell_len(line) + cell_len(piece) > width
        if line and too_long and piece not in _CLOSING:
            yield line.rstrip()
            line = piece.lstrip()
        else:
            line += piece
    yield line.rstrip()
