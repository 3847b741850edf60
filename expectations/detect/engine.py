"""Runs the rules of a month, scope by scope, and counts what ran: Arrow tables → ``Outcome``."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import duckdb

from expectations.catalogue import ExpressionRule
from expectations.catalogue.display import detail
from expectations.catalogue.expression import Reference
from expectations.detect.columns import HUNDREDTHS
from expectations.detect.counts import Check, executions
from expectations.detect.operands import Components, operands
from expectations.detect.states import PASSED, VIOLATED, state_sql
from expectations.detect.table import exactly, prepare, wide_sql
from expectations.history import Inputs
from expectations.violation import Outcome, Violation

SCOPES = ("community", "subdistrict", "county")


def detect(inputs: Inputs, rules: Iterable[ExpressionRule]) -> Outcome:
    """Evaluate ``rules`` (those asked of the month) on every unit of the tree."""
    by_scope: dict[str, list[Check]] = {scope: [] for scope in SCOPES}
    for rule in rules:
        for _, statement in rule.statements:
            checks = by_scope[rule.scope]
            checks.append(Check(f"check_{len(checks)}", rule, statement))
    return exactly(lambda number: _detect(inputs, by_scope, number))


def _detect(inputs: Inputs, by_scope: dict[str, list[Check]], number: str) -> Outcome:
    with duckdb.connect(":memory:") as con:
        prepare(con, inputs, _references(check for checks in by_scope.values() for check in checks), number)
        outcomes = [_run(con, inputs, scope, checks, number) for scope, checks in by_scope.items() if checks]
    return Outcome(
        tuple(violation for outcome in outcomes for violation in outcome.violations),
        tuple(execution for outcome in outcomes for execution in outcome.executions),
    )


def _references(checks: Iterable[Check]) -> tuple[Reference, ...]:
    return tuple(dict.fromkeys(reference for check in checks for reference in check.statement.references))


def _run(con: duckdb.DuckDBPyConnection, inputs: Inputs, scope: str, checks: list[Check], number: str) -> Outcome:
    con.execute(f"create temp view wide_{scope} as {wide_sql(scope, _references(checks), number)}")
    states = ", ".join(f"{state_sql(check.statement)} as {check.name}" for check in checks)
    con.execute(f"create temp table states_{scope} as select unit, subdistrict, {states} from wide_{scope}")
    con.execute(
        f"create temp table not_passed_{scope} as select * from (unpivot states_{scope} "
        f"on columns(* exclude (unit, subdistrict)) into name check_name value state) where state <> {PASSED}"
    )
    violations = _violations(con, inputs, scope, {check.name: check for check in checks})
    asked = dict(con.execute(f"select subdistrict, count(*) from states_{scope} group by 1").fetchall())
    changed = inputs.origins(max((reference.lag for reference in _references(checks)), default=0))
    not_passed = con.execute(
        f"select subdistrict, check_name, state, case when list_contains(?, unit) then unit end, count(*) "
        f"from not_passed_{scope} group by all",
        [sorted(changed)],
    ).fetchall()
    return Outcome(violations, executions(checks, asked, not_passed, inputs))


def _violations(
    con: duckdb.DuckDBPyConnection, inputs: Inputs, scope: str, checks: dict[str, Check]
) -> tuple[Violation, ...]:
    found = con.execute(
        f"select unit, check_name from not_passed_{scope} where state = {VIOLATED} order by unit, check_name"
    ).fetchall()
    rows = _violating_rows(con, scope)
    components = Components.of(con, inputs, scope, [(unit, checks[name].statement) for unit, name in found])
    return tuple(_violation(inputs, checks[name], unit, rows[unit], components) for unit, name in found)


def _violating_rows(con: duckdb.DuckDBPyConnection, scope: str) -> dict[str, dict[str, Any]]:
    cursor = con.execute(
        f"select * from wide_{scope} where unit in (select unit from not_passed_{scope} where state = {VIOLATED})"
    )
    names = [column[0] for column in cursor.description or ()]
    return {row[0]: dict(zip(names, row, strict=True)) for row in cursor.fetchall()}


def _violation(inputs: Inputs, check: Check, unit: str, row: dict[str, Any], components: Components) -> Violation:
    values = {
        reference: Fraction(row[str(reference)], HUNDREDTHS)
        for reference in check.statement.references
        if row[str(reference)] is not None
    }
    arithmetic = detail(check.statement, values, check.rule.notation)
    taking_part = {reference: values[reference] for reference in check.statement.operands if reference in values}
    reported = operands(unit, inputs.month, taking_part, components)
    return Violation(check.rule.id, unit, inputs.month, reported, arithmetic)
