"""dbt's results as Dagster events: a built model is a materialisation, a test is an asset check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dagster import (
    AssetCheckKey,
    AssetCheckResult,
    AssetCheckSeverity,
    AssetExecutionContext,
    AssetKey,
    MaterializeResult,
)

from orchestration.dbt.runner import NodeResult

# Where dagster-dbt notes which dbt node an asset or a check stands for.
UNIQUE_ID = "dagster_dbt/unique_id"


def events(
    context: AssetExecutionContext, nodes: Iterable[NodeResult]
) -> Iterator[MaterializeResult | AssetCheckResult]:
    """Events for those nodes that the run asked for; a skipped node leaves no event, as nothing is known of it."""
    definition, asked = context.assets_def, context.selected_asset_keys
    assets = {spec.metadata.get(UNIQUE_ID): spec.key for spec in definition.specs if spec.key in asked}
    checks = {
        spec.metadata.get(UNIQUE_ID): spec.key
        for spec in definition.check_specs
        if spec.key in context.selected_asset_check_keys
    }
    for node in nodes:
        if node.status == "skipped":
            continue
        if node.unique_id in checks:
            yield check_result(node, checks[node.unique_id])
        elif node.unique_id in assets and not node.failed:
            yield materialisation(node, assets[node.unique_id])


def materialisation(node: NodeResult, key: AssetKey) -> MaterializeResult:
    return MaterializeResult(
        asset_key=key, metadata={"seconds": round(node.seconds, 3), "dbt_message": node.message or ""}
    )


def check_result(node: NodeResult, key: AssetCheckKey) -> AssetCheckResult:
    return AssetCheckResult(
        asset_key=key.asset_key,
        check_name=key.name,
        passed=node.status in ("pass", "success"),
        severity=AssetCheckSeverity.WARN if node.status == "warn" else AssetCheckSeverity.ERROR,
        metadata={"failures": node.failures or 0, "dbt_message": node.message or "", "seconds": round(node.seconds, 3)},
    )
