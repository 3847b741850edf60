"""The catalogue's mandatory rules of one sheet as a linear system over its cells.

Everything that a record cannot change is a constant of the record: last month, sums over other rows, the unit tree. A
rule that no linear row can say (an inequality of two values, a condition on something else than zero) takes no part
in localisation and is listed in ``Compiled.left_out``; it is still checked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import lru_cache
from math import lcm

import numpy as np

from expectations.catalogue import Catalogue
from expectations.catalogue.expression import Chain, Form, Link, Reference, Statement
from expectations.catalogue.kinds import ITEMS, ExpressionRule, RangeRule
from expectations.localise.system import System

MONEY_SCALE = 100  # money is counted in 0.01 万元, the unit of the workbook's second decimal
DOMAIN = ""  # stands for a rule code where the type of a cell is the rule
NUMERIC = ("integer", "money", "yes_no", "bits")
SWITCH = 1_000_000  # no count of a community reaches it: V03 <= SWITCH × V02 says that V02 = 0 forces V03 = 0


def scale_of(item: str) -> int:
    return MONEY_SCALE if ITEMS[item].value_type == "money" else 1


@dataclass(frozen=True)
class Row:
    """``Σ weights · cells + Σ given · references + constant  (= | >=)  0`` with whole-number coefficients."""

    rule_code: str
    weights: dict[str, int]
    given: dict[Reference, int]
    constant: int
    equal: bool
    slack: int = 0


@dataclass(frozen=True)
class Compiled:
    """The rows of a sheet's system, in the order of ``system.rules``, and the rules that are not in it."""

    system: System
    rows: tuple[Row, ...]
    left_out: tuple[str, ...]

    def given(self) -> tuple[Reference, ...]:
        """The references whose values a record's constants are made of."""
        return tuple(dict.fromkeys(reference for row in self.rows for reference in row.given))


@lru_cache(maxsize=4)
def compile_sheet(catalogue: Catalogue, sheet: str, month: date) -> Compiled:
    """The system of ``sheet`` ("community" or "subdistrict") as it holds in ``month``, with all that it implies."""
    cells = tuple(code for code, item in ITEMS.items() if item.sheet == sheet and item.value_type in NUMERIC)
    rows, left_out = list(_domain_rows(cells)), []
    for rule in catalogue.rules:
        if not rule.enabled or rule.level != "mandatory" or rule.scope != sheet:
            continue
        try:
            rows += list(_rows(rule, set(cells), month))
        except NotLinear:
            left_out.append(rule.id)
    index = {cell: position for position, cell in enumerate(cells)}
    table = np.zeros((len(rows), len(cells)), dtype=np.int64)
    for line, row in enumerate(rows):
        for cell, weight in row.weights.items():
            table[line, index[cell]] = weight
    system = System.build(cells, table, np.array([row.equal for row in rows], dtype=bool))
    return Compiled(system, tuple(rows), tuple(left_out))


def _domain_rows(cells: tuple[str, ...]) -> Iterator[Row]:
    """Yes or no is 0 or 1, five bits have at most five ones: no rule has to say so."""
    for cell in cells:
        highest = {"yes_no": 1, "bits": 5}.get(ITEMS[cell].value_type)
        if highest is not None:
            yield Row(DOMAIN, {cell: 1}, {}, 0, equal=False)
            yield Row(DOMAIN, {cell: -1}, {}, highest, equal=False)


class NotLinear(ValueError):
    """The rule is no conjunction of linear comparisons."""


def _rows(rule: object, cells: set[str], month: date) -> Iterator[Row]:
    if isinstance(rule, RangeRule):
        yield from _range_rows(rule, cells)
    elif isinstance(rule, ExpressionRule) and rule.asked_in(month):
        for _, statement in rule.statements:
            yield from _statement_rows(rule.id, statement, cells)


def _range_rows(rule: RangeRule, cells: set[str]) -> Iterator[Row]:
    for item in cells.intersection(rule.items):
        if rule.minimum is not None:
            yield Row(rule.id, {item: 1}, {}, -int(rule.minimum * scale_of(item)), equal=False)
        if rule.maximum is not None:
            yield Row(rule.id, {item: -1}, {}, int(rule.maximum * scale_of(item)), equal=False)


