"""Reads a printed figure of the 概况表: its value, the weight of its last digit, and words such as 近 and 余."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ingest.files.grid import CellError, Value, text_of
from ingest.reference import ProfileFigure
from ingest.values.amount import Amount, in_unit, parse_amount, parse_chinese_numeral
from ingest.values.reading import error_kind
from ingest.values.text import blank_kind, compact

ONE = Decimal(1)
LARGEST = Decimal(10) ** 14  # raw keeps 18 digits, four of them decimals

_RANGE = re.compile(r"(?P<low>\d+(?:\.\d+)?)(?:-|~|至|到)(?P<high>\d.*)")
_FRACTION = re.compile(
    r"(?P<before>近|约|超过|不足)?(?P<below>[一二三四五六七八九十百]+)分之(?P<above>[一二三四五六七八九十]+)"
)


@dataclass(frozen=True)
class Printed:
    """``status`` as in Reading; ``value`` in the figure's unit, shares in %; ``step`` the weight of the last digit."""

    status: str
    value: Decimal | None = None
    value_to: Decimal | None = None
    step: Decimal | None = None
    qualifier: str | None = None
    kind: str | None = None


def read_printed(raw: Value, figure: ProfileFigure) -> Printed:
    """The printed figure of one cell; what cannot be read is rejected with its kind of problem."""
    if isinstance(raw, CellError):
        return Printed("rejected", kind=error_kind(raw))
    if isinstance(raw, bool):
        return Printed("rejected", kind="logical_in_number")
    if isinstance(raw, date):
        return Printed("rejected", kind="date_in_number")
    text = compact(text_of(raw))
    if not text:
        return Printed("blank")
    kind = blank_kind(text)
    if kind is not None:
        return Printed("blank", kind=kind)
    return _checked(_read_fraction(text, figure) or _read_range(text, figure) or _read_amount(raw, text, figure))


def _checked(printed: Printed) -> Printed:
    too_large = any(number is not None and abs(number) >= LARGEST for number in (printed.value, printed.value_to))
    too_fine = printed.step is not None and printed.step < Decimal("0.0001")
    return Printed("rejected", kind="too_large") if too_large or too_fine else printed


def _in_percent(figure: ProfileFigure) -> bool:
    return figure.kind in ("percent", "share")


def _read_fraction(text: str, figure: ProfileFigure) -> Printed | None:
    match = _FRACTION.fullmatch(text)
    if match is None or not _in_percent(figure):
        return None
    below, above = parse_chinese_numeral(match["below"]), parse_chinese_numeral(match["above"])
    below = 100 if match["below"] == "百" else below
    if not below or above is None:
        return None
    qualifier = {"超过": "over", None: "exact"}.get(match["before"], "nearly")
    value = (Decimal(100) * above / below).quantize(Decimal("0.0001"))
    return Printed("loaded", value=value, step=ONE, qualifier=qualifier)


def _read_range(text: str, figure: ProfileFigure) -> Printed | None:
    match = _RANGE.fullmatch(text)
    if match is None:
        return None
    high = _amount(match["high"], figure)
    low = _amount(match["low"] + match["high"].lstrip("0123456789."), figure)
    if low is None or high is None or low.number > high.number:
        return Printed("rejected", kind="multiple_values")
    step = max(low.step, high.step)
    return Printed("loaded", value=low.number, value_to=high.number, step=step, qualifier="range")


def _amount(text: str, figure: ProfileFigure) -> Amount | None:
    """The amount in the figure's unit; a share is counted in %."""
    amount = parse_amount(text)
    return in_unit(amount, "%" if _in_percent(figure) else figure.unit) if amount else None


def _read_amount(raw: Value, text: str, figure: ProfileFigure) -> Printed:
    amount = _amount(text, figure)
    if amount is None:
        return Printed("rejected", kind=_why(text, figure))
    if _in_percent(figure) and isinstance(raw, float) and 0 < raw < 1:
        # 0.4 in a cell without a percent format: shown as printed, because 40 % would be a guess.
        return Printed("loaded", amount.number, None, amount.step, amount.qualifier, "fraction_as_share")
    return Printed("loaded", amount.number, None, amount.step, amount.qualifier)


def _why(text: str, figure: ProfileFigure) -> str:
    if "%" in text and not _in_percent(figure):
        return "percent_in_number"
    amount = parse_amount(text)
    return "wrong_unit" if amount and amount.unit else "not_a_number"
