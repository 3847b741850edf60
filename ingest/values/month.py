"""Finds the reporting month in a date, a number or a text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from ingest.files.grid import Value
from ingest.values.text import compact

_NUMERALS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_RANGE = re.compile(r"(20\d\d)[年./-]?(\d{1,2})月?(?:-|~|至|到)(?:(20\d\d)[年./-]?)?(\d{1,2})月")
_CHINESE = re.compile(r"(20\d\d)年度?(\d{1,2})月")
_SHORT_YEAR = re.compile(r"(?<!\d)(2\d)年(\d{1,2})月")
_QUARTER = re.compile(r"(20\d\d)年第?([一二三四1-4])季度")
_NUMBERS = re.compile(r"(?<!\d)(20\d\d)[./-](\d{1,2})(?:[./-]\d{1,2})?(?!\d)")
_DENSE = re.compile(r"(?<!\d)(20\d\d)(0[1-9]|1[0-2])(?:[0-3]\d)?(?!\d)")
_CHINESE_DIGITS = re.compile(r"([二〇零一三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月")
_YEAR_OR_NUMBER = re.compile(r"[\d年]")  # one of them is in all of these
_DAY = re.compile(r"20\d\d(?:年|[./-])\d{1,2}(?:月|[./-])\d{1,2}日?")
EXCEL_EPOCH = date(1899, 12, 30)
SERIALS = range(40_000, 60_000)  # 2009 to 2064: a date whose number format was lost


@dataclass(frozen=True)
class Month:
    """``first`` is the first of the month; ``is_range`` where several months were written and the last is meant."""

    first: date
    is_range: bool = False


def find_month(raw: Value) -> Month | None:
    """The month that a cell names, alone or within a sentence, or None."""
    if isinstance(raw, date):
        return Month(raw.replace(day=1))
    if isinstance(raw, float):
        return _from_number(raw)
    return _from_text(compact(raw)) if isinstance(raw, str) else None


def find_month_in_title(text: str) -> Month | None:
    """The month that a title or a unit row names. The day a form was filled in (2024年4月2日) is not its month."""
    plain = compact(text)
    return _from_text(plain if "报告期" in plain else _DAY.sub("", plain))


def _from_number(raw: float) -> Month | None:
    if not raw.is_integer():
        return None
    if int(raw) in SERIALS:
        return Month((EXCEL_EPOCH + timedelta(days=int(raw))).replace(day=1))
    return _from_text(str(int(raw)))


def _from_text(text: str) -> Month | None:
    if not _YEAR_OR_NUMBER.search(text):
        return None
    text = _CHINESE_DIGITS.sub(_in_digits, text)
    if match := _RANGE.search(text):
        return _month(match[3] or match[1], match[4], is_range=True)
    if match := _QUARTER.search(text):
        quarter = "一二三四".find(match[2]) + 1 or int(match[2])
        return _month(match[1], str(quarter * 3), is_range=True)
    if (match := _SHORT_YEAR.search(text)) and not _CHINESE.search(text):
        return _month(f"20{match[1]}", match[2])
    match = _CHINESE.search(text) or _NUMBERS.search(text) or _DENSE.search(text)
    return _month(match[1], match[2]) if match else None


def _in_digits(match: re.Match[str]) -> str:
    tens, _, ones = match[2].partition("十") if "十" in match[2] else ("", "", match[2])
    number = int(ones.translate(_NUMERALS) or 0) + (10 * int(tens.translate(_NUMERALS) or 1) if "十" in match[2] else 0)
    return f"{match[1].translate(_NUMERALS)}年{number}月"


def _month(year: str, month: str, is_range: bool = False) -> Month | None:
    return Month(date(int(year), int(month), 1), is_range) if 1 <= int(month) <= 12 else None