def _statement_rows(code: str, statement: Statement, cells: set[str]) -> Iterator[Row]:
    if statement.conditions:
        yield from _switch_rows(code, statement, cells)
        return
    if statement.consequence.negated:
        raise NotLinear(code)
    for link in statement.consequence.links:
        yield from _both_ways(_link_row(code, link, cells, statement.tolerance))


def _both_ways(row: Row) -> Iterator[Row]:
    """An equality with something given becomes two inequalities, which a record without it can be let off."""
    if row.equal and row.given:
        yield replace(row, equal=False)
        turned = {cell: -weight for cell, weight in row.weights.items()}
        yield replace(
            row, weights=turned, given={r: -w for r, w in row.given.items()}, constant=-row.constant, equal=False
        )
    else:
        yield row


def _switch_rows(code: str, statement: Statement, cells: set[str]) -> Iterator[Row]:
    """``a = 0 => b = 0`` (both ways where equivalent) as ``b <= SWITCH × a``; both are at least 0 by other rules."""
    if len(statement.conditions) != 1:
        raise NotLinear(code)
    condition, consequence = _zero_cell(statement.conditions[0], cells), _zero_cell(statement.consequence, cells)
    yield Row(code, {condition: SWITCH, consequence: -1}, {}, 0, equal=False)
    if statement.equivalent:
        yield Row(code, {consequence: SWITCH, condition: -1}, {}, 0, equal=False)


def _zero_cell(chain: Chain, cells: set[str]) -> str:
    links = chain.links
    monomials = links[0].difference.monomials() if len(links) == 1 else {}
    if chain.negated or chain.relations != ("=",) or len(monomials) != 1:
        raise NotLinear(str(chain))
    ((references, _),) = monomials.items()
    if len(references) != 1 or (cell := _cell(references[0], cells)) is None:
        raise NotLinear(str(chain))
    return cell


def _link_row(code: str, link: Link, cells: set[str], tolerance: Fraction) -> Row:
    if link.relation == "!=":
        raise NotLinear(code)
    below = link.relation in ("<", "<=")
    form = link.difference.scaled(Fraction(-1)) if below else link.difference
    weights, given, constant = _split(form, cells)
    if not weights:
        raise NotLinear(code)  # nothing in this record can heal it
    whole = lcm(*(value.denominator for value in (*weights.values(), *given.values(), constant)))
    strict = 1 if link.relation in ("<", ">") else 0
    return Row(
        code,
        {cell: int(value * whole) for cell, value in weights.items()},
        {reference: int(value * whole) for reference, value in given.items()},
        int(constant * whole) - strict,
        equal=link.relation == "=",
        slack=int(tolerance * max(scale_of(cell) for cell in weights) * whole),
    )


def _split(form: Form, cells: set[str]) -> tuple[dict[str, Fraction], dict[Reference, Fraction], Fraction]:
    """Coefficients of the record's cells and of what is given, both per scaled whole number, and the constant."""
    common = MONEY_SCALE if any(_is_money(reference) for reference in form.references()) else 1
    weights: dict[str, Fraction] = {}
    given: dict[Reference, Fraction] = {}
    constant = Fraction(0)
    for references, coefficient in form.monomials().items():
        if len(references) > 1:
            raise NotLinear(str(references))
        if not references:
            constant = coefficient * common
            continue
        per_unit = coefficient * common / (MONEY_SCALE if _is_money(references[0]) else 1)
        cell = _cell(references[0], cells)
        if cell is None:
            given[references[0]] = per_unit
        else:
            weights[cell] = weights.get(cell, Fraction(0)) + per_unit
    return weights, given, constant


def _is_money(reference: Reference) -> bool:
    return reference.item is not None and ITEMS[reference.item].value_type == "money"


def _cell(reference: Reference, cells: set[str]) -> str | None:
    """The record's own cell that a reference reads; for a row of bits that is the number of ones in it."""
    if reference.aggregate or reference.lag or reference.first or reference.item not in cells:
        return None
    if ITEMS[reference.item].value_type == "bits":
        return reference.item if reference.function == "bits" else None
    return reference.item if not reference.function else None
