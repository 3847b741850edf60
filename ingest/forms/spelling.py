"""How header texts are compared: without spaces, quotes and widths, with and without what stands in brackets."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial

from ingest.forms.models import CommunityTable
from ingest.kept import Kept
from ingest.reference import Item
from ingest.values.text import compact

_IDEOGRAPHS = re.compile("[一-鿿]*")
_QUOTES = re.compile("[“”\"'‘’「」『』《》*#:、。]")
_FOOTNOTES = re.compile("[①-⑳※△▲★☆]+")
_NUMBER = re.compile(r"^(?:[A-Z]\d\d(?=\D)|\d{1,2}[.)、](?=\D)|[(]\d{1,2}[)])")
_LAST_BRACKET = re.compile(r"\(([^()]*)\)$")
_BRACKETS = re.compile(r"\([^()]*\)")


def spell(text: str) -> str:
    """The text as headers are compared: without item code or number before it and footnote marks behind."""
    return text if text.isascii() and text.isdigit() else _spell(text)


@lru_cache(maxsize=20_000)
def _spell(text: str) -> str:
    if _IDEOGRAPHS.fullmatch(text):  # a community's name: new in every workbook, and nothing in it to take off
        return text
    plain = compact(_FOOTNOTES.sub("", text))
    return _QUOTES.sub("", _NUMBER.sub("", plain) or plain).lower()


@lru_cache(maxsize=20_000)
def spellings(text: str) -> tuple[tuple[str, str], ...]:
    """The ways to read a header, the most exact first, each with the bracket that was taken for its unit."""
    whole = spell(text)
    bracket = _LAST_BRACKET.search(whole)
    if bracket is None:
        return ((whole, ""),)
    return ((whole, ""), (whole[: bracket.start()], bracket[1]), (_BRACKETS.sub("", whole), bracket[1]))


def index(names: dict[str, Iterable[str]]) -> dict[str, str]:
    """Spelling → code; a spelling of two codes belongs to neither, unless it is the first name of one."""
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for code, texts in names.items():
        for rank, text in enumerate(texts):
            for depth, (key, _) in enumerate(spellings(text)):
                found[key].append((2 * depth + min(rank, 1), code))
    best = {key: _best(ranked) for key, ranked in found.items()}
    return {key: code for key, code in best.items() if code}


def _best(ranked: list[tuple[int, str]]) -> str | None:
    first = min(rank for rank, _ in ranked)
    codes = {code for rank, code in ranked if rank == first}
    return codes.pop() if len(codes) == 1 else None


def find(names: dict[str, str], text: str) -> tuple[str, str] | None:
    """The code that ``text`` spells, with the unit in its bracket; None where it spells none."""
    for key, unit in spellings(text):
        if key in names:
            return names[key], unit
    return None


Finder = Kept[str, tuple[str, str] | None]  # :func:`find` in one index, asked for the same texts in every workbook


@dataclass(frozen=True, eq=False)
class HeaderNames:
    """Which item a column's leaf text means, alone and under a group."""

    items: dict[str, Item]
    anywhere: dict[str, str]
    without_groups: dict[str, str]
    in_group: dict[str, dict[str, str]]  # group's name → spelling → item
    groups: dict[str, str]  # spelling of a group → its name
    keys: dict[str, str]
    ignored: frozenset[str]

    @cached_property
    def alone(self) -> Finder:
        """What a leaf text means without anything above it."""
        return Kept(partial(find, self.without_groups))

    @cached_property
    def known(self) -> frozenset[str]:
        """What may stand in a row of a header."""
        return frozenset(self.groups.keys() | self.keys.keys() | self.anywhere.keys())

    def match(self, leaf: str, above: list[str]) -> tuple[str, str] | None:
        """The item and the unit of a header; ``above`` are the texts of the rows over the leaf, nearest first."""
        known = [self.groups[spell(text)] for text in above if spell(text) in self.groups]
        for group in known:
            found = find(self.in_group[group], leaf)
            if found:
                return found
        return find(self.anywhere if above else self.without_groups, leaf)


def header_names(table: CommunityTable, items: Iterable[Item]) -> HeaderNames:
    """The index of a community table's headers."""
    known = {item.item_code: item for item in items}
    anywhere: dict[str, Iterable[str]] = {}
    without_groups: dict[str, Iterable[str]] = {}
    in_group = {}
    for group in table.groups:
        inside: dict[str, Iterable[str]] = {}
        for code, item in group.items.items():
            name = [] if spell(known[code].name_zh) in map(spell, item.short) else [known[code].name_zh]
            anywhere[code] = [*name, *item.names, code]
            without_groups[code] = [known[code].name_zh, *item.names, *item.short, code]
            inside[code] = without_groups[code]
        in_group[group.name] = index(inside)
    groups = {spell(text): group.name for group in table.groups for text in (group.name, *group.spellings)}
    keys = {spell(text): key for key, texts in table.keys.items() for text in texts}
    ignored = frozenset(spell(text) for text in table.ignored)
    return HeaderNames(known, index(anywhere), index(without_groups), in_group, groups, keys, ignored)
