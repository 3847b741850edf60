"""What is asked of which column: the catalogue's structure rules as plain expectations, one suite per table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from expectations.catalogue.kinds import (
    ITEMS,
    CompletenessRule,
    PresenceRule,
    RangeRule,
    SetRule,
    StructureRule,
    UniquenessRule,
)
from ingest.reference import Item

COMMUNITIES, SUBDISTRICTS, REGISTER = "社区月报", "街道汇总", "社区名册"
KEY = "community_key"  # month and community: what names a row of 社区月报 in a batch of several months
NOT_NULL, BETWEEN, IN_SET, UNIQUE = (
    "ExpectColumnValuesToNotBeNull",
    "ExpectColumnValuesToBeBetween",
    "ExpectColumnValuesToBeInSet",
    "ExpectColumnValuesToBeUnique",
)


@dataclass(frozen=True)
class Asked:
    """One expectation of one column, for a rule and the item it looks at, if any."""

    rule: StructureRule
    expectation: str  # the name of its class in great_expectations.expectations
    column: str
    item: Item | None = None
    arguments: dict[str, Any] = field(default_factory=dict)

    @property
    def description(self) -> str:
        """What Data Docs show in place of the expectation's English template."""
        about = f"：{self.item.item_code} {self.item.name_zh}" if self.item else ""
        return f"{self.rule.title_zh}{about}（{self.rule.id}，{self.rule.formula}）"

    @property
    def skips_blanks(self) -> bool:
        return self.expectation in (BETWEEN, IN_SET)


def plan(rules: Iterable[StructureRule]) -> dict[str, list[Asked]]:
    """Table → what is asked of it."""
    planned: dict[str, list[Asked]] = {COMMUNITIES: [], SUBDISTRICTS: [], REGISTER: []}
    for rule in rules:
        planned[_table(rule)] += _asked(rule)
    return planned


def _table(rule: StructureRule) -> str:
    if isinstance(rule, CompletenessRule):
        return REGISTER
    return COMMUNITIES if rule.scope == "community" else SUBDISTRICTS


def _asked(rule: StructureRule) -> list[Asked]:
    if isinstance(rule, CompletenessRule):
        return [Asked(rule, NOT_NULL, "row_number")]
    if isinstance(rule, UniquenessRule):
        return [Asked(rule, UNIQUE, KEY)]
    return [_of_item(rule, ITEMS[code]) for code in rule.items]


def _of_item(rule: PresenceRule | RangeRule | SetRule, item: Item) -> Asked:
    if isinstance(rule, PresenceRule):
        return Asked(rule, NOT_NULL, item.column_name, item)
    if isinstance(rule, SetRule):
        return Asked(rule, IN_SET, item.column_name, item, {"value_set": list(item.choices)})
    limits = {"min_value": _float(rule.minimum), "max_value": _float(rule.maximum)}
    return Asked(
        rule, BETWEEN, item.column_name, item, {key: value for key, value in limits.items() if value is not None}
    )


def _float(limit: Decimal | None) -> float | None:
    """GX makes every limit a float; see ``frames.as_asked`` for why the values have to be floats then."""
    return None if limit is None else float(limit)
