"""Stage 5, delivery: the marts become the current release, the findings go back to the senders."""

from collections.abc import Sequence
from datetime import UTC, datetime

from dagster import AssetExecutionContext, AssetKey, AssetsDefinition, MaterializeResult, ResourceParam, asset

from ingest.data_root import DataRoot
from ingest.raw.read import months
from orchestration.listener import Listener
from orchestration.lock import POOL, writing
from orchestration.owners import OWNERS
from orchestration.retries import RETRIES, only_machine_failures_retried
from orchestration.staleness import record_release


def release_asset(marts: Sequence[AssetKey]) -> AssetsDefinition:
    """The release, after ``marts``: one of them that failed keeps the old release in place."""

    @asset(
        name="release",
        group_name="delivery",
        deps=list(marts),
        owners=OWNERS,
        description="发布：只读副本 published/wuxing.duckdb，一次改名换上；内容不变则不产生新版本。",
        kinds={"duckdb"},
        retry_policy=RETRIES,
        pool=POOL,
    )
    def release(context: AssetExecutionContext, listener: ResourceParam[Listener]) -> MaterializeResult:
        from delivery.publish import publish

        root = DataRoot.from_environment()
        with only_machine_failures_retried(), writing(root):
            published = publish(root, datetime.now(UTC))
            record_release(root)
        listener.released(published)
        metadata = {"release_id": published.release_id, "changed": published.changed, "rows": published.tables}
        return MaterializeResult(metadata=metadata)

    return release


@asset(
    name="returns",
    group_name="delivery",
    deps=[AssetKey("release")],
    owners=OWNERS,
    description="回执：报送人自己的工作簿，标出有问题的单元格；发现不变则不重写，有人改过的不覆盖。",
    kinds={"excel"},
    retry_policy=RETRIES,
    pool=POOL,
)
def returns(context: AssetExecutionContext, listener: ResourceParam[Listener]) -> MaterializeResult:
    """All months, because a correction changes what is found in later months; what is current costs nothing."""
    from delivery.returns import write_returns

    root = DataRoot.from_environment()
    with only_machine_failures_retried(), writing(root):
        done = write_returns(root, months(root))
    listener.returned(done)
    counts = {"written": len(done.written), "unchanged": len(done.unchanged), "withdrawn": done.withdrawn}
    return MaterializeResult(metadata={**counts, "edited": done.edited})
