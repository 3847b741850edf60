"""Stage 2, ingest: what is new in the inbox becomes raw rows, or a refusal that says why."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetExecutionContext,
    AssetKey,
    AssetSpec,
    MaterializeResult,
    ResourceParam,
    multi_asset,
)

from ingest.data_root import DataRoot
from ingest.reference import REFERENCE_TABLES
from ingest.reference.publish import DERIVED_TABLES
from orchestration.assets.inbox import INBOX
from orchestration.assets.raw import raw_spec
from orchestration.listener import Listener
from orchestration.lock import POOL, writing
from orchestration.owners import OWNERS
from orchestration.retries import RETRIES, only_machine_failures_retried

if TYPE_CHECKING:
    from ingest.inbox import InboxReport

GROUP = "ingest"
TABLES_WRITTEN = (
    "receipts",
    "monthly_report_communities",
    "monthly_report_totals",
    "monthly_report_subdistricts",
    "profile_figures",
    "headers",
    "problems",
    "refusals",
    "register_changes",
)
RECEIPTS, REFUSALS = AssetKey(["raw", "receipts"]), AssetKey(["raw", "refusals"])
NOTHING_LOST = AssetCheckSpec(
    "every_cell_is_accounted_for",
    asset=RECEIPTS,
    description="每份报表：读到的单元格 = 载入 + 空白 + 未载入。",
    blocking=True,
)
NOTHING_REFUSED = AssetCheckSpec("no_file_was_refused", asset=REFUSALS, description="本次没有拒收的文件。")


def reference_specs() -> list[AssetSpec]:
    return [
        AssetSpec(
            key=["raw", "reference", name],
            group_name=GROUP,
            owners=OWNERS,
            description=f"参照表 {name}：随系统提供，或由本单位 reference/{name}.csv 替换。",
            kinds={"parquet"},
        )
        for name in REFERENCE_TABLES
    ] + [
        AssetSpec(
            key=["raw", "reference", name],
            group_name=GROUP,
            owners=OWNERS,
            description="由名册推出：单位的改名、合并、分设，和由此连贯的序列。",
            kinds={"parquet"},
        )
        for name in DERIVED_TABLES
    ]


@multi_asset(
    name="submissions",
    specs=[*(raw_spec(name, GROUP, [INBOX]) for name in TABLES_WRITTEN), *reference_specs()],
    check_specs=[NOTHING_LOST, NOTHING_REFUSED],
    retry_policy=RETRIES,
    pool=POOL,
)
def submissions(
    context: AssetExecutionContext, listener: ResourceParam[Listener]
) -> Iterator[MaterializeResult | AssetCheckResult]:
    """Read the inbox; the report's counts go to the receipts' metadata."""
    from ingest.inbox import ingest_inbox
    from ingest.reference.publish import write_reference

    root = DataRoot.from_environment().create()
    with only_machine_failures_retried(), writing(root):
        write_reference(root)
        report = ingest_inbox(root, datetime.now(UTC), listener.file_read)
    listener.inbox_read(report)
    for name in TABLES_WRITTEN:
        yield MaterializeResult(asset_key=["raw", name], metadata=_counts(report) if name == "receipts" else {})
    for name in (*REFERENCE_TABLES, *DERIVED_TABLES):
        yield MaterializeResult(asset_key=["raw", "reference", name])
    yield from _checks(report)


def _counts(report: "InboxReport") -> dict[str, int]:
    return {
        "accepted": len(report.accepted),
        "refused": len(report.refused),
        "unchanged": report.unchanged,
        "read_again": report.read_again,
        "cells_loaded": sum(accepted.cells_loaded for accepted in report.accepted),
    }


def _checks(report: "InboxReport") -> Iterator[AssetCheckResult]:
    lost = [
        accepted.submission_id
        for accepted in report.accepted
        if accepted.cells_found != accepted.cells_loaded + accepted.cells_blank + accepted.cells_rejected
    ]
    yield AssetCheckResult(
        asset_key=RECEIPTS,
        check_name=NOTHING_LOST.name,
        passed=not lost,
        severity=AssetCheckSeverity.ERROR,
        metadata={"submissions": lost},
    )
    yield AssetCheckResult(
        asset_key=REFUSALS,
        check_name=NOTHING_REFUSED.name,
        passed=not report.refused,
        severity=AssetCheckSeverity.WARN,
        metadata={"reasons": [refused.message for refused in report.refused]},
    )
