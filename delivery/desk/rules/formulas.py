"""Formulas with the items in them as links."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from expectations.catalogue.cards import Card

CODE = re.compile(r"(?<![A-Z0-9])([A-Z]\d\d)(?!\d)")


class Part(NamedTuple):
    """A piece of a formula: the item of ``card``, or plain text."""

    text: str
    card: Card | None


def parts(formula: str, cards: Mapping[str, Card]) -> list[Part]:
    """``B02+B03=B01`` as five parts; their texts joined are the formula."""
    pieces = CODE.split(formula)  # every second one is a code
    return [Part(text, cards.get(text) if place % 2 else None) for place, text in enumerate(pieces) if text]
