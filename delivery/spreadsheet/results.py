"""Puts known results beside formulas in a sheet that openpyxl wrote."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

from openpyxl.cell.cell import ERROR_CODES

_FORMULA_CELL = re.compile(
    rb'<c r="([A-Z]+\d+)"([^>]*)>(<f\b[^>]*?(?:/>|>[^<]*</f>))(?:<v\s*/>|<v></v>)</c>',
)
_TYPE = re.compile(rb'\st="[^"]*"')


def with_results(sheet: bytes, results: Mapping[str, Any]) -> bytes:
    """The sheet's XML with the results of ``results`` (cell → value) beside their formulas."""

    def fill(match: re.Match[bytes]) -> bytes:
        known = _typed(results.get(match[1].decode()))
        if known is None:
            return match[0]
        kind, text = known
        return b'<c r="%b"%b%b>%b<v>%b</v></c>' % (match[1], _TYPE.sub(b"", match[2]), kind, match[3], text)

    return _FORMULA_CELL.sub(fill, sheet)


def _typed(value: Any) -> tuple[bytes, bytes] | None:
    if isinstance(value, bool):
        return b' t="b"', b"1" if value else b"0"
    if isinstance(value, int | float | Decimal):
        return b"", str(value).encode()
    if isinstance(value, str):
        return b' t="e"' if value in ERROR_CODES else b' t="str"', escape(value).encode()
    return None
