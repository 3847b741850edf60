"""Two jobs: only reading a file tells which months it concerns, so reading and refreshing months are two runs."""

from __future__ import annotations

from dagster import AssetSelection, define_asset_job

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
