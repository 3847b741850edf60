"""Stage 4, warehouse: dbt builds the months of the run. A failed invariant of our SQL stops what follows."""

from collections.abc import Iterator
from datetime import date

from dagster import (
    AssetCheckResult,
    AssetExecutionContext,
    AssetsDefinition,
    BackfillPolicy,
    Failure,
    MaterializeResult,
    ResourceParam,
)
from dagster_dbt import dbt_assets

from ingest.data_root import DataRoot
from orchestration.dbt.events import events
from orchestration.dbt.project import manifest_path
from orchestration.dbt.runner import Build, build
from orchestration.dbt.translator import Translator
from orchestration.listener import Listener
from orchestration.lock import POOL, writing
from orchestration.months import month_of
from orchestration.retries import RETRIES, only_machine_failures_retried
from orchestration.staleness import basis, inputs_by_month, needs_full_build, record_build


def warehouse_assets() -> AssetsDefinition:
    """All models of the dbt project as one step; made in a function, because it needs the project to be parsed."""

    @dbt_assets(
        manifest=manifest_path(),
        name="warehouse",
        dagster_dbt_translator=Translator(),
        backfill_policy=BackfillPolicy.single_run(),
        retry_policy=RETRIES,
        pool=POOL,
    )
    def warehouse(
        context: AssetExecutionContext, listener: ResourceParam[Listener]
    ) -> Iterator[MaterializeResult | AssetCheckResult]:
        # In a backfill Dagster asks for views and dimensions in a run of their own, without months: then all are built.
        months = [month_of(key) for key in context.partition_keys] if context.has_partition_key_range else []
        root = DataRoot.from_environment().create()
        with only_machine_failures_retried(), writing(root):
            result = build_months(root, months, listener)
        yield from events(context, result.nodes)
        if not result.success:
            raise Failure(description=_failures(result), allow_retries=False)

    return warehouse


def build_months(root: DataRoot, months: list[date], listener: Listener) -> Build:
    """Replace ``months``, or build everything where what all months share has changed; note it if it succeeded."""
    full, built_with, inputs = needs_full_build(root), basis(root), inputs_by_month(root)
    result = build(root, [] if full else months, full, listener.node_finished)
    listener.built()
    if result.success:
        built = inputs if full or not months else {month: inputs[month] for month in months if month in inputs}
        record_build(root, built_with, built, full)
    return result


def _failures(result: Build) -> str:
    failed = [f"{node.name}（{node.message or node.status}）" for node in result.nodes if node.failed]
    return f"dbt 有 {len(failed)} 项未通过，不发布：" + "；".join(failed)
