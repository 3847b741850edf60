"""Puts text into cells and notes so that no spreadsheet takes it for a formula."""

from __future__ import annotations

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell

# A spreadsheet that opens a csv made from our workbook would run these; so would an edit of the cell.
LEADS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
LONGEST = 32_000  # Excel refuses a file with a text of more than 32,767 characters


def plain(text: str) -> str:
    """``text`` without characters that XML cannot hold, cut to what a cell can."""
    shown = ILLEGAL_CHARACTERS_RE.sub("", text)
    return shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 1]}…"


def put_text(cell: Cell, text: str | None) -> None:
    """Write ``text`` as text, whatever it begins with; the prefix makes Excel and WPS keep it so when it is edited."""
    cell.value = plain(text or "") or None
    if cell.value is None:
        return
    cell.data_type = "s"
    if cell.value.startswith(LEADS_A_FORMULA):
        cell.quotePrefix = True
