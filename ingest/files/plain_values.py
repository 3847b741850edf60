"""What stands within a cell, as a value, where python-calamine would say the same: numbers, texts, booleans, errors.

Here belong the readers of one cell's content, as it is written between ``<c …><`` and ``</c>``, and of shared texts.
They take a content whole or refuse it, so that the patterns may be too strict, but never too lax. Where a cell stands
does not belong here (``ingest.files.plain_cells``).
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

from ingest.files.grid import LONG_NUMBER, Value
from ingest.files.sound import is_plain_xml
from ingest.kept import Kept

NUMBER = re.compile(rb"v>(-?[0-9]{1,300}(?:\.[0-9]{1,300})?)</v>")  # an exponent may go beyond what a number holds
WRITTEN = re.compile(rb"v>([^<]++)</v>")
INLINE = re.compile(rb'is><t( xml:space="preserve")?>([^<]++)</t></is>')
_FORMULA = rb'f(?: t="[A-Za-z]++")?+(?: ref="[A-Z0-9:]++")?+(?: si="[0-9]++")?+ ?'
FORMULA = re.compile(_FORMULA + rb"(?:/>|>([^<]*+)</f>)(?:<(?!\Z)|\Z)")
OPEN_FORMULA, FORMULA_END = re.compile(_FORMULA + rb">([^<]*+)"), b"</f><"
SHARED = re.compile(
    rb'<si><t(?: xml:space="preserve")?>([^<]*+)</t>(?:<phoneticPr fontId="[0-9]++"(?: type="[A-Za-z]++")? ?/>)?'
)
# Characters by number: from U+00A0 to U+D6D7 and the full-width ones; surrogates and controls are left out.
_NUMBERED = rb"1[6-9][0-9]|[2-9][0-9]{2}|[1-9][0-9]{3}|[1-4][0-9]{4}|5[0-4][0-9]{3}|65[0-4][0-9]{2}"
OTHER_ENTITY = re.compile(rb"&(?!(?:lt|gt|amp|quot|apos|#10|#(?:" + _NUMBERED + rb"));)")
# A carriage return becomes a line feed and _x000D_ a carriage return, in some readers; U+FFFE and U+FFFF are no text.
NO_TEXT = re.compile(rb"[\x00-\x08\x0b-\x1f>]|\xef\xbf[\xbe\xbf]|_x[0-9A-Fa-f]{4}_")
ERRORS = {b"#DIV/0!", b"#N/A", b"#NAME?", b"#NULL!", b"#NUM!", b"#REF!", b"#VALUE!", b"#GETTING_DATA"}
BLANK = dict.fromkeys((b"v/>", b"v />"))
BLANK_INLINE = dict.fromkeys((b"is><t></t></is>", b'is><t xml:space="preserve"></t></is>'))
EMPTY = {b"": None}  # where a cell holds no element

Read = Callable[[bytes], Value]


class NotPlainError(Exception):
    """Something in the sheet is another reader's."""


def matched(pattern: re.Pattern[bytes], written: bytes) -> re.Match[bytes]:
    """The match of all that is written. Raises NotPlainError where there is none."""
    match = pattern.fullmatch(written)
    if match is None:
        raise NotPlainError
    return match


def is_long(content: bytes) -> bool:
    """Whether this is a number of eleven digits and more. Raises NotPlainError where it is no number."""
    return float(matched(NUMBER, content)[1]) >= LONG_NUMBER


def _short_number(content: bytes) -> float:
    number = float(matched(NUMBER, content)[1])
    if number >= LONG_NUMBER:
        raise NotPlainError
    return number


def _long_number(content: bytes) -> float:
    if not is_long(content):
        raise NotPlainError
    return float(content[2:-4])


def _text(written: bytes) -> str:
    """Raises NotPlainError where readers might differ in it: python-calamine takes off white space around it."""
    found = _preserved(written)
    if found != found.strip(" \t\n"):
        raise NotPlainError
    return found


