"""Sums over a split: what several new units report together, against what their predecessors reported.

Each of them alone has no last month, so the rules that look back are not executed for it. A rule that only adds and
subtracts counts holds for a sum if it holds for each part; such rules are asked of all parts together instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from expectations.carried import carried
from expectations.catalogue import Catalogue, ExpressionRule
from expectations.catalogue.expression import Form, Statement
from expectations.catalogue.kinds import ITEMS
from expectations.detect import detect
from expectations.findings.model import Finding, UnitTree
from expectations.findings.violations import from_violations
from expectations.history import History, Inputs, months_back
from expectations.violation import Operand, Violation
from ingest.succession import Change, Origin


def conserved_findings(inputs: Inputs, catalogue: Catalogue) -> list[Finding]:
    """What the parts of this month's splits violate together, said of the first of them; no cell is suspected."""
    splits = [c for c in inputs.succession.changes if c.month == inputs.month and c.level == "community"]
    rules = [rule for rule in catalogue.expressions(inputs.month) if _holds_for_sums(rule)]
    violations = [found for split in splits if len(split.after) > 1 for found in _violations(inputs, split, rules)]
    tables = {**inputs.history.earlier, inputs.month: inputs.tables}
    return from_violations(violations, catalogue.by_id, tables, UnitTree(inputs.units, inputs.month))


def _holds_for_sums(rule: ExpressionRule) -> bool:
    looks_back = any(reference.lag for _, statement in rule.statements for reference in statement.references)
    return rule.scope == "community" and looks_back and all(_only_adds(statement) for _, statement in rule.statements)


def _only_adds(statement: Statement) -> bool:
    chain = statement.consequence
    return (
        not (statement.conditions or chain.negated)
        and "!=" not in chain.relations
        and all(_is_sum(link.difference) for link in chain.links)
    )


def _is_sum(form: Form) -> bool:
    """Linear, without a constant, over items that can be added up."""
    return all(len(monomial) == 1 for monomial in form.monomials()) and all(
        not reference.function and not reference.aggregate and ITEMS[reference.item or ""].additive
        for reference in form.references()
    )


def _violations(inputs: Inputs, split: Change, rules: Iterable[ExpressionRule]) -> Iterator[Violation]:
    """Ask the rules of one community that stands for all parts, and say of which cells it was made."""
    whole = min(split.after)
    members = {month: _members(inputs, split, month) for month in (inputs.month, *inputs.history.earlier)}
    tables = {
        month: carried(found, {whole: members[month]})
        for month, found in {**inputs.history.earlier, inputs.month: inputs.tables}.items()
    }
    one = replace(
        inputs,
        tables=tables.pop(inputs.month),
        history=History(tables),
        units=tuple(u for u in inputs.units if u.unit_code == whole or u.level != "community"),
        only=None,
    )
    for violation in detect(one, rules).violations:
        operands = (each for operand in violation.operands for each in _parts(operand, members[operand.month]))
        detail = f"{_names(inputs, split)}：{violation.detail}"
        yield replace(violation, operands=tuple(operands), detail=detail)


def _members(inputs: Inputs, split: Change, month: date) -> Origin:
    """Whom the community stands for in ``month``; None where that cannot be said."""
    if month == split.month:
        return split.after
    origins = inputs.succession.origins(months_back(split.month, 1), month)
    known = [origin for code in split.before if (origin := origins.get(code, frozenset({code}))) is not None]
    return frozenset[str]().union(*known) if len(known) == len(split.before) else None


def _parts(operand: Operand, members: Origin) -> Iterator[Operand]:
    return (replace(operand, unit_code=code) for code in sorted(members or ()))


def _names(inputs: Inputs, split: Change) -> str:
    now, before = UnitTree(inputs.units, split.month), UnitTree(inputs.units, months_back(split.month, 1))
    parts = "、".join(now.name(code) for code in sorted(split.after))
    return f"{parts}合计，对照撤并前的{'、'.join(before.name(code) for code in sorted(split.before))}"
