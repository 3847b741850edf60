"""The colours of a receipt. They are unusual on purpose: a resubmitted receipt is told by them."""

from __future__ import annotations

from typing import Any

from openpyxl.styles import PatternFill

#: Severity → (cell that is suspected, cell that takes part).
COLOURS = {
    "mandatory": ("FFFE7E7D", "FFFED8D7"),
    "verification": ("FFFED767", "FFFEF3CD"),
    "hint": ("FF9CC5E7", "FFDCEBF8"),
}
_ALL = {colour for pair in COLOURS.values() for colour in pair}


def fill(severity: str, suspected: bool) -> PatternFill:
    return PatternFill("solid", fgColor=COLOURS[severity][0 if suspected else 1])


def is_ours(found: Any) -> bool:
    return found.fill_type == "solid" and found.fgColor.rgb in _ALL
