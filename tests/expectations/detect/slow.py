"""The rules once more, one record at a time, in Fractions: what the SQL has to agree with."""

from __future__ import annotations

import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from expectations.catalogue import ExpressionRule
from expectations.catalogue.expression import Chain, Form, Reference, Statement
from ingest.reference import items
from tests.expectations.support import UNITS, Month

ITEMS = {item.item_code: item for item in items()}
COMPARE = {
    "<=": operator.le,
    "<": operator.lt,
    "=": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    ">": operator.gt,
}

Lookup = Callable[[Reference], Fraction | None]


class Missing(Exception):
    """An operand has no value."""


def number(item: str, value: Any) -> Fraction | None:
    if value is None:
        return None
    if ITEMS[item].value_type == "choice":
        choices = ITEMS[item].choices
        return Fraction(choices.index(value) + 1) if value in choices else None
    return Fraction(value) if isinstance(value, bool) else Fraction(str(value))


def of_row(row: dict[str, Any], reference: Reference) -> Fraction | None:
    value = row.get(reference.item)
    if reference.function in ("bits", "bit"):
        if value is None or len(value) != 5 or set(value) - {"0", "1"}:
            return None
        return Fraction(value.count("1") if reference.function == "bits" else int(value[reference.argument - 1]))
    found = number(reference.item, value)
    return found % reference.argument if reference.function == "mod" and found is not None else found


class World:
    """Months by lag, and the first version under "first"."""

    def __init__(self, months: dict[int | str, Month]) -> None:
        self.months = months

    def lookup(self, unit: str, scope: str) -> Lookup:
        return lambda reference: self._value(unit, scope, reference)

    def _value(self, unit: str, scope: str, reference: Reference) -> Fraction | None:
        month = self.months.get("first" if reference.first else reference.lag)
        below = [u for u in UNITS if u.level == "community" and u.parent_code == unit]
        if reference.function == "units":
            return Fraction(len(below))
        if month is None:
            return None
        if reference.function == "registered":
            return number("P05", next(u.community_type for u in UNITS if u.unit_code == unit))
        if reference.function == "department":
            return None
        if reference.aggregate == "total":
            return of_row(month.totals.get(unit, {}), reference)
        if reference.aggregate:
            parts = [of_row(month.communities.get(u.unit_code, {}), reference) for u in below]
            if None in parts:
                return None
            return sum(parts, Fraction(0)) if reference.aggregate == "sum" else Fraction(len(parts))
        source = month.communities if scope == "community" else month.lists
        return of_row(source.get(unit, {}), reference)


def evaluate(form: Form, lookup: Lookup) -> Fraction:
    total = Fraction(0)
    for term in form.terms:
        value = term.coefficient
        for reference in term.references:
            found = lookup(reference)
            if found is None:
                raise Missing(str(reference))
            value *= found
        total += value
    return total


def holds(chain: Chain, lookup: Lookup, slack: Fraction = Fraction(0)) -> bool:
    sides = [evaluate(side, lookup) for side in chain.sides]
    answers = []
    for left, relation, right in zip(sides, chain.relations, sides[1:], strict=False):
        if relation in ("=", "!="):
            answers.append((abs(left - right) <= slack) == (relation == "="))
        elif relation in ("<=", "<"):
            answers.append(COMPARE[relation](left, right + slack))
        else:
            answers.append(COMPARE[relation](left + slack, right))
    return all(answers) != chain.negated


def state(statement: Statement, lookup: Lookup) -> str:
    """passed, violated or missing."""
    try:
        if statement.equivalent:
            both = holds(statement.conditions[0], lookup), holds(statement.consequence, lookup, statement.tolerance)
            return "passed" if both[0] == both[1] else "violated"
        for condition in statement.conditions:
            if not holds(condition, lookup):
                return "passed"
        return "passed" if holds(statement.consequence, lookup, statement.tolerance) else "violated"
    except Missing:
        return "missing"


def states(world: World, rules: tuple[ExpressionRule, ...]) -> dict[tuple[str, str], list[str]]:
    """(rule, unit) → the state of each of the rule's statements."""
    found = {}
    for rule in rules:
        if rule.scope == "county":
            continue
        for unit in UNITS:
            if unit.level == rule.scope:
                lookup = world.lookup(unit.unit_code, rule.scope)
                found[rule.id, unit.unit_code] = [state(statement, lookup) for _, statement in rule.statements]
    return found
