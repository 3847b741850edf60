"""How often each rule ran, and why it could not, per sub-district."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from expectations.catalogue import ExpressionRule
from expectations.catalogue.display import Wording
from expectations.catalogue.expression import Reference, Statement
from expectations.detect.operands import reason
from expectations.detect.states import FIRST_MISSING
from expectations.history import Inputs
from expectations.violation import Execution, Executions

Place = tuple[int, int]  # of a rule and of a sub-district, each among the sorted codes


@dataclass(frozen=True)
class Check:
    """A statement of a rule; a rule that holds per item has one for each. ``name`` is its column of states."""

    name: str
    rule: ExpressionRule
    statement: Statement

    @cached_property
    def wording(self) -> Wording:
        return Wording(self.statement, self.rule.notation)

    @cached_property
    def columns(self) -> tuple[tuple[Reference, str], ...]:
        """The references with the names of their columns in the wide table."""
        return tuple((reference, str(reference)) for reference in self.statement.references)


def executions(
    checks: Iterable[Check],
    asked: Mapping[str, int],
    not_passed: Iterable[tuple[str, str, int, str | None, int]],
    inputs: Inputs,
) -> Executions:
    """Executions of one scope: every check is asked of every unit.

    ``asked`` counts units by sub-district, ``not_passed`` says (sub-district, check, state, unit, units); the unit is
    named where it is one that has changed.
    """
    by_name = {check.name: check for check in checks}
    statements = {check.rule.id: len(check.rule.statements) for check in by_name.values()}
    rules, subdistricts = sorted(statements), sorted(asked)
    rule_place, place = _places(rules), _places(subdistricts)
    times = np.array([statements[rule] for rule in rules], dtype=np.int64)
    executed = np.outer(times, np.array([asked[code] for code in subdistricts], dtype=np.int64))
    violated = np.zeros_like(executed)
    missing: dict[Place, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for subdistrict, name, state, unit, count in not_passed:
        check = by_name[name]
        where = rule_place[check.rule.id], place[subdistrict]
        if state >= FIRST_MISSING:
            reference = check.statement.references[state - FIRST_MISSING]
            changed = unit in inputs.origins(reference.lag) if unit else False
            missing[where][reason(reference, inputs.month, changed)] += count
            executed[where] -= count
        else:
            violated[where] += count
    return _in_order(rules, subdistricts, executed, violated, missing)


def _places(codes: list[str]) -> dict[str, int]:
    return {code: place for place, code in enumerate(codes)}


def _in_order(
    rules: list[str],
    subdistricts: list[str],
    executed: NDArray[np.int64],
    violated: NDArray[np.int64],
    missing: Mapping[Place, Mapping[str, int]],
) -> Executions:
    """By rule and sub-district, what ran before what did not; ``executed`` and ``violated`` (rules, sub-districts)."""
    ran = np.ones(executed.shape, dtype=bool)
    for where in missing:
        ran[where] = executed[where] > 0
    rule, subdistrict = np.nonzero(ran)
    columns = [pa.array(rules, pa.string()).take(rule), pa.array(subdistricts, pa.string()).take(subdistrict)]
    counts = [pa.array(table[ran], pa.int32()) for table in (executed, violated, np.zeros_like(executed))]
    count = len(rule)
    whole = Executions(pa.table([*columns, *counts, pa.nulls(count, pa.string())], schema=Executions.SCHEMA))
    not_run = [(where, why, times) for where, reasons in missing.items() for why, times in sorted(reasons.items())]
    if not not_run:
        return whole
    partly = Executions.of(Execution(rules[r], subdistricts[s], 0, 0, times, why) for (r, s), why, times in not_run)
    there = [r * len(subdistricts) + s for (r, s), _, _ in not_run]
    order = np.argsort(np.concatenate([rule * len(subdistricts) + subdistrict, there]), kind="stable")
    return Executions(Executions.joined((whole, partly)).table.take(order))
