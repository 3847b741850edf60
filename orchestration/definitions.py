"""The code location: one asset graph in five stages, three jobs, two sensors and a schedule."""

from __future__ import annotations

from dagster import Definitions, in_process_executor

from orchestration import jobs
from orchestration.assets.delivery import release_asset, returns
from orchestration.assets.expectations import findings
from orchestration.assets.inbox import INBOX
from orchestration.assets.ingest import submissions
from orchestration.assets.warehouse import warehouse_assets
from orchestration.listener import Listener
from orchestration.schedules import reporting_day
from orchestration.sensors import inbox_sensor, stale_months_sensor


def build_definitions() -> Definitions:
    """Everything Dagster loads. Raises ProjectError where dbt refuses the project."""
    warehouse = warehouse_assets()
    release = release_asset([spec.key for spec in warehouse.specs if spec.key.path[0] == "marts"])
    return Definitions(
        assets=[INBOX, submissions, findings, warehouse, release, returns],
        jobs=[jobs.ingest, jobs.refresh, jobs.as_of],
        sensors=[inbox_sensor, stale_months_sensor],
        schedules=[reporting_day],
        resources={"listener": Listener()},
        # A process per step costs twice the time of these small jobs (measured).
        executor=in_process_executor,
    )


defs = build_definitions()
