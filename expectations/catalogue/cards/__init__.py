"""The rule pages (口径卡) as data: what readers are told of each item, printed figure and rule, in their words.

Here belongs what a card says; how it looks belongs to ``expectations.catalogue.page`` (Markdown in docs) and to
``delivery.desk`` (pages). Both show these cards and word nothing by themselves.
"""

from expectations.catalogue.cards.item import Card, Fact
from expectations.catalogue.cards.rule import Formula, RuleCard
from expectations.catalogue.cards.rulebook import Rulebook, read_rulebook

__all__ = ["Card", "Fact", "Formula", "RuleCard", "Rulebook", "read_rulebook"]
