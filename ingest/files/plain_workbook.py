"""Which sheets a workbook has, by the parts that say it, where these are as programs write them.

To open a package by python-calamine takes a tenth of reading it, and is not needed where each sheet is read by
``ingest.files.plain_sheet``. As there, a workbook that says it in any other way is None here; so the patterns may be
too strict, but never too lax: the tests hold what is listed here against what python-calamine lists.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from ingest.files.sound import is_plain_xml

ROOT, WORKBOOK, RELATIONS, STYLES = "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"
SHARED_STRINGS = "xl/sharedStrings.xml"
BEGINNING = re.compile(rb"(?:\xef\xbb\xbf)?(?:<\?[^<>]*\?>\s*)?<workbook[ >]")
ANY_WORKBOOK = re.compile(rb"<(?:\w+:)?workbook\b")
ANY_SHEET, ANY_RELATION = re.compile(rb"<(?:\w+:)?sheet\b"), re.compile(rb"<(?:\w+:)?Relationship\b")
WORKBOOK_TARGETS = (b"xl/workbook.xml", b"/xl/workbook.xml")
SHEET = re.compile(rb'(<sheet((?: [A-Za-z:]++="[^"<>&\x00-\x1f]++")++) ?/>)')
RELATION = re.compile(rb'<Relationship((?: [A-Za-z]++="[^"<>&\x00-\x1f]++")++) ?/>')
ATTRIBUTE = re.compile(rb' ([A-Za-z:]++)="([^"]++)"')
TARGET = re.compile(rb"(?:/xl/)?(worksheets/\w++\.xml)")
HIDDEN = {b"visible": False, b"hidden": True, b"veryHidden": True}


class Listed(NamedTuple):
    """A sheet of a workbook, and the part that holds it."""

    name: str
    hidden: bool
    part: str


def plain_sheets(parts: Mapping[str, bytes]) -> tuple[Listed, ...] | None:
    """The workbook's sheets in their order, or None where python-calamine has to be asked."""
    root, workbook, relations = (parts.get(name, b"") for name in (ROOT, WORKBOOK, RELATIONS))
    if not all(map(_is_plain, (root, workbook, relations, parts.get(STYLES, workbook)))):
        return None
    listed = _listed(workbook, relations) if _leads_to_workbook(root) else None
    return listed if listed and all(sheet.part in parts for sheet in listed) else None


_is_plain = lru_cache(maxsize=100)(is_plain_xml)


@lru_cache(maxsize=50)
def _listed(workbook: bytes, relations: bytes) -> tuple[Listed, ...] | None:
    start, end = workbook.find(b"<sheets>") + len(b"<sheets>"), workbook.rfind(b"</sheets>")
    tags = SHEET.findall(workbook)
    if workbook[start:end] != b"".join([tag for tag, _ in tags]) or workbook.count(b"<sheets") != 1:
        return None
    if not BEGINNING.match(workbook) or len(ANY_WORKBOOK.findall(workbook)) > 1:
        return None
    if len(ANY_SHEET.findall(workbook)) != len(tags):  # in another spelling, or outside the list
        return None
    parts = _parts(relations)
    sheets = [_sheet(_attributes(written), parts) for _, written in tags]
    found = [sheet for sheet in sheets if sheet is not None]
    names, places = {sheet.name for sheet in found}, {sheet.part for sheet in found}
    return tuple(found) if len(tags) == len(found) == len(names) == len(places) else None


def _relations(written: bytes) -> list[dict[bytes, bytes]]:
    """The relations of a part; none where not all are plain, or two have one name."""
    found = list(map(_attributes, RELATION.findall(written)))
    names = {each.get(b"Id") for each in found} - {None}
    return found if len(found) == len(names) == len(ANY_RELATION.findall(written)) else []


@lru_cache(maxsize=50)
def _leads_to_workbook(root: bytes) -> bool:
    targets = [each.get(b"Target") for each in _relations(root) if _is_of(each, b"officeDocument")]
    return len(targets) == 1 and targets[0] in WORKBOOK_TARGETS


def _parts(relations: bytes) -> dict[bytes, str]:
    """The parts that hold sheets, by the relations that name them."""
    sheets = [each for each in _relations(relations) if _is_of(each, b"worksheet")]
    found = [(each[b"Id"], TARGET.fullmatch(each.get(b"Target", b""))) for each in sheets]
    return {name: f"xl/{target[1].decode()}" for name, target in found if target}


def _is_of(relation: Mapping[bytes, bytes], kind: bytes) -> bool:
    return relation.get(b"Type", b"").endswith(b"/relationships/" + kind) and b"TargetMode" not in relation


def _sheet(attributes: Mapping[bytes, bytes], parts: Mapping[bytes, str]) -> Listed | None:
    name, state = attributes.get(b"name"), attributes.get(b"state", b"visible")
    part = parts.get(attributes.get(b"r:id", b""))
    return None if not name or part is None or state not in HIDDEN else Listed(name.decode(), HIDDEN[state], part)


def _attributes(written: bytes) -> dict[bytes, bytes]:
    return dict(ATTRIBUTE.findall(written))
