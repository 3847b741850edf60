"""The rule catalogue: YAML files into strict models, expressions into linear forms. Evaluates nothing."""

from expectations.catalogue.kinds import (
    CompletenessRule,
    ContentRule,
    ExpressionRule,
    PresenceRule,
    RangeRule,
    SetRule,
    StructureRule,
    UniquenessRule,
)
from expectations.catalogue.load import Catalogue, CatalogueError, load_catalogue
from expectations.catalogue.models import RuleBase

__all__ = [
    "Catalogue",
    "CatalogueError",
    "CompletenessRule",
    "ContentRule",
    "ExpressionRule",
    "PresenceRule",
    "RangeRule",
    "RuleBase",
    "SetRule",
    "StructureRule",
    "UniquenessRule",
    "load_catalogue",
]
