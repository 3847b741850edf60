"""Numbers with a percent format, as a person sees them: 0.301 in a cell that shows 30.1% is the text ``30.1%``."""

from __future__ import annotations

from ingest.files.grid import Sheet

PERCENT_FORMATS = {9: 0, 10: 2}  # number format ids built into Excel → decimals


def decimals_of(code: str) -> int:
    """Decimals of a format such as ``0.0%``; sections after the first are for other signs."""
    return len(code.split(";")[0].partition(".")[2].rstrip("%"))


def show_percent(sheet: Sheet, row: int, column: int, decimals: int) -> None:
    value = sheet.value(row, column) if row < len(sheet.rows) else None
    if isinstance(value, float):
        sheet.put(row, column, f"{value:.{decimals}%}")
