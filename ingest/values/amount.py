"""The grammar of a written amount: sign, digits, 万 and 亿, unit, 近 and 余. Shared by monthly and printed figures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

SCALES = {"": 1, "十": 10, "百": 100, "千": 1_000, "万": 10_000, "十万": 100_000, "百万": 1_000_000, "千万": 10_000_000}
SCALES |= {"亿": 100_000_000, "万亿": 10**12}

UNIT_WORDS: dict[str, set[str]] = {
    "人": {"人", "名", "位", "个人"},
    "户": {"户", "家", "户次"},
    "个": {"个", "家", "处"},
    "次": {"次", "场", "回"},
    "人次": {"人次", "人/次"},
    "岁": {"岁", "周岁"},
    "元": {"元", "块"},
    "%": {"%"},
    "项": {"项", "件"},
    "平方公里": {"平方公里", "平方千米", "km2"},
    "0-5": {"星", "星级", "颗星"},
}

_AMOUNT = re.compile(
    r"(?P<before>约|大约|近|接近|将近|超过|超|逾|多于|大于|不足|不到|不低于)?"
    r"(?P<sign>负|[-+])?"
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.?\d*|\.\d+)"
    r"(?P<exponent>[eE][+-]?\d{1,3})?"
    r"(?P<after>余|多)?(?P<scale>万亿|千万|百万|十万|[十百千万亿])?(?P<late>余|多)?"
    r"(?P<unit>(?!/)[^\d.,\-+]{0,6}?[²2]?)(?P<end>左右|以上|上下|余)?"
)
_OVER = {"超过", "超", "逾", "多于", "大于", "余", "多", "以上", "不低于"}


@dataclass(frozen=True)
class Amount:
    """``number`` and ``step`` (weight of the last written digit) with 万 multiplied in; ``unit`` as written."""

    number: Decimal
    step: Decimal
    unit: str
    scaled: bool  # 万 or the like was written
    qualifier: str  # exact | nearly | over
    rewritten: bool  # digits with separators, exponent or a sign in words


def parse_amount(text: str) -> Amount | None:
    """The amount in ``text`` (already plain, without spaces), or None where it is none."""
    match = _AMOUNT.fullmatch(text)
    if match is None:
        return None
    digits = Decimal(match["digits"].replace(",", "") + (match["exponent"] or ""))
    number = -digits if match["sign"] in ("-", "负") else digits
    scale = SCALES[match["scale"] or ""]
    words = {match["before"], match["after"], match["late"], match["end"]} - {None, ""}
    qualifier = "exact" if not words else "over" if words <= _OVER else "nearly"
    rewritten = bool(match["exponent"] or "," in match["digits"] or match["sign"] in ("负", "+"))
    step = Decimal(1).scaleb(int(digits.as_tuple().exponent))
    return Amount(number * scale, step * scale, match["unit"], scale != 1, qualifier, rewritten)


def in_unit(amount: Amount, unit: str) -> Amount | None:
    """The amount in ``unit``, or None where the written unit is another kind of thing."""
    if unit == "万元":
        return _in_ten_thousand_yuan(amount)
    known = UNIT_WORDS.get(unit.replace("–", "-"), {unit})
    return amount if amount.unit in known | {"", unit} else None


def _in_ten_thousand_yuan(amount: Amount) -> Amount | None:
    if amount.unit not in ("", "元", "块", "块钱", "元整"):
        return None
    if not amount.scaled and not amount.unit:
        return amount
    shrunk = {"number": amount.number / 10_000, "step": amount.step / 10_000}
    return Amount(**{**vars(amount), **shrunk})


_NUMERALS = {mark: value for value, mark in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_MULTIPLIERS = {"十": 10, "百": 100, "千": 1_000}


def parse_chinese_numeral(text: str) -> int | None:
    """二十 → 20, 一百零五 → 105, 〇 → 0; None where ``text`` is no Chinese numeral below 万."""
    if not text or any(mark not in _NUMERALS and mark not in _MULTIPLIERS for mark in text):
        return None
    if all(mark in _NUMERALS for mark in text):
        return int("".join(str(_NUMERALS[mark]) for mark in text)) if len(text) == 1 else None
    total, digit = 0, 0
    for position, mark in enumerate(text):
        if mark in _NUMERALS:
            digit = _NUMERALS[mark]
        else:
            total += (digit or (1 if position == 0 else 0)) * _MULTIPLIERS[mark]
            digit = 0
    return total + digit


MONEY_UNITS = {"元": 1, "百元": 100, "千元": 1_000, "万元": 10_000, "百万元": 1_000_000, "亿元": 100_000_000}


def header_factor(written: str, unit: str) -> Decimal | None:
    """What turns a number in the unit that a header names into ``unit``; None where it names none of its kind."""
    if written in MONEY_UNITS and unit in MONEY_UNITS:
        return Decimal(MONEY_UNITS[written]) / MONEY_UNITS[unit]
    if written == f"万{unit}":
        return Decimal(10_000)
    return Decimal(1) if written == unit else None
