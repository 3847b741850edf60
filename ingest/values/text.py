"""The plain spelling of a text: full-width to half-width, one kind of dash, no stray spaces."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_DASHES = "‐‑‒–—―−﹣－─━"
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"
_ODD = re.compile(f"[{_DASHES}{_INVISIBLE}]")
_AS_SPELLED = str.maketrans(dict.fromkeys(_DASHES, "-") | dict.fromkeys(_INVISIBLE, ""))
_PLAIN = re.compile("[0-9A-Za-z\u4e00-\u9fff]*+")  # names and codes: NFKC changes none of these

BLANK_MARKS = {"-", "--", "---", "/", "\\", "//", "…", "……", "...", "......", "空", "未填", "*", "."}
NOT_APPLICABLE = {"不适用", "n/a", "na", "不涉及", "无此项", "不需填", "不填"}
NONE_MARKS = {"无", "没有", "暂无"}


def plain(text: str) -> str:
    """NFKC, without invisible characters, dashes as ``-``, trimmed."""
    return text.strip() if text.isascii() else _plain(text)


@lru_cache(maxsize=20_000)
def _plain(text: str) -> str:
    normal = unicodedata.normalize("NFKC", text)
    return (normal.translate(_AS_SPELLED) if _ODD.search(normal) else normal).strip()


def compact(text: str) -> str:
    """:func:`plain` without any white space."""
    return "".join(text.split()) if text.isascii() or _PLAIN.fullmatch(text) else _compact(text)


@lru_cache(maxsize=20_000)
def _compact(text: str) -> str:
    return "".join(plain(text).split())


def blank_kind(text: str) -> str | None:
    """The kind of problem of a mark that stands for no value, or None where the text is something else."""
    mark = compact(text).lower()
    if mark in NOT_APPLICABLE:
        return "not_applicable"
    if mark in NONE_MARKS:
        return "none_written"
    return "blank_mark" if mark in BLANK_MARKS else None
