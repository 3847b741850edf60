"""How often each rule ran, and why it could not, per sub-district."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from expectations.catalogue import ExpressionRule
from expectations.catalogue.expression import Statement
from expectations.detect.operands import reason
from expectations.detect.states import FIRST_MISSING
from expectations.history import Inputs
from expectations.violation import Execution


@dataclass(frozen=True)
class Check:
    """A statement of a rule; a rule that holds per item has one for each. ``name`` is its column of states."""

    name: str
    rule: ExpressionRule
    statement: Statement


def executions(
    checks: Iterable[Check],
    asked: Mapping[str, int],
    not_passed: Iterable[tuple[str, str, int, str | None, int]],
    inputs: Inputs,
) -> tuple[Execution, ...]:
    """Executions of one scope: every check is asked of every unit.

    ``asked`` counts units by sub-district, ``not_passed`` says (sub-district, check, state, unit, units); the unit is
    named where it is one that has changed.
    """
    by_name = {check.name: check for check in checks}
    missing: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    violated: dict[tuple[str, str], int] = defaultdict(int)
    for subdistrict, name, state, unit, count in not_passed:
        check = by_name[name]
        key = (check.rule.id, subdistrict)
        if state >= FIRST_MISSING:
            reference = check.statement.references[state - FIRST_MISSING]
            changed = unit in inputs.origins(reference.lag) if unit else False
            missing[key][reason(reference, inputs.month, changed)] += count
        else:
            violated[key] += count
    statements = {check.rule.id: len(check.rule.statements) for check in by_name.values()}
    units = sorted(asked.items())
    found: list[Execution] = []
    for rule, times in sorted(statements.items()):
        for subdistrict, count in units:
            key = (rule, subdistrict)
            if key in missing:
                found += _partly_executed(key, count * times, violated.get(key, 0), missing[key])
            else:
                found.append(Execution(rule, subdistrict, count * times, violated.get(key, 0), 0))
    return tuple(found)


def _partly_executed(
    key: tuple[str, str], asked: int, violated: int, reasons: Mapping[str, int]
) -> Iterable[Execution]:
    executed = asked - sum(reasons.values())
    if executed:
        yield Execution(*key, executed, violated, 0)
    for why, count in sorted(reasons.items()):
        yield Execution(*key, 0, 0, count, why)
