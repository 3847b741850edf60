"""The edits of items.csv, one by one, as rules cite them: ``"P01 mandatory: >0"``.

A cell holds several, separated by ``;``. A piece that says ``(above)`` belongs to the rule of the item above and is
cited all the same, so that a reader finds each item's edits.
"""

from __future__ import annotations

from functools import cache

from ingest.reference import items


@cache
def known_edits() -> frozenset[str]:
    """Every edit of every item."""
    return frozenset(
        f"{item.item_code} {level}: {piece.strip()}"
        for item in items()
        for level, cell in (("mandatory", item.mandatory_edits), ("verification", item.verification_edits))
        for piece in cell.split(";")
        if piece.strip()
    )
