"""Asks every rule over printed figures of the columns that it concerns."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import pyarrow as pa

from expectations.catalogue.models import RuleBase
from expectations.printed import columns, means, models, rollups
from expectations.printed.check import Check
from expectations.printed.models import PrintedRule
from expectations.printed.sheet import Column, NotExecutable, Sheet
from expectations.violation import Execution, Executions, Outcome, Violation
from ingest.reference import Unit

Evaluator = Callable[[Any, Column], Check]

_WITHIN_A_COLUMN: dict[type[PrintedRule], Evaluator] = {
    models.Balance: columns.balance,
    models.Ratio: columns.ratio,
    models.Bands: columns.bands,
    models.MeanInBands: means.mean_in_bands,
    models.AtMost: columns.at_most,
    models.SameValue: columns.same_value,
}
_OF_THE_TOTAL: dict[type[PrintedRule], Evaluator] = {
    models.RollupSum: rollups.rollup_sum,
    models.RollupMean: rollups.rollup_mean,
}
_OF_EACH_PART: dict[type[PrintedRule], Evaluator] = {models.PartOfWhole: rollups.part_of_whole}


def evaluate_profile(figures: pa.Table, units: Iterable[Unit], month: date, rules: Iterable[RuleBase]) -> Outcome:
    """All printed rules among ``rules`` that hold in ``month``, over the latest 概况表 of that month.

    ``figures`` has the schema of raw's ``profile_figures``, ``units`` are all versions of all units. Without any figure
    nothing was asked, and the outcome is empty. A rule about 合计 has the county as its unit.
    """
    asked = [rule for rule in rules if isinstance(rule, PrintedRule) and rule.holds_on(month)]
    return Outcome.joined(_evaluate_sheet(sheet, asked) for sheet in Sheet.read_all(figures, units, month))


def _evaluate_sheet(sheet: Sheet, rules: list[PrintedRule]) -> Outcome:
    first = ask(sheet, [rule for rule in rules if not isinstance(rule, models.SameValue)])
    doubted = frozenset((o.item_code, o.unit_code) for v in first.violations for o in v.operands)
    second = ask(replace(sheet, doubted=doubted), [rule for rule in rules if isinstance(rule, models.SameValue)])
    return Outcome.joined((first, second))


def ask(sheet: Sheet, rules: list[PrintedRule]) -> Outcome:
    """Every rule asked of the columns of ``sheet`` that it concerns."""
    violations: list[Violation] = []
    executions: list[Execution] = []
    for rule in rules:
        evaluator, concerned = _evaluator(rule, sheet)
        for column in concerned:
            try:
                check = evaluator(rule, column)
            except NotExecutable as missing:
                executions.append(Execution(rule.id, column.unit_code, 0, 0, 1, str(missing)))
                continue
            executions.append(Execution(rule.id, column.unit_code, 1, int(check.detail is not None), 0))
            if check.detail is not None:
                violations.append(Violation(rule.id, column.unit_code, sheet.month, check.operands, check.detail))
    return Outcome(tuple(violations), Executions.of(executions))


def _evaluator(rule: PrintedRule, sheet: Sheet) -> tuple[Evaluator, tuple[Column, ...]]:
    kind = type(rule)
    if kind in _WITHIN_A_COLUMN:
        return _WITHIN_A_COLUMN[kind], (*sheet.parts, sheet.total)
    if kind in _OF_THE_TOTAL:
        return _OF_THE_TOTAL[kind], (sheet.total,)
    return _OF_EACH_PART[kind], sheet.parts
