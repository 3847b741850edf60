"""Whether a part's XML is well-formed: python-calamine reads broken XML on and leaves cells out without a word."""

from __future__ import annotations

from xml.parsers.expat import ExpatError, ParserCreate

from ingest.files.look import FileRefused


def refuse_broken(xml: bytes) -> None:
    """Raises FileRefused where the part is no XML. Costs some 0.5 ms for 1,000 cells."""
    try:
        ParserCreate().Parse(xml, True)
    except (ExpatError, LookupError, ValueError) as error:  # the last two: of an encoding that is not known
        raise FileRefused("file_damaged") from error
