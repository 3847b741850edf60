"""What the pipeline calls: which months are to be evaluated, and evaluating one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from expectations import store
from expectations.calibration import read_correction
from expectations.catalogue import Catalogue, load_catalogue
from expectations.evaluate import Evaluation, evaluate, evaluate_structures
from expectations.history import History, Inputs, Tables, load_history, months_back, read_department_values
from expectations.identity import Identities, Identity
from expectations.recorded import Recorded, read, recorded
from expectations.settings import read_settings
from expectations.suspicions import suspicions
from expectations.violation import Outcome
from ingest.data_root import DataRoot
from ingest.raw.read import load_month
from ingest.raw.schema import TABLES
from ingest.reference import read_units

if TYPE_CHECKING:
    from expectations.structure import SuiteResult

__all__ = [
    "Evaluation",
    "EvaluationReport",
    "evaluate_month",
    "evaluate_months",
    "evaluate_tables",
    "overdue_months",
    "stale_months",
]


# Great Expectations takes about a second a batch, however small, and some 300 MB per 10,000 failing rows.
ROWS_TOGETHER = 20_000


@dataclass(frozen=True)
class EvaluationReport:
    """How a month's evaluation ended; ``reused`` where it was there already.

    ``findings`` counts by severity those that follow from no other one.
    """

    evaluation_id: str
    month: date
    reused: bool
    findings: dict[str, int]
    executed: int
    not_executed: int


def stale_months(root: DataRoot, now: datetime | None = None) -> list[date]:
    """The months with receipts whose current inputs are not what their latest evaluation saw, ascending.

    A report that is still missing when its day is over is such an input; ``now`` is the clock's time if None.
    """
    identities = Identities(root, load_catalogue(root), now or datetime.now(UTC))
    return [m for m in identities.months if _current(identities.of(m), recorded(root, m)) is None]


def overdue_months(root: DataRoot, months: Sequence[date], now: datetime | None = None) -> list[date]:
    """Those of ``months`` for which a report is missing although it was due."""
    identities = Identities(root, load_catalogue(root), now or datetime.now(UTC))
    return [month for month in months if identities.overdue_since(month) is not None]


def evaluate_month(root: DataRoot, month: date, now: datetime | None = None) -> EvaluationReport:
    """:func:`evaluate_months` of one month."""
    [report], _ = evaluate_months(root, [month], now=now)
    return report


def evaluate_months(
    root: DataRoot,
    months: Sequence[date],
    progress: Callable[[int], None] = lambda done: None,
    now: datetime | None = None,
) -> tuple[list[EvaluationReport], list[SuiteResult]]:
    """Evaluate the latest submissions of ``months`` and append what was found.

    Earlier months come first, because the next one reads what they suspect; a month that this made stale is evaluated
    as well. A month whose latest evaluation saw the same inputs costs nothing. ``progress`` hears how many months are
    done. The suites' results are those of the months that were asked. ``now``, the clock's time if None, only decides
    whether a missing report is overdue. Raises KeyError for a month without receipts that is not due yet,
    CatalogueError, SettingsError or ReferenceTableError for wrong configuration.
    """
    catalogue = load_catalogue(root)
    store.write_rules(root, catalogue)
    identities = Identities(root, catalogue, now or datetime.now(UTC))
    reports = {month: report for month in months if (report := _recorded_report(root, identities.of(month), month))}
    progress(len(reports))
    suites: list[SuiteResult] = []
    waiting = [month for month in sorted(set(months)) if month not in reports]
    while waiting:
        for batch in _batches(root, catalogue, waiting):
            structures, results = evaluate_structures(batch, catalogue, root.data_docs)
            suites += results
            for inputs in batch:
                identity = identities.of(inputs.month)
                reports[inputs.month] = _evaluate(root, catalogue, inputs, structures[inputs.month], identity)
                progress(len(reports))
        waiting = [m for m in sorted(set(months)) if _current(identities.of(m), recorded(root, m)) is None]
    return [reports[month] for month in months], suites


def _batches(root: DataRoot, catalogue: Catalogue, months: Sequence[date]) -> Iterator[list[Inputs]]:
    """The months' inputs, as many together as have ROWS_TOGETHER rows, and at least one."""
    common = _common(root)
    batch: list[Inputs] = []
    rows = 0
    for month in months:
        history = load_history(root, month, catalogue.rules)
        batch.append(Inputs(month, load_month(root, month), history, **common))
        rows += batch[-1].tables["monthly_report_communities"].num_rows
        if rows >= ROWS_TOGETHER:
            yield batch
            batch, rows = [], 0
    if batch:
        yield batch


def _common(root: DataRoot) -> dict[str, Any]:
    """What the inputs of all months share."""
    return {
        "units": read_units(root),
        "department_values": read_department_values(root),
        "settings": read_settings(root),
        "correction": read_correction(root),
    }


def _recorded_report(root: DataRoot, identity: Identity, month: date) -> EvaluationReport | None:
    current = _current(identity, recorded(root, month))
    if current is None:
        return None
    findings = read(root, "findings", month, current)
    return _report(current, month, findings, read(root, "rule_executions", month, current), reused=True)


def _evaluate(
    root: DataRoot, catalogue: Catalogue, inputs: Inputs, structure: Outcome, identity: Identity
) -> EvaluationReport:
    past = recorded(root, inputs.month)
    before = suspicions(root, months_back(inputs.month, 1))
    inputs = replace(inputs, suspicions=before, overdue=identity.overdue)
    evaluation_id = _next_id(identity, past)
    evaluation = evaluate(inputs, catalogue, structure, evaluation_id)
    head = {
        "evaluation_id": evaluation_id,
        "month": inputs.month,
        "as_of": store.after(past[-1] if past else None, identity.as_of),
        "month_as_of": identity.month_as_of,
        "overdue": identity.overdue,
        "rules_version": catalogue.version,
    }
    store.append(root, evaluation_id, evaluation, pa.Table.from_pylist([head], schema=TABLES["evaluations"]))
    return _report(evaluation_id, inputs.month, evaluation.findings, evaluation.executions, reused=False)


def evaluate_tables(root: DataRoot, month: date, tables: Tables, history: History) -> Evaluation:
    """Evaluate tables that were not (yet) stored, with the keys of ``load_month``; writes nothing.

    Only the sub-districts that stand in their receipts are asked: of one file, nobody else is missing.
    """
    sent = frozenset(tables["receipts"].column("subdistrict_code").to_pylist())
    catalogue = load_catalogue(root)
    inputs = Inputs(
        month,
        tables,
        history,
        **_common(root),
        only=sent,
        suspicions=suspicions(root, months_back(month, 1)),
    )
    structures, _ = evaluate_structures([inputs], catalogue)
    return evaluate(inputs, catalogue, structures[month])


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
    evaluation_id: str, month: date, findings: pa.Table, executions: pa.Table, reused: bool
) -> EvaluationReport:
    leading = findings.filter(pc.is_null(findings.column("suppressed_by")))
    return EvaluationReport(
        evaluation_id=evaluation_id,
        month=month,
        reused=reused,
        findings=dict(sorted(Counter(leading.column("severity").to_pylist()).items())),
        executed=pc.sum(executions.column("executed")).as_py() or 0,
        not_executed=pc.sum(executions.column("not_executed")).as_py() or 0,
    )
