"""Structure rules through Great Expectations: violations, executions and the results of the suites.

Great Expectations has a floor of about a second a run, whatever the rows, so months that are evaluated together go
through it together, as one batch; a single month is a batch of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from expectations.catalogue.kinds import StructureRule
from expectations.catalogue.models import RuleBase
from expectations.structure.executions import executions
from expectations.structure.frames import ROW_ID, Batch, as_asked
from expectations.structure.suites import Asked, plan
from expectations.structure.validation import Answer, Suite, validate
from expectations.structure.violations import violations
from expectations.violation import Executions, Outcome
from ingest.reference import Unit

if TYPE_CHECKING:
    import pandas as pd

Plan = dict[str, list[Asked]]
Answers = dict[str, list[Answer]]


@dataclass(frozen=True)
class SuiteResult:
    """How a suite ended: ``evaluated`` expectations, of which ``unsuccessful`` failed on some row."""

    name: str
    success: bool
    evaluated: int
    unsuccessful: int


@dataclass(frozen=True)
class StructureInputs:
    """A month's latest submissions and the rules of its catalogue.

    ``communities`` has the rows of ``monthly_report_communities``, ``subdistricts`` those of
    ``monthly_report_subdistricts`` (None where nobody sent one): codes, ``row_number``, typed items and, for better
    sentences, ``<column>__text``.
    """

    month: date
    communities: pd.DataFrame
    subdistricts: pd.DataFrame | None
    units: tuple[Unit, ...]
    rules: tuple[RuleBase, ...]

    def batch(self) -> Batch:
        return Batch.of(self.communities, self.subdistricts, self.units, self.month)

    def plan(self) -> Plan:
        asked = plan(rule for rule in self.rules if isinstance(rule, StructureRule) and rule.holds_on(self.month))
        return {table: expectations for table, expectations in asked.items() if expectations}


def evaluate_structure(
    months: Sequence[StructureInputs], docs_folder: Path | None
) -> tuple[dict[date, Outcome], list[SuiteResult]]:
    """The outcome of each month, and how the suites ended over all of them.

    Data Docs go to ``docs_folder/<YYYY-MM>``, or ``<first>_<last>`` of several months; nowhere if None. A table without
    rows has no suite result.
    """
    outcomes: dict[date, Outcome] = {}
    results: list[SuiteResult] = []
    for group in _alike(months):
        batches = {inputs.month: inputs.batch() for inputs in group}
        asked = group[0].plan()
        answers = validate(_suites(batches, asked), list(batches), docs_folder)
        outcomes |= {month: _outcome(batch, asked, _of_month(answers, month)) for month, batch in batches.items()}
        results += [_result(table, answers[table]) for table in answers]
    return outcomes, results


def _alike(months: Sequence[StructureInputs]) -> Iterable[list[StructureInputs]]:
    """Months that are asked the same."""
    groups: dict[str, list[StructureInputs]] = defaultdict(list)
    for inputs in months:
        groups[repr(inputs.plan())].append(inputs)
    return groups.values()


def _suites(batches: dict[date, Batch], asked: Plan) -> list[Suite]:
    frames = {table: [as_asked(b.frames[table], month) for month, b in batches.items()] for table in asked}
    return [
        Suite(
            table,
            _together(frames[table], (*row_id, *(one.column for one in expectations))),
            row_id,
            tuple(expectations),
        )
        for table, expectations in asked.items()
        for row_id in [("month", *ROW_ID[table])]
        if any(len(frame) for frame in frames[table])
    ]


def _together(frames: list[pd.DataFrame], columns: Iterable[str]) -> pd.DataFrame:
    """``columns`` alone, lying together: each expectation takes the filled rows of the whole frame anew."""
    import pandas as pd

    wanted = list(dict.fromkeys(columns))
    return pd.concat([frame[wanted] for frame in frames if len(frame)], ignore_index=True).copy()


def _of_month(answers: Answers, month: date) -> Answers:
    return {
        table: [replace(answer, rows=tuple(row for row in answer.rows if row["month"] == month)) for answer in found]
        for table, found in answers.items()
    }


def _outcome(batch: Batch, asked: Plan, answers: Answers) -> Outcome:
    found = {table: tuple(violations(batch, table, answers.get(table, []))) for table in asked}
    ran = [execution for table in asked for execution in executions(batch, table, asked[table], found[table])]
    return Outcome(sum(found.values(), ()), Executions.of(ran))


def _result(table: str, answers: list[Answer]) -> SuiteResult:
    unsuccessful = sum(bool(answer.rows) for answer in answers)
    return SuiteResult(table, unsuccessful == 0, len(answers), unsuccessful)
