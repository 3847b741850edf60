"""Ways to damage a file: bytes of any file, members of a zip, attributes and texts of a workbook's XML."""

from __future__ import annotations

import io
import random
import re
import warnings
import zipfile
from collections.abc import Callable

Mutation = Callable[[bytes, random.Random], bytes]

ATTRIBUTE = re.compile(rb'\b([A-Za-z:]+)="([^"]*)"')
TAG = re.compile(rb"<(/?)([A-Za-z:]+)[^>]*>")
STRANGE = (
    b"",
    b"0",
    b"-1",
    b"99999",
    b"1048577",
    b"XFD1048576",
    b"A1:XFD1048576",
    b"4294967296",
    b"e",
    b"s",
    b"n",
    b"x" * 300,
)
FAR = (b"A1048576", b"XFD1048576", b"XFD1", b"AV900000", b"ZZZ1", b"A0", b"A99999999")


def flip_bytes(content: bytes, draw: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(draw.choice((1, 1, 2, 8, 64))):
        changed[draw.randrange(len(changed))] = draw.randrange(256)
    return bytes(changed)


def truncate(content: bytes, draw: random.Random) -> bytes:
    return content[: draw.randrange(len(content))]


def cut_out(content: bytes, draw: random.Random) -> bytes:
    start = draw.randrange(len(content))
    return content[:start] + content[start + draw.choice((1, 16, 512, 4096)) :]


def repeat_part(content: bytes, draw: random.Random) -> bytes:
    start = draw.randrange(len(content))
    return content[:start] + content[start : start + draw.choice((1, 64, 512))] + content[start:]


def append_noise(content: bytes, draw: random.Random) -> bytes:
    return content + draw.randbytes(draw.choice((1, 100, 5000)))


BYTES: tuple[Mutation, ...] = (flip_bytes, flip_bytes, truncate, cut_out, repeat_part, append_noise)


def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _packed(members: list[tuple[str, bytes]]) -> bytes:
    memory = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")  # two members of one name are what is wanted
        for name, content in members:
            archive.writestr(name, content)
    return memory.getvalue()


def _edit_part(content: bytes, draw: random.Random, edit: Mutation) -> bytes:
    parts = _parts(content)
    xml = [name for name in parts if name.endswith((".xml", ".rels"))] or list(parts)
    sheets = [name for name in xml if "sheet" in name.lower() or name == "content.xml"]
    name = draw.choice(sheets if sheets and draw.random() < 0.7 else xml)
    return _packed(list((parts | {name: edit(parts[name], draw)}).items()))


def drop_member(content: bytes, draw: random.Random) -> bytes:
    parts = _parts(content)
    del parts[draw.choice(list(parts))]
    return _packed(list(parts.items()))


def double_member(content: bytes, draw: random.Random) -> bytes:
    members = list(_parts(content).items())
    name, part = draw.choice(members)
    return _packed([*members, (name, flip_bytes(part, draw) if part else part)])


def swap_members(content: bytes, draw: random.Random) -> bytes:
    parts = _parts(content)
    one, other = draw.choice(list(parts)), draw.choice(list(parts))
    parts[one], parts[other] = parts[other], parts[one]
    return _packed(list(parts.items()))


def wrong_crc(content: bytes, draw: random.Random) -> bytes:
    """The directory's checksum of one member is another's: what was stored is not what was meant."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        checksum = draw.choice(archive.infolist()).CRC.to_bytes(4, "little")
    return content.replace(checksum, draw.randbytes(4))


def change_attribute(content: bytes, draw: random.Random) -> bytes:
    def edit(xml: bytes, draw: random.Random) -> bytes:
        found = list(ATTRIBUTE.finditer(xml))
        for match in sorted(
            draw.sample(found, min(len(found), draw.choice((1, 1, 5)))), key=re.Match.start, reverse=True
        ):
            value = draw.choice((*STRANGE, draw.choice(found)[2]))
            xml = xml[: match.start(2)] + value + xml[match.end(2) :]
        return xml

    return _edit_part(content, draw, edit)


def change_reference(content: bytes, draw: random.Random) -> bytes:
    def edit(xml: bytes, draw: random.Random) -> bytes:
        found = list(re.finditer(rb' (?:r|ref|s|t)="([^"]*)"', xml))
        if not found:
            return xml
        match = draw.choice(found)
        value = draw.choice((*FAR, draw.choice(found)[1], *STRANGE))
        return xml[: match.start(1)] + value + xml[match.end(1) :]

    return _edit_part(content, draw, edit)


def change_content(content: bytes, draw: random.Random) -> bytes:
    """The text of an element: a shared string that does not exist, a number that is none, an entity."""

    def edit(xml: bytes, draw: random.Random) -> bytes:
        found = list(re.finditer(rb">([^<>]+)<", xml))
        if not found:
            return xml
        match = draw.choice(found)
        value = draw.choice(
            (b"999999", b"-1", b"1e999", b"NaN", b"", b"&#0;", b"&lol;", b"#REF!", b"\xff\xfe", b"0x10")
        )
        return xml[: match.start(1)] + value + xml[match.end(1) :]

    return _edit_part(content, draw, edit)


def change_tags(content: bytes, draw: random.Random) -> bytes:
    def edit(xml: bytes, draw: random.Random) -> bytes:
        found = list(TAG.finditer(xml))
        if not found:
            return xml
        match = draw.choice(found)
        nested = match[0] * draw.choice((2, 50, 20_000))
        return xml[: match.start()] + draw.choice((b"", match[0] * 2, nested)) + xml[match.end() :]

    return _edit_part(content, draw, edit)


def define_entities(content: bytes, draw: random.Random) -> bytes:
    laughs = b"".join(b'<!ENTITY l%d "%s">' % (level, b"&l%d;" % (level - 1) * 10) for level in range(1, 10))
    doctype = b'<!DOCTYPE x [<!ENTITY l0 "lol">' + laughs + b"]>"

    def edit(xml: bytes, draw: random.Random) -> bytes:
        start = xml.find(b"?>") + 2 if xml.startswith(b"<?xml") else 0
        return xml[:start] + doctype + xml[start:].replace(b"</t>", b"&l9;</t>", 1)

    return _edit_part(content, draw, edit)


ZIP: tuple[Mutation, ...] = (
    drop_member,
    double_member,
    swap_members,
    wrong_crc,
    change_attribute,
    change_attribute,
    change_reference,
    change_reference,
    change_content,
    change_content,
    change_tags,
    define_entities,
    lambda content, draw: _edit_part(content, draw, draw.choice(BYTES)),
)


def mutate(content: bytes, draw: random.Random) -> tuple[str, bytes]:
    """One mutation's name and the mutant."""
    zipped = content.startswith(b"PK") and draw.random() < 0.75
    mutation = draw.choice(ZIP if zipped else BYTES)
    return mutation.__name__, mutation(content, draw)
