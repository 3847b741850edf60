"""Evaluates months' inputs with all evaluators; pure but for Great Expectations' Data Docs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from expectations.catalogue import Catalogue
from expectations.conserved import conserved_findings
from expectations.content import check_content
from expectations.detect import detect
from expectations.echoes import suppress_echoes
from expectations.findings import collect
from expectations.findings.budget import within_budget
from expectations.findings.model import UnitTree
from expectations.findings.repeats import said_once
from expectations.findings.rows import cell_rows, finding_rows, suggestion_rows
from expectations.history import Inputs
from expectations.localise.annotate import annotate
from expectations.printed import evaluate_profile
from expectations.violation import Executions, Outcome
from ingest.raw.schema import TABLES

if TYPE_CHECKING:
    from expectations.structure import SuiteResult

NOTHING = Outcome.joined(())


@dataclass(frozen=True)
class Evaluation:
    """What is to be written of a month; the tables have the schemas of raw."""

    findings: pa.Table
    suggestions: pa.Table
    cells: pa.Table
    executions: pa.Table


def evaluate_structures(
    batch: Sequence[Inputs], catalogue: Catalogue, docs: Path | None = None
) -> tuple[dict[date, Outcome], list[SuiteResult]]:
    """What Great Expectations says of each month, and how its suites ended over all of them together."""
    outcomes = {inputs.month: NOTHING for inputs in batch}
    reports = [inputs for inputs in batch if _has_reports(inputs)]
    if not reports:
        return outcomes, []
    from expectations.structure import StructureInputs, evaluate_structure

    months = [
        StructureInputs(
            inputs.month,
            inputs.tables["monthly_report_communities"].to_pandas(),
            inputs.tables["monthly_report_subdistricts"].to_pandas(),
            inputs.asked,
            catalogue.structure(inputs.month),
        )
        for inputs in reports
    ]
    found, suites = evaluate_structure(months, docs)
    return outcomes | found, suites


def evaluate(inputs: Inputs, catalogue: Catalogue, structure: Outcome, evaluation_id: str = "") -> Evaluation:
    """Ask every other rule of the catalogue that holds in the month, and put all findings together."""
    outcomes = evaluate_outcomes(inputs, catalogue, structure)
    findings = collect(inputs, catalogue.by_id, (v for outcome in outcomes for v in outcome.violations))
    findings = annotate(suppress_echoes(findings, inputs, catalogue), inputs, catalogue)
    findings = sorted([*findings, *conserved_findings(inputs, catalogue)], key=lambda finding: finding.order)
    tree = UnitTree(inputs.units, inputs.month)
    findings = said_once(findings, catalogue.by_id)
    findings = within_budget(findings, catalogue.by_id, tree, inputs.settings.budget)
    executions = Executions.joined(outcome.executions for outcome in outcomes)
    return Evaluation(
        finding_rows(findings, evaluation_id, tree),
        suggestion_rows(findings, evaluation_id, tree, inputs.tables["receipts"]),
        cell_rows(findings, evaluation_id),
        _execution_rows(executions, evaluation_id, inputs.month),
    )


def evaluate_outcomes(inputs: Inputs, catalogue: Catalogue, structure: Outcome) -> tuple[Outcome, ...]:
    """What each evaluator says, before anything follows from anything."""
    has_reports = _has_reports(inputs)
    reported = detect(inputs, catalogue.expressions(inputs.month)) if has_reports else NOTHING
    content = check_content(inputs, catalogue.content(inputs.month)) if has_reports else NOTHING
    printed = evaluate_profile(
        inputs.tables["profile_figures"], inputs.units, inputs.month, catalogue.printed(inputs.month)
    )
    return reported, content, structure, printed


def _has_reports(inputs: Inputs) -> bool:
    """Without any monthly report, that it is missing says it all."""
    return "monthly_report" in inputs.tables["receipts"].column("form").to_pylist()


def _execution_rows(executions: Executions, evaluation_id: str, month: date) -> pa.Table:
    schema, count = TABLES["rule_executions"], len(executions)
    own = {"evaluation_id": pa.repeat(evaluation_id, count), "month": pa.repeat(month, count)}
    columns = {name: executions.table.column(name) for name in executions.table.column_names} | own
    return pa.table({field.name: columns[field.name] for field in schema}, schema=schema)
