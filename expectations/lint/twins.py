"""Items that stand side by side in a mandatory rule and could be exchanged without any mandatory rule noticing.

Where such an item is wrong, rules alone cannot say which of the two it is: only last month can.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from expectations.catalogue import Catalogue, ExpressionRule
from expectations.catalogue.expression import Chain, Link, Reference
from expectations.catalogue.kinds import ITEMS, RangeRule, SetRule

MIRRORED = {"<=": ">=", "<": ">", ">=": "<=", ">": "<"}

Exchange = Mapping[str, str]
Shape = tuple[Any, ...]


def twins(catalogue: Catalogue) -> list[tuple[str, ...]]:
    """Groups of items of one sheet, in the order of the item list."""
    rules = [rule for rule in catalogue.rules if rule.enabled and rule.level == "mandatory"]
    readers = {code: [rule for rule in rules if code in rule.item_codes] for code in ITEMS}
    together = _side_by_side(rules)
    group_of: dict[str, list[str]] = {}
    for first, second in sorted(together, key=lambda pair: tuple(map(list(ITEMS).index, pair))):
        concerned = {rule.id: rule for rule in (*readers[first], *readers[second])}.values()
        if _shapes(concerned, {}) == _shapes(concerned, {first: second, second: first}):
            group = group_of.setdefault(first, [first])
            group_of[second] = group
            group.append(second)
    unique = {id(group): tuple(dict.fromkeys(group)) for group in group_of.values()}
    return list(unique.values())


def _side_by_side(rules: Iterable[object]) -> set[tuple[str, str]]:
    order = list(ITEMS)
    pairs: set[tuple[str, str]] = set()
    for rule in rules:
        if isinstance(rule, ExpressionRule):
            for _, statement in rule.statements:
                codes = sorted(statement.item_codes, key=order.index)
                pairs |= {(a, b) for i, a in enumerate(codes) for b in codes[i + 1 :]}
    return {(a, b) for a, b in pairs if ITEMS[a].sheet == ITEMS[b].sheet}


def _shapes(rules: Iterable[object], exchange: Exchange) -> frozenset[Shape]:
    """What the rules say, however it is written, with items renamed."""
    found: set[Shape] = set()
    for rule in rules:
        if isinstance(rule, ExpressionRule):
            for _, statement in rule.statements:
                conditions = frozenset(_chain(chain, exchange) for chain in statement.conditions)
                consequence = _chain(statement.consequence, exchange)
                found.add((conditions, consequence, statement.equivalent, statement.tolerance, rule.in_year_months))
        elif isinstance(rule, RangeRule):
            found |= {("range", rule.minimum, rule.maximum, exchange.get(item, item)) for item in rule.items}
        elif isinstance(rule, SetRule):
            found |= {("set", ITEMS[item].choices, exchange.get(item, item)) for item in rule.items}
    return frozenset(found)


def _chain(chain: Chain, exchange: Exchange) -> Shape:
    return (frozenset(_link(link, exchange) for link in chain.links), chain.negated)


def _link(link: Link, exchange: Exchange) -> Shape:
    renamed = {
        tuple(sorted(str(_renamed(reference, exchange)) for reference in references)): coefficient
        for references, coefficient in link.difference.monomials().items()
    }
    ordered = sorted(renamed.items())
    sign = Fraction(-1 if ordered and ordered[0][1] < 0 else 1)
    relation = MIRRORED.get(link.relation, link.relation) if sign < 0 else link.relation
    return (tuple((names, coefficient * sign) for names, coefficient in ordered), relation)


def _renamed(reference: Reference, exchange: Exchange) -> Reference:
    return replace(reference, item=exchange.get(reference.item, reference.item)) if reference.item else reference
