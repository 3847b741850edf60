"""Runs the rules of a month, scope by scope, and counts what ran: Arrow tables → ``Outcome``."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import duckdb

from expectations.catalogue import ExpressionRule
from expectations.catalogue.expression import Reference
from expectations.detect.columns import HUNDREDTHS
from expectations.detect.counts import Check, executions
from expectations.detect.operands import Components, operands
from expectations.detect.states import PASSED, VIOLATED, state_sql
from expectations.detect.table import connected, exactly, prepare, wide_sql
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
    references = {scope: _references(checks) for scope, checks in by_scope.items() if checks}
    with connected() as con:
        prepare(con, inputs, references, number)
        return Outcome.joined(
            _run(con, inputs, scope, by_scope[scope], wide_sql(scope, wanted, number))
            for scope, wanted in references.items()
        )


def _references(checks: Iterable[Check]) -> tuple[Reference, ...]:
    return tuple(dict.fromkeys(reference for check in checks for reference in check.statement.references))


def _run(con: duckdb.DuckDBPyConnection, inputs: Inputs, scope: str, checks: list[Check], wide: str) -> Outcome:
    states = ", ".join(f"{state_sql(check.statement)} as {check.name}" for check in checks)
    names = ", ".join(check.name for check in checks)
    con.execute(
        f"create temp table noticed_{scope} as select * from (select *, {states} from ({wide})) "
        f"where greatest({names}) <> {PASSED}"
    )
    con.execute(
        f"create temp table not_passed_{scope} as select unit, subdistrict, check_name, state "
        f"from (unpivot noticed_{scope} on {names} into name check_name value state) where state <> {PASSED}"
    )
    changed = inputs.origins(max((reference.lag for reference in _references(checks)), default=0))
    not_passed = con.execute(
        f"select subdistrict, check_name, state, case when list_contains(?, unit) then unit end, count(*) "
        f"from not_passed_{scope} group by all",
        [sorted(changed)],
    ).fetchall()
    ran = executions(checks, _asked(con, scope), not_passed, inputs)
    return Outcome(_violations(con, inputs, scope, {check.name: check for check in checks}), ran)


def _asked(con: duckdb.DuckDBPyConnection, scope: str) -> dict[str, int]:
    """How many units were asked, by sub-district."""
    code = "subdistrict" if scope == "community" else scope
    count = "count(*)" if scope == "community" else "1"
    return dict(con.execute(f"select {code}, {count} from units_0 where {code} is not null group by 1").fetchall())


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
    violating = f"select unit from not_passed_{scope} where state = {VIOLATED}"
    cursor = con.execute(f"select * from noticed_{scope} where unit in ({violating})")
    names = [column[0] for column in cursor.description or ()]
    return {row[0]: dict(zip(names, row, strict=True)) for row in cursor.fetchall()}


def _violation(inputs: Inputs, check: Check, unit: str, row: dict[str, Any], components: Components) -> Violation:
    values = {reference: Fraction(row[name], HUNDREDTHS) for reference, name in check.columns if row[name] is not None}
    taking_part = {reference: values[reference] for reference in check.statement.operands if reference in values}
    reported = operands(unit, inputs.month, taking_part, components)
    return Violation(check.rule.id, unit, inputs.month, reported, check.wording.detail(values))
