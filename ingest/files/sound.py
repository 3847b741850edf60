"""Whether a part's XML is well-formed: python-calamine reads broken XML on and leaves cells out without a word."""

from __future__ import annotations

import re
from xml.parsers.expat import ExpatError, ParserCreate

from ingest.files.look import FileRefused

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
OTHER_ENCODING = re.compile(rb"encoding=.(?!utf-8)", re.IGNORECASE)


def refuse_broken(xml: bytes) -> None:
    """Raises FileRefused where the part is no XML. Costs some 0.5 ms for 1,000 cells."""
    try:
        ParserCreate().Parse(xml, True)
    except (ExpatError, LookupError, ValueError) as error:  # the last two: of an encoding that is not known
        raise FileRefused("file_damaged") from error


def is_plain_xml(xml: bytes) -> bool:
    """Whether the part is well-formed and as programs write it: in UTF-8, and without a comment or a processing
    instruction, which may hold what is looked for, or stand in its way.
    """
    try:
        refuse_broken(xml)
    except FileRefused:
        return False
    declared = xml.removeprefix(BYTE_ORDER_MARK).startswith(b"<?xml")
    return b"<!" not in xml and xml.count(b"<?") == declared and not OTHER_ENCODING.search(xml[:100])
