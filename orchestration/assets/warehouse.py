"""Stage 4, warehouse: dbt builds the months of the run. A failed invariant of our SQL stops what follows."""

from collections.abc import Iterator

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
from orchestration.dbt.months import build_months, failures
from orchestration.dbt.project import manifest_path
from orchestration.dbt.translator import Translator
from orchestration.listener import Listener
from orchestration.lock import POOL, writing
from orchestration.months import month_of
from orchestration.retries import RETRIES, only_machine_failures_retried


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
            raise Failure(description=failures(result), allow_retries=False)

    return warehouse
