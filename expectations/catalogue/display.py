"""Writes statements and their arithmetic for readers, by codes and numbers: ``B02+B03=B01：57+22≠80``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from expectations.catalogue.expression import Chain, Form, Link, Reference, Statement, Term
from expectations.catalogue.kinds import ITEMS

GLYPHS = {"<=": "≤", "<": "<", "=": "=", "!=": "≠", ">=": "≥", ">": ">"}
BROKEN = {"<=": ">", "<": "≥", "=": "≠", "!=": "=", ">=": "<", ">": "≤"}
NOT_ARITHMETIC = ("yes_no", "choice")

Values = Mapping[Reference, Fraction]
Spelling = Callable[[Reference], str]


def plain(value: Fraction) -> str:
    """An exact decimal without trailing zeros or exponent; a fraction that is none, to four places."""
    if value.denominator == 1:
        return str(value.numerator)
    number = Decimal(value.numerator) / Decimal(value.denominator)
    text = f"{number:f}" if Fraction(number) == value else f"{number:.4f}"
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


def spell(reference: Reference) -> str:
    """The name by which readers know a reference."""
    code = reference.item or ""
    named = {
        "bits": f"{code}星数",
        "bit": f"{code}第{reference.argument}位",
        "mod": f"{code}尾数",
        "registered": f"名册{code}",
        "department": f"部门{code}",
        "units": "名册社区数",
        "rows": "填报社区数",
    }.get(reference.function, code)
    aggregated = {"sum": f"Σ{named}", "count": f"{named}填报社区数", "total": f"合计{named}"}.get(
        reference.aggregate, named
    )
    return f"{_when(reference)}{aggregated}"


def _when(reference: Reference) -> str:
    if reference.first:
        return "首报"
    return {0: "", 1: "上月", 12: "去年同月"}.get(reference.lag, f"{reference.lag}个月前")


def show(reference: Reference, value: Fraction) -> str:
    """A value as it was answered: 是/否 and choices as words, numbers plain."""
    item = ITEMS.get(reference.item or "")
    if item is None or reference.aggregate or reference.function in ("bits", "bit", "mod"):
        return plain(value)
    if item.value_type == "yes_no":
        return "是" if value else "否"
    if item.value_type == "choice":
        return item.choices[int(value) - 1]
    return plain(value)


@dataclass(frozen=True)
class Wording:
    """How a statement is written, once, for all that violate it; ``notation`` replaces the formula."""

    statement: Statement
    notation: str | None = None

    @cached_property
    def formula(self) -> str:
        return self.notation or _formula(self.statement)

    def detail(self, values: Values) -> str:
        """The formula and, after ``：``, what the values make of it. Every reference of the consequence needs one."""
        return f"{self.formula}：{self._arithmetic(values)}"

    def _arithmetic(self, values: Values) -> str:
        statement = self.statement
        if self.notation or statement.equivalent or any(_is_word(r) for r in statement.operands):
            return _listing(statement.operands, values)
        numbers = _chain(
            statement.consequence, lambda r: _number(r, values), lambda link: _relation(statement, link, values)
        )
        told = set(statement.consequence.references())
        listing = _listing(tuple(r for r in statement.operands if r not in told), values)
        return f"{numbers}，{listing}" if listing else numbers


def _is_word(reference: Reference) -> bool:
    item = ITEMS.get(reference.item or "")
    return item is not None and not reference.aggregate and item.value_type in NOT_ARITHMETIC


def _listing(references: tuple[Reference, ...], values: Values) -> str:
    return "，".join(f"{spell(r)}={show(r, values[r])}" for r in references if r in values)


def _formula(statement: Statement) -> str:
    consequence = _chain(statement.consequence, spell, lambda link: GLYPHS[link.relation])
    if statement.consequence.negated:
        consequence = f"不应{consequence}"
    if statement.tolerance:
        consequence += f"（±{plain(statement.tolerance)}）"
    conditions = "且".join(_chain(c, spell, lambda link: GLYPHS[link.relation]) for c in statement.conditions)
    if statement.equivalent:
        return f"{conditions}⇔{consequence}"
    return f"{conditions}时，{consequence}" if conditions else consequence


def _relation(statement: Statement, link: Link, values: Values) -> str:
    return (GLYPHS if link.holds(values, statement.tolerance) else BROKEN)[link.relation]


def _chain(chain: Chain, spelling: Spelling, relation: Callable[[Link], str]) -> str:
    text = _form(chain.sides[0], spelling)
    for link in chain.links:
        text += relation(link) + _form(link.right, spelling)
    return text


def _number(reference: Reference, values: Values) -> str:
    text = plain(values[reference])
    return f"(−{text[1:]})" if text.startswith("-") else text


def _form(form: Form, spelling: Spelling) -> str:
    text = ""
    for term in form.terms:
        sign = "−" if term.coefficient < 0 else "+" if text else ""
        text += sign + _term(term, spelling)
    return text or "0"


def _term(term: Term, spelling: Spelling) -> str:
    names = [spelling(reference) for reference in term.references]
    size = abs(term.coefficient)
    return "×".join(names if names and size == 1 else [plain(size), *names])
