"""A statement as an SQL CASE over the wide table: passed, violated, or which operand is missing."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import lcm

from expectations.catalogue.expression import Chain, Form, Link, Monomial, Reference, Statement
from expectations.detect.columns import HUNDREDTHS, WIDE, quoted

PASSED, VIOLATED, FIRST_MISSING = 0, 1, 2  # FIRST_MISSING + n: the n-th reference of the statement has no value

# Two hundredths of this size, times any coefficient of the catalogue, stay below HUGEINT's 1.7e38.
LARGEST_FACTOR = 10**16

SQL_RELATIONS = {
    "<=": "{difference} <= {slack}",
    "<": "{difference} < {slack}",
    "=": "abs({difference}) <= {slack}",
    "!=": "abs({difference}) > {slack}",
    ">=": "{difference} >= -{slack}",
    ">": "{difference} > -{slack}",
}


def state_sql(statement: Statement) -> str:
    """SMALLINT: PASSED, VIOLATED, or FIRST_MISSING + n. Where a condition does not hold, nothing else is asked."""
    consequence = _chain_sql(statement.consequence, statement.tolerance)
    cases: list[str] = []
    if statement.equivalent:
        cases += _missing_sql(statement, statement.references)
        consequence = f"({_chain_sql(statement.conditions[0], Fraction(0))}) = ({consequence})"
    else:
        for condition in statement.conditions:
            cases += _missing_sql(statement, condition.references())
            cases.append(f"when not ({_chain_sql(condition, Fraction(0))}) then {PASSED}")
        cases += _missing_sql(statement, statement.consequence.references())
    return f"cast(case {' '.join(cases)} when {consequence} then {PASSED} else {VIOLATED} end as smallint)"


def _missing_sql(statement: Statement, references: Iterable[Reference]) -> list[str]:
    return [
        f"when {quoted(str(reference))} is null then {FIRST_MISSING + statement.references.index(reference)}"
        for reference in dict.fromkeys(references)
    ]


def _chain_sql(chain: Chain, tolerance: Fraction) -> str:
    links = " and ".join(f"({_link_sql(link, tolerance)})" for link in chain.links)
    return f"not ({links})" if chain.negated else links


def _link_sql(link: Link, tolerance: Fraction) -> str:
    difference, scale = _whole_sql(link.difference, tolerance)
    return SQL_RELATIONS[link.relation].format(difference=f"({difference})", slack=int(tolerance * scale))


def _whole_sql(form: Form, tolerance: Fraction) -> tuple[str, int]:
    """The form over whole numbers and the factor by which it was scaled up for that."""
    monomials = form.monomials()
    degree = max((len(monomial) for monomial in monomials), default=1) or 1
    scale = lcm(tolerance.denominator, *(c.denominator for c in monomials.values())) * HUNDREDTHS**degree
    terms = [
        _term_sql(int(coefficient * scale) // HUNDREDTHS ** len(monomial), monomial, degree)
        for monomial, coefficient in monomials.items()
    ]
    return " + ".join(terms) or "0", scale


def _term_sql(coefficient: int, monomial: Monomial, degree: int) -> str:
    names = [quoted(str(reference)) for reference in monomial]
    if degree > 1:
        names = [f"least(greatest({name}::{WIDE}, -{LARGEST_FACTOR}), {LARGEST_FACTOR})" for name in names]
    return " * ".join([f"({coefficient})", *names])
