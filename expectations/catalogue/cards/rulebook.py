"""All cards of a deployment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from expectations.catalogue.cards.item import Card, figure_card, item_card
from expectations.catalogue.cards.rule import RuleCard, rule_card
from expectations.catalogue.cards.words import SHEETS
from expectations.catalogue.load import Catalogue, load_catalogue
from ingest.data_root import DataRoot
from ingest.reference import Item, ProfileFigure, StarCriterion, items, profile_figures, read_table, star_criteria
from ingest.reference.models import Row

AnyRow = TypeVar("AnyRow", bound=Row)


@dataclass(frozen=True)
class Rulebook:
    """The cards of items by sheet, of figures, and of rules by code.

    ``version`` changes with any rule.
    """

    items: tuple[Card, ...]
    figures: tuple[Card, ...]
    rules: tuple[RuleCard, ...]
    version: str

    @cached_property
    def cards(self) -> dict[str, Card]:
        """Code → card, items before figures."""
        return {card.code: card for card in (*self.items, *self.figures)}

    @cached_property
    def rule_cards(self) -> dict[str, RuleCard]:
        """Code → card of the rule."""
        return {rule.code: rule for rule in self.rules}

    @cached_property
    def whole_report(self) -> tuple[RuleCard, ...]:
        """The rules that read no single item, the most severe first."""
        return tuple(sorted((rule for rule in self.rules if not rule.items), key=lambda rule: rule.order))


def read_rulebook(root: DataRoot | None) -> Rulebook:
    """The cards of the deployment's own rules and reference tables; of the shipped ones without ``root``.

    Raises CatalogueError, ReferenceTableError.
    """
    catalogue = load_catalogue(root)
    if root is None:
        return _rulebook(catalogue, items(), profile_figures(), star_criteria())
    return _rulebook(
        catalogue,
        _table(root, "items", Item),
        _table(root, "profile_figures", ProfileFigure),
        _table(root, "star_criteria", StarCriterion),
    )


def _table(root: DataRoot, name: str, model: type[AnyRow]) -> tuple[AnyRow, ...]:
    return tuple(row for row in read_table(root, name) if isinstance(row, model))


def _rulebook(
    catalogue: Catalogue,
    items: Iterable[Item],
    figures: Iterable[ProfileFigure],
    criteria: tuple[StarCriterion, ...],
) -> Rulebook:
    rules = tuple(rule_card(rule) for rule in catalogue.rules)
    by_sheet = sorted(items, key=lambda item: list(SHEETS).index(item.sheet))
    return Rulebook(
        items=tuple(item_card(item, rules, criteria) for item in by_sheet),
        figures=tuple(figure_card(figure, rules) for figure in figures),
        rules=rules,
        version=catalogue.version,
    )
