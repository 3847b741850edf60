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
