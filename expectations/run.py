"""What the pipeline calls: which months are to be evaluated, and evaluating one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from expectations import store
from expectations.catalogue import load_catalogue
from expectations.evaluate import Evaluation, evaluate
from expectations.history import History, Inputs, Tables, load_history, read_department_values
from expectations.identity import Identities, Identity
from expectations.store import Recorded
from ingest.data_root import DataRoot
from ingest.raw.read import load_month
from ingest.raw.schema import TABLES
from ingest.reference import Unit, read_units

if TYPE_CHECKING:
    from expectations.structure import SuiteResult

__all__ = ["Evaluation", "EvaluationReport", "evaluate_month", "evaluate_tables", "stale_months"]


@dataclass(frozen=True)
class EvaluationReport:
    """How a month's evaluation ended. ``findings`` counts by severity those that follow from no other one.

    ``gx`` is empty where the evaluation was there already (``reused``).
    """

    evaluation_id: str
    month: date
    reused: bool
    findings: dict[str, int]
    executed: int
    not_executed: int
    gx: list[SuiteResult]


def stale_months(root: DataRoot) -> list[date]:
    """The months with receipts whose current inputs are not what their latest evaluation saw, ascending."""
    identities = Identities(root, load_catalogue(root))
    return [m for m in identities.months if _current(identities.of(m), store.recorded(root, m)) is None]


def evaluate_month(root: DataRoot, month: date) -> EvaluationReport:
    """Evaluate the latest submissions of a month and append what was found, unless the latest evaluation saw the same.

    Raises KeyError for a month without receipts, CatalogueError or ReferenceTableError for wrong configuration.
    """
    catalogue = load_catalogue(root)
    store.write_rules(root, catalogue)
    identity = Identities(root, catalogue).of(month)
    past = store.recorded(root, month)
    current = _current(identity, past)
    if current is not None:
        findings = store.read(root, "findings", month, current)
        return _report(current, month, findings, store.read(root, "rule_executions", month, current), None)
    evaluation_id = _next_id(identity, past)
    inputs = Inputs(
        month,
        load_month(root, month),
        load_history(root, month, catalogue.rules),
        read_units(root),
        read_department_values(root),
    )
    evaluation = evaluate(inputs, catalogue, evaluation_id, root.data_docs)
    head = {
        "evaluation_id": evaluation_id,
        "month": month,
        "as_of": store.after(past[-1] if past else None, identity.as_of),
        "month_as_of": identity.month_as_of,
        "rules_version": catalogue.version,
    }
    store.append(root, evaluation_id, evaluation, pa.Table.from_pylist([head], schema=TABLES["evaluations"]))
    return _report(evaluation_id, month, evaluation.findings, evaluation.executions, list(evaluation.gx))


def evaluate_tables(root: DataRoot, month: date, tables: Tables, history: History) -> Evaluation:
    """Evaluate tables that were not (yet) stored, with the keys of ``load_month``; writes nothing.

    Only the sub-districts that stand in their receipts are asked: of one file, nobody else is missing.
    """
    sent = set(tables["receipts"].column("subdistrict_code").to_pylist())
    units = tuple(unit for unit in read_units(root) if _is_asked(unit, sent))
    inputs = Inputs(month, tables, history, units, read_department_values(root))
    return evaluate(inputs, load_catalogue(root))


def _is_asked(unit: Unit, sent: set[str]) -> bool:
    """A county is kept for the names of its units, and its sub-districts where it sent a 概况表 itself."""
    return unit.level == "county" or unit.unit_code in sent or unit.parent_code in sent


def _current(identity: Identity, past: list[Recorded]) -> str | None:
    """The latest evaluation if it saw these inputs."""
    if not past:
        return None
    ids = {identity.inputs} | ({identity.following(past[-2].evaluation_id)} if len(past) > 1 else set())
    return past[-1].evaluation_id if past[-1].evaluation_id in ids else None


def _next_id(identity: Identity, past: list[Recorded]) -> str:
    known = {one.evaluation_id for one in past}
    return identity.following(past[-1].evaluation_id) if identity.inputs in known else identity.inputs


def _report(
    evaluation_id: str, month: date, findings: pa.Table, executions: pa.Table, gx: list[SuiteResult] | None
) -> EvaluationReport:
    leading = findings.filter(pc.is_null(findings.column("suppressed_by")))
    return EvaluationReport(
        evaluation_id=evaluation_id,
        month=month,
        reused=gx is None,
        findings=dict(sorted(Counter(leading.column("severity").to_pylist()).items())),
        executed=pc.sum(executions.column("executed")).as_py() or 0,
        not_executed=pc.sum(executions.column("not_executed")).as_py() or 0,
        gx=gx or [],
    )
