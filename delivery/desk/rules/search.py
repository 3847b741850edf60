"""Finds items by code, name or any spelling of their header, and rules by code or sentence."""

from __future__ import annotations

from collections.abc import Iterable

from expectations.catalogue.cards import Card, Rulebook, RuleCard
from ingest.forms.spelling import spell, spellings


def find_cards(cards: Iterable[Card], query: str) -> list[Card]:
    """Those of ``cards`` that ``query`` may mean, in their order; all of them for a query without letters.

    Compared as ingest compares headers: without spaces, widths, quotes, and a bracket that holds the unit.
    """
    keys = [key for key, _ in spellings(query) if key]
    return [card for card in cards if not keys or _names(card, keys)]


def _names(card: Card, keys: list[str]) -> bool:
    texts = [spell(text) for text in (card.name, card.group, card.purpose, *card.spellings)]
    return card.code.lower() in keys or any(key in text for key in keys for text in texts)


def find_rules(book: Rulebook, query: str) -> list[RuleCard]:
    """The rules whose code or sentence holds ``query``; none for an empty one."""
    key = spell(query)
    return [rule for rule in book.rules if key and (key in rule.code.lower() or key in spell(rule.sentence))]
