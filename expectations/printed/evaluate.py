"""Asks every rule over printed figures of the columns that it concerns."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
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
    for question in questions(sheet, rules):
        rule, unit = question.rule, question.unit_code
        try:
            check = question.answer(sheet)
        except NotExecutable as missing:
            executions.append(Execution(rule.id, unit, 0, 0, 1, str(missing)))
            continue
        executions.append(Execution(rule.id, unit, 1, int(check.detail is not None), 0))
        if check.detail is not None:
            violations.append(Violation(rule.id, unit, sheet.month, check.operands, check.detail))
    return Outcome(tuple(violations), Executions.of(executions))


@dataclass(frozen=True)
class Question:
    """One rule asked of the column of one unit, whatever the figures of the sheet are."""

    rule: PrintedRule
    unit_code: str
    name: str
    evaluator: Evaluator

    @property
    def key(self) -> tuple[str, str]:
        return self.rule.id, self.unit_code

    def answer(self, sheet: Sheet) -> Check:
        """Raises NotExecutable where a figure is missing."""
        return self.evaluator(self.rule, Column(sheet, self.unit_code, self.name))

    def check(self, sheet: Sheet) -> bool | None:
        """Whether the rule holds; None where a figure is missing."""
        try:
            return self.answer(sheet).detail is None
        except NotExecutable:
            return None


def questions(sheet: Sheet, rules: Iterable[PrintedRule]) -> list[Question]:
    """Each rule with every column that it concerns."""
    return [
        Question(rule, column.unit_code, column.name, evaluator)
        for rule in rules
        for evaluator, concerned in [_evaluator(rule, sheet)]
        for column in concerned
    ]


def broken(sheet: Sheet, asked: Iterable[Question]) -> frozenset[tuple[str, str]]:
    """The keys of the questions that do not hold; what can no longer be asked does not hold either."""
    return frozenset(question.key for question in asked if question.check(sheet) is not True)


def takes_part(sheet: Sheet, question: Question) -> frozenset[tuple[str, str]]:
    """(figure, unit) of every cell that may decide the question."""
    within = type(question.rule) in _WITHIN_A_COLUMN
    units = [question.unit_code] if within else [column.unit_code for column in (*sheet.parts, sheet.total)]
    return frozenset((code, unit) for code in question.rule.item_codes for unit in units)


def _evaluator(rule: PrintedRule, sheet: Sheet) -> tuple[Evaluator, tuple[Column, ...]]:
    kind = type(rule)
    if kind in _WITHIN_A_COLUMN:
        return _WITHIN_A_COLUMN[kind], (*sheet.parts, sheet.total)
    if kind in _OF_THE_TOTAL:
        return _OF_THE_TOTAL[kind], (sheet.total,)
    return _OF_EACH_PART[kind], sheet.parts
