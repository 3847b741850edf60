"""The door-keeper: finds personal data anywhere in a file, and says which kind and where, never what.

Here belong the patterns of identity numbers, mobile phones, bank cards and name lists. What happens to such a file is
``ingest.inbox``'s affair: it is kept out whole.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ingest.files.grid import Sheet, Workbook, address, text_of
from ingest.files.parts import SMALL
from ingest.files.plain_workbook import SHARED_STRINGS

GAP = r"[\s\-·‐-―]{0,2}"


def _digits(first: str, count: int, last: str, grouped: str) -> re.Pattern[str]:
    """The number in one piece, in its usual groups, or with gaps anywhere where no other digits are near.

    A unit code has 12 digits and a figure may have decimals: neither may be cut out of a longer number.
    """
    whole = rf"{first}\d{{{count}}}{last}"
    apart = rf"(?<!\d[\s\-]){first}(?:{GAP}\d){{{count}}}{GAP if last else ''}{last}(?!{GAP}\d)"
    return re.compile(rf"(?<![\d.])(?:(?:{whole}|{grouped})(?!\d|\.\d)|{apart}(?!\d|\.\d))")


IDENTITY = _digits(r"[1-9]", 16, r"[\dXx]", r"[1-9]\d{5}[\s\-]\d{8}[\s\-]\d{3}[\dXx]")
PHONE = _digits(rf"(?:\+?86[\s\-]?)?1{GAP}[3-9]", 9, "", r"1[3-9]\d[\s\-]\d{4}[\s\-]\d{4}")
CARD = re.compile(rf"(?<![\d.])(?<!\d[\s\-])[3-6](?:{GAP}\d){{15,18}}(?!{GAP}\d)(?!\.\d)")
NAME = re.compile(r"[一-鿿]{1,3}·?[一-鿿]{1,4}")
NAME_HEADER_LENGTH = 12
NAME_MARK = "名"  # in each header of a name list
NO_NAME = re.compile(
    r".*(?:社区|村|街道|日期|电话|名称|代码|编码|单位|时间|地址|版本|说明|备注|签字|盖章|月份|报告期|表号)"
)
SHORTEST_PHONE = 11
UNIT_CODE = 12  # digits: too long for a phone, too short for the others
NAMES_MAKE_A_LIST = 2
NAMES_MAKE_A_LIST_ALONE = 3  # below a header that stands alone in its row


@dataclass(frozen=True)
class Finding:
    """``kind``: identity_number, phone_number, bank_card, name_list; ``place`` in Chinese, without any content."""

    kind: str
    place: str


def kinds_in(text: str) -> frozenset[str]:
    """The kinds of personal numbers in a text, however wide or spaced they are written."""
    if len(text) < SHORTEST_PHONE or (len(text) == UNIT_CODE and text.isdecimal()):
        return frozenset()
    return _kinds_in(text)


@lru_cache(maxsize=4_000)
def _kinds_in(text: str) -> frozenset[str]:
    """Kept, because headers and labels are the same in every workbook."""
    if sum(map(str.isdigit, text)) < SHORTEST_PHONE:
        return frozenset()
    plain = unicodedata.normalize("NFKC", text)
    found = set()
    if any(_has_birthday(match[0]) for match in IDENTITY.finditer(plain)):
        found.add("identity_number")
    if PHONE.search(plain):
        found.add("phone_number")
    if "identity_number" not in found and any(_is_card(match[0]) for match in CARD.finditer(plain)):
        found.add("bank_card")
    return frozenset(found)


def _only_digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _has_birthday(text: str) -> bool:
    number = _only_digits(text)
    year, month, day = int(number[6:10]), int(number[10:12]), int(number[12:14])
    return 1900 <= year <= 2100 and 1 <= month <= 12 and 1 <= day <= 31


def _is_card(text: str) -> bool:
    total = 0
    for position, digit in enumerate(reversed(_only_digits(text))):
        value = int(digit) * (1 + position % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def find_in_workbook(workbook: Workbook) -> Iterator[Finding]:
    """Personal data in cells, headers and hidden sheets."""
    for number, sheet in enumerate(workbook.sheets, start=1):
        place = _sheet_name(sheet, number)
        for kind in kinds_in(sheet.name):
            yield Finding(kind, f"第 {number} 张表的表名")
        cells = _cells(sheet)
        for row, column, value in cells:
            if isinstance(value, float) or len(value) >= SHORTEST_PHONE:
                for kind in sorted(_kinds_of_value(value)):
                    yield Finding(kind, f"{place}的 {address(row, column)}")
        yield from _name_lists(sheet, cells, place)


def _cells(sheet: Sheet) -> list[tuple[int, int, Any]]:
    """The cells that may hold something personal: eleven characters or digits and more, or the header of a name list.

    Nearly all numbers are short: their places matter only in a row with a long one.
    """
    numbers = [
        (row, column, value)
        for row in sheet.long_numbers
        for column, value in enumerate(sheet.rows[row])
        if value.__class__ is float
    ]
    texts = [
        (row, column, value)
        for row, found in enumerate(sheet.texts)
        for column, value in found
        if len(value) >= SHORTEST_PHONE or NAME_MARK in value
    ]
    return [*numbers, *texts]


def _kinds_of_value(value: str | float) -> frozenset[str]:
    if isinstance(value, str):
        return kinds_in(value)
    # A number of 18 digits lost its tail in the workbook, but is an identity number all the same.
    return kinds_in(f"{value:.0f}") if value < 1e19 and value.is_integer() else frozenset()


def _sheet_name(sheet: Sheet, number: int) -> str:
    kind = "隐藏表" if sheet.hidden else "表"
    return f"{kind}“{sheet.name}”" if sheet.name and not kinds_in(sheet.name) else f"第 {number} 张{kind}"


def _name_lists(sheet: Sheet, cells: list[tuple[int, int, str | float]], place: str) -> Iterator[Finding]:
    for row, column, value in cells:
        if isinstance(value, str) and len(value) <= NAME_HEADER_LENGTH and ("姓名" in value or "名单" in value):
            names = sum(_is_name(sheet, below, column) for below in range(row + 1, len(sheet.rows)))
            alone = sheet.filled[row] == 1
            if names >= (NAMES_MAKE_A_LIST_ALONE if alone else NAMES_MAKE_A_LIST):
                yield Finding("name_list", f"{place}的 {address(row, column)} 列")


def _is_name(sheet: Sheet, row: int, column: int) -> bool:
    text = re.sub(r"\s", "", text_of(sheet.value(row, column)))
    return bool(NAME.fullmatch(text)) and not NO_NAME.fullmatch(text)


BLOCK_END = re.compile(
    r"</(?:\w+:)?(?:p|si|text|comment|oddHeader|oddFooter|evenHeader|evenFooter|firstHeader|"
    r"firstFooter|lpwstr|definedName|formula1|formula2|creator|title|description|keywords|subject|"
    r"lastModifiedBy|category|Company|Manager|Application)>"
)
TAG = re.compile(r"<[^>]*>")
SHEET_DATA = re.compile(rb"<(?:\w+:)?sheetData\b")
LINK = re.compile(r'(?:Target|tooltip|location|display|prompt|error)="([^"]*)"')
PLACES = (
    ("docProps/", "文档属性"),
    ("comments", "批注"),
    ("Comment", "批注"),
    ("worksheets/", "数据有效性、超链接或筛选条件"),
    ("drawings/", "文本框或图形"),
    ("externalLinks/", "外部链接的缓存"),
    ("sharedStrings", "已删除但仍保存在文件里的文字"),
    ("pivot", "透视表的缓存"),
    ("meta.xml", "文档属性"),
    ("styles.xml", "打印页眉页脚"),
    ("content.xml", "批注、文本框或数据有效性"),
)
HEADER_FOOTER = re.compile(rb"<(?:\w+:)?headerFooter\b.*</(?:\w+:)?headerFooter>", re.DOTALL)


def find_in_parts(parts: dict[str, bytes], shared_texts: Sequence[str | None] | None = None) -> Iterator[Finding]:
    """Personal data outside the cells: comments, page headers and footers, properties, text boxes, links, and texts
    that cells no longer show; these are looked for in ``shared_texts``, where they were read.
    """
    for name, content in parts.items():
        if name.endswith(".bin"):
            yield from find_in_bytes(content, "二进制部分")
            continue
        if name == SHARED_STRINGS and shared_texts is not None:
            long = [text for text in shared_texts if text and len(text) >= SHORTEST_PHONE]
            found = tuple((kind, "") for text in long for kind in sorted(kinds_in(text)))
        else:
            found = _kinds_in_part((_cut_small if len(content) <= SMALL else _without_cells)(content))
        for kind, printed in found:
            yield Finding(kind, printed or next((zh for mark, zh in PLACES if mark in name), "其他部分"))


def _without_cells(xml: bytes) -> bytes:
    if b"sheetData" not in xml:
        return xml
    start, end = SHEET_DATA.search(xml), xml.rfind(b"sheetData>")
    return xml[: start.start()] + xml[end:] if start and end > start.end() else xml


_cut_small = lru_cache(maxsize=200)(_without_cells)  # 12 µs a workbook less than searching the theme each time


@lru_cache(maxsize=200)
def _kinds_in_part(xml: bytes) -> tuple[tuple[str, str], ...]:
    """Each kind, and where it stands if that is a page header or footer.

    Kept, because most parts (theme, styles, relations) are the same in every workbook of a template.
    """
    printed = HEADER_FOOTER.search(xml) if b"headerFooter" in xml else None
    rest = HEADER_FOOTER.sub(b"", xml) if printed else xml
    on_paper = [(kind, "打印页眉页脚") for kind in _kinds_in_xml(printed[0])] if printed else []
    return (*on_paper, *((kind, "") for kind in _kinds_in_xml(rest)))


def _kinds_in_xml(xml: bytes) -> tuple[str, ...]:
    text = xml.decode("utf-8", "replace")
    words = TAG.sub("", BLOCK_END.sub("\n", text))
    found = [kinds_in(html.unescape(line)) for line in [*words.splitlines(), *LINK.findall(text)]]
    return tuple(dict.fromkeys(kind for kinds in found for kind in sorted(kinds)))


def find_in_bytes(content: bytes, place: str = "批注、页眉页脚或文档属性") -> Iterator[Finding]:
    """Personal numbers in a binary file (xls), whose parts are not unpacked: one- and two-byte text."""
    for encoding, pattern in (("latin-1", rb"[\dXx \-]{11,40}"), ("utf-16-le", rb"(?:[\dXx \-]\x00){11,40}")):
        for match in re.finditer(pattern, content):
            for kind in kinds_in(match[0].decode(encoding)) - {"bank_card"}:
                yield Finding(kind, place)
