"""The month's structure rules through Great Expectations: violations, executions and the results of the suites."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from expectations.catalogue.kinds import StructureRule
from expectations.catalogue.models import RuleBase
from expectations.structure.executions import executions
from expectations.structure.frames import ROW_ID, Batch, as_asked
from expectations.structure.suites import plan
from expectations.structure.validation import Answer, Suite, validate
from expectations.structure.violations import violations
from expectations.violation import Outcome
from ingest.reference import Unit

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class SuiteResult:
    """How a suite ended: ``evaluated`` expectations, of which ``unsuccessful`` failed on some row."""

    name: str
    success: bool
    evaluated: int
    unsuccessful: int


def evaluate_structure(
    frame: pd.DataFrame,
    month: date,
    units: Iterable[Unit],
    rules: Iterable[RuleBase],
    docs_folder: Path | None,
    subdistricts: pd.DataFrame | None = None,
) -> tuple[Outcome, list[SuiteResult]]:
    """The structure rules among ``rules`` that hold in ``month``, over the month's latest submissions.

    ``frame`` has the rows of ``monthly_report_communities``, ``subdistricts`` those of ``monthly_report_subdistricts``
    (None where nobody sent one): codes, ``row_number``, typed items and, for better sentences, ``<column>__text``.
    Data Docs go to ``docs_folder/<YYYY-MM>``, nowhere if None. A table without rows has no suite result.
    """
    batch = Batch.of(frame, subdistricts, units, month)
    asked = plan(rule for rule in rules if isinstance(rule, StructureRule) and rule.holds_on(month))
    asked = {table: expectations for table, expectations in asked.items() if expectations}
    suites = [
        Suite(table, as_asked(batch.frames[table]), ROW_ID[table], tuple(expectations))
        for table, expectations in asked.items()
        if len(batch.frames[table])
    ]
    answers = validate(suites, month, docs_folder)
    found = {table: tuple(violations(batch, table, answers.get(table, []))) for table in asked}
    ran = [execution for table in asked for execution in executions(batch, table, asked[table], found[table])]
    return Outcome(sum(found.values(), ()), tuple(ran)), [_result(table, answers[table]) for table in answers]


def _result(table: str, answers: list[Answer]) -> SuiteResult:
    unsuccessful = sum(bool(answer.rows) for answer in answers)
    return SuiteResult(table, unsuccessful == 0, len(answers), unsuccessful)
