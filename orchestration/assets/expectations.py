"""Stage 3, expectations: is it believable? Findings are warnings: they never stop what follows."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetExecutionContext,
    AssetKey,
    AssetSpec,
    BackfillPolicy,
    MaterializeResult,
    ResourceParam,
    multi_asset,
)

from delivery.console.words import SEVERITIES
from ingest.data_root import DataRoot
from ingest.raw.read import months
from orchestration.assets.ingest import TABLES_WRITTEN as INGESTED
from orchestration.assets.raw import raw_spec
from orchestration.dbt.months import write_sources
from orchestration.listener import Listener
from orchestration.lock import POOL, writing
from orchestration.months import key, month_of
from orchestration.owners import OWNERS
from orchestration.partitions import MONTHS
from orchestration.retries import RETRIES, only_machine_failures_retried

if TYPE_CHECKING:
    from expectations.run import EvaluationReport
    from expectations.structure import SuiteResult

GROUP = "expectations"
TABLES_WRITTEN = ("evaluations", "findings", "suggestions", "finding_cells", "rule_executions")
EVALUATIONS, FINDINGS, EXECUTIONS = (AssetKey(["raw", name]) for name in ("evaluations", "findings", "rule_executions"))

RULES = AssetSpec(
    key=["raw", "reference", "rules"],
    group_name=GROUP,
    owners=OWNERS,
    description="生效的规则目录：系统自带的规则加上本单位 reference/rules/ 里的规则。",
    kinds={"parquet"},
)

CHECKS = [
    *(
        AssetCheckSpec(f"no_{severity}_findings", asset=FINDINGS, description=f"没有{name}审核发现（只提示，不阻断）。")
        for severity, name in SEVERITIES.items()
    ),
    AssetCheckSpec(
        "great_expectations", asset=FINDINGS, description="Great Expectations 各组结构检查（只提示，不阻断）。"
    ),
    AssetCheckSpec("every_month_was_sent", asset=EVALUATIONS, description="没有整月无人报送的月份（只提示，不阻断）。"),
    AssetCheckSpec("every_rule_was_executed", asset=EXECUTIONS, description="没有因缺少数据而未执行的规则（只提示）。"),
]


@multi_asset(
    name="findings",
    specs=[RULES, *(raw_spec(name, GROUP, [["raw", read] for read in INGESTED]) for name in TABLES_WRITTEN)],
    check_specs=CHECKS,
    partitions_def=MONTHS,
    backfill_policy=BackfillPolicy.single_run(),
    retry_policy=RETRIES,
    pool=POOL,
)
def findings(
    context: AssetExecutionContext, listener: ResourceParam[Listener]
) -> Iterator[MaterializeResult | AssetCheckResult]:
    """Evaluate each month of the run; a month whose inputs were evaluated before costs nothing."""
    root = DataRoot.from_environment().create()
    asked = [month_of(key) for key in context.partition_keys]
    with only_machine_failures_retried(), writing(root):
        write_sources(root)
        reports, suites = _evaluate(root, asked, listener)
    yield MaterializeResult(asset_key=RULES.key)
    for name in TABLES_WRITTEN:
        yield MaterializeResult(asset_key=["raw", name], metadata=_counts(reports) if name == "evaluations" else {})
    yield from _checks(reports, suites)
    silent = sorted({key(report.month) for report in reports} - {key(month) for month in months(root)})
    yield _warning(EVALUATIONS, "every_month_was_sent", not silent, {"months": ", ".join(silent)})


def _evaluate(
    root: DataRoot, asked: list[date], listener: Listener
) -> tuple[list["EvaluationReport"], list["SuiteResult"]]:
    """One report per month that anybody sent something for, or that nobody sent although it was due.

    Before the first month of a deployment nothing was due from it: a backfill over all partitions asks for those too.
    """
    from expectations.run import evaluate_months, overdue_months

    received = months(root)
    silent = overdue_months(root, [month for month in asked if received and month > received[0]])
    sent = [month for month in asked if month in {*received, *silent}]
    reports, suites = evaluate_months(root, sent, lambda done: listener.evaluating(done, len(sent)))
    listener.months_evaluated(reports)
    return reports, suites


def _counts(reports: list["EvaluationReport"]) -> dict[str, int]:
    return {
        "months": len(reports),
        "reused": sum(report.reused for report in reports),
        "executed": sum(report.executed for report in reports),
        "not_executed": sum(report.not_executed for report in reports),
    }


def _checks(reports: list["EvaluationReport"], suites: list["SuiteResult"]) -> Iterator[AssetCheckResult]:
    for severity in SEVERITIES:
        count = sum(report.findings.get(severity, 0) for report in reports)
        yield _warning(FINDINGS, f"no_{severity}_findings", count == 0, {"findings": count})
    yield _warning(
        FINDINGS,
        "great_expectations",
        all(suite.success for suite in suites),
        {suite.name: f"{suite.unsuccessful} of {suite.evaluated} failed" for suite in suites},
    )
    skipped = sum(report.not_executed for report in reports)
    yield _warning(EXECUTIONS, "every_rule_was_executed", skipped == 0, {"not_executed": skipped})


def _warning(asset: AssetKey, name: str, passed: bool, metadata: dict[str, Any]) -> AssetCheckResult:
    return AssetCheckResult(
        asset_key=asset, check_name=name, passed=passed, severity=AssetCheckSeverity.WARN, metadata=metadata
    )
