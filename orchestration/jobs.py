"""Two jobs: only reading a file tells which months it concerns, so reading and refreshing months are two runs.

A third, ``as_of``, rebuilds in a folder of its own what was known at the end of a day; it touches no asset.
"""

from datetime import date

from dagster import AssetSelection, Config, OpExecutionContext, ResourceParam, define_asset_job, job, op
from pydantic import Field

from ingest.data_root import DataRoot
from orchestration.listener import Listener
from orchestration.partitions import MONTHS

ingest = define_asset_job(
    "ingest",
    selection=AssetSelection.groups("ingest"),
    description="读取 inbox/ 里的新文件。",
)
refresh = define_asset_job(
    "refresh",
    selection=AssetSelection.groups("expectations", "warehouse", "delivery"),
    partitions_def=MONTHS,
    description="审核 → dbt 建仓 → 发布；可一次运行一段月份。",
)


class AsOf(Config):
    """What the job ``as_of`` is asked in the launchpad."""

    day: str = Field(description="截至哪一天，如 2024-04-10。")


@op(description="按截至某日收到的数据另行重建，放在 as-of/日期/ 下，不影响现有数据。")
def rebuild_as_of(context: OpExecutionContext, config: AsOf, listener: ResourceParam[Listener]) -> None:
    from orchestration.as_of import rebuild
    from orchestration.retries import only_machine_failures_retried

    with only_machine_failures_retried():
        rebuilt = rebuild(DataRoot.from_environment(), date.fromisoformat(config.day), listener)
    context.add_output_metadata(
        {"database": str(rebuilt.root.released_database), "release_id": rebuilt.release.release_id}
    )


@job(description="截至某日的数据：另行重建并发布到 as-of/日期/。")
def as_of() -> None:
    rebuild_as_of()
