"""Runs dbt in our own process: a subprocess would pay 8–28 s of start-up at each refresh, this pays one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dbt.cli.main import dbtRunnerResult
    from dbt.contracts.graph.manifest import Manifest

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"

# Nothing on the console (Dagster and the command line tell it in their own words), nothing sent anywhere.
QUIET = ["--log-level", "none", "--log-level-file", "warn", "--no-send-anonymous-usage-stats", "--no-version-check"]


def invoke(
    arguments: Sequence[str],
    target: Path,
    logs: Path,
    manifest: Manifest | None = None,
    on_node: Callable[[str, str], None] | None = None,
) -> dbtRunnerResult:
    """One dbt command on our project; the warehouse is free again when it returns."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    places = ["--project-dir", PROJECT, "--profiles-dir", PROJECT, "--target-path", target]
    command = [*QUIET, "--log-path", logs, *arguments, *places]
    runner = dbtRunner(manifest=manifest, callbacks=[_teller(on_node)] if on_node else [])
    try:
        return runner.invoke([str(part) for part in command])
    finally:
        # The adapter keeps its database open until the process ends, and publish could not read it.
        DuckDBConnectionManager.close_all_connections()


def _teller(on_node: Callable[[str, str], None]) -> Callable[[Any], None]:
    def tell(event: Any) -> None:
        if event.info.name == "NodeFinished":
            on_node(event.data.node_info.node_name, event.data.node_info.node_status)

    return tell
