"""What an expression means: references to numbers, exact forms over them, chains of comparisons, statements.

Forms are linear, but for products of two references (a mean times its headcount), which :meth:`Form.fix` makes linear
once one side is known. Coefficients are Fractions, so nothing is rounded. Reading text belongs to ``parser``, writing
it for readers to ``display``, evaluating whole tables to ``expectations.detect``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Literal

Aggregate = Literal["", "sum", "count", "total"]
Function = Literal["", "bits", "bit", "mod", "registered", "department", "units", "rows"]
Relation = Literal["<=", "<", "=", "!=", ">=", ">"]

HOLDS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "<=": lambda difference, slack: difference <= slack,
    "<": lambda difference, slack: difference < slack,
    "=": lambda difference, slack: abs(difference) <= slack,
    "!=": lambda difference, slack: abs(difference) > slack,
    ">=": lambda difference, slack: difference >= -slack,
    ">": lambda difference, slack: difference > -slack,
}


@dataclass(frozen=True)
class Reference:
    """One number that a rule reads: an item of the unit, or what is counted or looked up about it.

    ``lag`` counts months back; ``first`` means the first version sent of that month. ``aggregate`` "total" is the
    clerk's own 合计 row, "sum" and "count" go over the communities of the unit.
    """

    item: str | None
    function: Function = ""
    aggregate: Aggregate = ""
    argument: int | None = None
    lag: int = 0
    first: bool = False

    def __str__(self) -> str:
        text = self.item or ""
        if self.function:
            text = f"{self.function}({text}{'' if self.argument is None else f', {self.argument}'})"
        if self.aggregate:
            text = f"{self.aggregate}({text})"
        return f"{text}[v1]" if self.first else f"{text}[-{self.lag}]" if self.lag else text


Monomial = tuple[Reference, ...]  # (): a constant; one reference: linear; two: a product


@dataclass(frozen=True)
class Term:
    """``coefficient × references``, as it was written."""

    coefficient: Fraction
    references: Monomial = ()

    def value(self, values: Mapping[Reference, Fraction]) -> Fraction:
        found = self.coefficient
        for reference in self.references:
            found *= values[reference]
        return found


@dataclass(frozen=True)
class Form:
    """A sum of terms in the order written; :meth:`monomials` merges them."""

    terms: tuple[Term, ...]

    def monomials(self) -> dict[Monomial, Fraction]:
        """Coefficient by monomial, without the zero ones."""
        merged: dict[Monomial, Fraction] = {}
        for term in self.terms:
            key = tuple(sorted(term.references, key=str))
            merged[key] = merged.get(key, Fraction(0)) + term.coefficient
        return {key: coefficient for key, coefficient in merged.items() if coefficient}

    @property
    def is_linear(self) -> bool:
        return all(len(monomial) < 2 for monomial in self.monomials())

    def references(self) -> Iterator[Reference]:
        for term in self.terms:
            yield from term.references

    def __add__(self, other: Form) -> Form:
        return Form(self.terms + other.terms)

    def __mul__(self, other: Form) -> Form:
        """The product, term by term. Raises ValueError where three references would meet."""
        products = tuple(
            Term(left.coefficient * right.coefficient, left.references + right.references)
            for left in self.terms
            for right in other.terms
        )
        if any(len(term.references) > 2 for term in products):
            raise ValueError("乘积最多含两个指标")
        return Form(products)

    def scaled(self, factor: Fraction) -> Form:
        return Form(tuple(Term(term.coefficient * factor, term.references) for term in self.terms))

    def minus(self, other: Form) -> Form:
        return self + other.scaled(Fraction(-1))

    def fix(self, known: Mapping[Reference, Fraction]) -> Form:
        """The same form with ``known`` references replaced by their values."""
        return Form(tuple(_fixed(term, known) for term in self.terms))

    def value(self, values: Mapping[Reference, Fraction]) -> Fraction:
        """Raises KeyError where a reference has no value."""
        return sum((term.value(values) for term in self.terms), Fraction(0))


def _fixed(term: Term, known: Mapping[Reference, Fraction]) -> Term:
    coefficient = term.coefficient
    for reference in term.references:
        coefficient *= known.get(reference, Fraction(1))
    return Term(coefficient, tuple(r for r in term.references if r not in known))


@dataclass(frozen=True)
class Link:
    """One comparison of a chain: ``left relation right``."""

    left: Form
    relation: Relation
    right: Form

    @cached_property
    def difference(self) -> Form:
        """``left − right``: the link compares it with zero."""
        return self.left.minus(self.right)

    def holds(self, values: Mapping[Reference, Fraction], slack: Fraction) -> bool:
        return HOLDS[self.relation](self.difference.value(values), slack)


@dataclass(frozen=True)
class Chain:
    """``A <= B <= C``: all links hold; ``negated``: not all of them do."""

    sides: tuple[Form, ...]
    relations: tuple[Relation, ...]
    negated: bool = False

    @cached_property
    def links(self) -> tuple[Link, ...]:
        return tuple(
            Link(left, relation, right)
            for left, relation, right in zip(self.sides, self.relations, self.sides[1:], strict=False)
        )

    def references(self) -> Iterator[Reference]:
        for side in self.sides:
            yield from side.references()


@dataclass(frozen=True)
class Statement:
    """What a rule says of one unit: where all ``conditions`` hold, ``consequence`` must.

    With ``equivalent`` there is one condition, and it and the consequence hold together or not at all. ``tolerance`` is
    the slack of the consequence's links, in the unit of the items. The first ``guards`` conditions only say when the
    rule is asked: what they read takes no part in a violation.
    """

    conditions: tuple[Chain, ...]
    consequence: Chain
    equivalent: bool = False
    tolerance: Fraction = Fraction(0)
    guards: int = 0

    @cached_property
    def references(self) -> tuple[Reference, ...]:
        """All references, each once, in the order written."""
        return _references((*self.conditions, self.consequence))

    @cached_property
    def operands(self) -> tuple[Reference, ...]:
        """The references that take part in a violation."""
        return _references((*self.conditions[self.guards :], self.consequence))

    @property
    def item_codes(self) -> tuple[str, ...]:
        return tuple(sorted({reference.item for reference in self.references if reference.item}))


def _references(chains: tuple[Chain, ...]) -> tuple[Reference, ...]:
    return tuple(dict.fromkeys(reference for chain in chains for reference in chain.references()))