def _preserved(written: bytes) -> str:
    """A text whose white space is to be kept. Raises NotPlainError where readers might differ in it."""
    if NO_TEXT.search(written) or OTHER_ENTITY.search(written):
        raise NotPlainError
    try:
        return html.unescape(written.decode())
    except UnicodeDecodeError as error:
        raise NotPlainError from error


def _result(content: bytes) -> str:
    return _text(matched(WRITTEN, content)[1])


def _inline(content: bytes) -> str:
    preserved, written = matched(INLINE, content).groups()
    return (_preserved if preserved else _text)(written)


def _error(content: bytes) -> None:
    """Nothing yet: the cell is looked at later."""
    if matched(WRITTEN, content)[1] not in ERRORS:
        raise NotPlainError


def refuse(content: bytes) -> None:
    raise NotPlainError


short_numbers, long_numbers = Kept(_short_number).__getitem__, Kept(_long_number).__getitem__
results, inlines = Kept(_result).__getitem__, Kept(_inline).__getitem__
INLINE_KIND = b"inlineStr"
#: By the kind that cells give; None is a shared text's, which each workbook numbers by itself.
READERS: dict[bytes, Read | None] = {
    b"": short_numbers,
    b"n": short_numbers,
    b"str": results,
    INLINE_KIND: inlines,
    b"b": {b"v>0</v>": False, b"v>1</v>": True}.__getitem__,
    b"e": _error,
    b"s": None,
}
empty = EMPTY.__getitem__
BLANK_READERS = {BLANK.__getitem__, BLANK_INLINE.__getitem__, empty}
NUMBER_READERS = {short_numbers, long_numbers, READERS[b"b"]}
TEXT_READERS = {results, inlines, None}


def behind_formula(content: bytes) -> bytes:
    """What follows a cell's formula: its result, or nothing. Raises NotPlainError where it is another reader's."""
    formula, _, result = content.partition(FORMULA_END)
    if result:
        _formula[formula]
        return result
    match = FORMULA.match(content)
    if match is None:
        raise NotPlainError
    _text(match[1] or b"")
    return content[match.end() :]


def _read_formula(written: bytes) -> str:
    return _text(matched(OPEN_FORMULA, written)[1])


_formula = Kept(_read_formula)  # a template has its formulas in common, but not their results


def shared_texts(part: bytes) -> list[Any] | None:
    """The texts that cells share, by number; ``ODD`` is one that is another reader's, None where the whole part is."""
    start, end = part.find(b">", part.find(b"<sst")) + 1, part.rfind(b"</sst>")
    *items, rest = part[start:end].split(b"</si>")
    # A comment may hold a text's end.
    if b"<sst" not in part or start > end or rest or not is_plain_xml(part[:start] + part[end:]):
        return None
    try:
        return list(map(_shared_text.__getitem__, items))
    except NotPlainError:
        return None


def reader_of_shared(texts: list[Any] | None) -> Read:
    """Reads the content of a cell with a shared text; raises where it is another reader's."""
    if texts is None:
        return refuse
    _contents.extend([b"v>%d</v>" % number for number in range(len(_contents), len(texts))])
    by_content = dict(zip(_contents, texts, strict=False))
    if ODD in texts:
        by_content = {content: text for content, text in by_content.items() if text is not ODD}
    return by_content.__getitem__


ODD: Any = object()  # a text in pieces, or with anything else in it: another reader's, where a cell shows it
_contents: list[bytes] = []  # of cells that hold the number of a shared text, by that number


def _read_shared(item: bytes) -> Any:
    """Raises NotPlainError where the item may be more than one."""
    try:
        return _text(matched(SHARED, item)[1]) or None
    except NotPlainError:
        if item.count(b"<si") != 1 or not item.startswith(b"<si>") or not is_plain_xml(item + b"</si>"):
            raise
        return ODD


_shared_text = Kept(_read_shared)
