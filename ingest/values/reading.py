"""What became of one cell."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ingest.files.grid import MISSING_RESULT, CellError

Typed = int | Decimal | bool | str | None


@dataclass(frozen=True, slots=True)
class Reading:
    """``status`` is loaded, blank or rejected; ``kind`` names the problem, if there is one."""

    status: str
    value: Typed = None
    kind: str | None = None
    words: dict[str, str] | None = None


BLANK = Reading("blank")
Wire = int | bool | str | None  # a typed value between processes and for Arrow: a decimal as its shortest text


def to_wire(value: Typed) -> Wire:
    """``Decimal("12.50")`` as ``12.5``: Arrow reads it from text ten times faster than from Decimal, and as exactly."""
    if not isinstance(value, Decimal):
        return value
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def printed(value: Wire) -> str | None:
    """What a typed value reads as in a cell; ``ingest.raw.rows`` says the same of a column."""
    if isinstance(value, bool):
        return shown(value)
    return None if value is None else str(value)


def loaded(value: Typed, kind: str | None = None, **words: str) -> Reading:
    return Reading("loaded", value, kind, words or None)


def blank(kind: str) -> Reading:
    return Reading("blank", None, kind)


def rejected(kind: str, **words: str) -> Reading:
    return Reading("rejected", None, kind, words or None)


def error_kind(raw: CellError) -> str:
    """The kind of problem of a cell that shows an error."""
    return "result_missing" if raw.text == MISSING_RESULT else "cell_error"


def shown(value: Typed) -> str | None:
    """A typed value as the text that problems carry."""
    if isinstance(value, bool):
        return "是" if value else "否"
    return None if value is None else format(value, "f") if isinstance(value, Decimal) else str(value)
