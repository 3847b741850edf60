from __future__ import annotations

import os
from pathlib import Path

from dagster import AssetKey, AssetsDefinition, AssetSpec

from orchestration.definitions import defs

SNAPSHOT = Path(__file__).with_name("asset_graph.txt")


def specs() -> dict[AssetKey, AssetSpec]:
    found = {}
    for asset in defs.assets or []:
        for spec in asset.specs if isinstance(asset, AssetsDefinition) else [asset]:
            assert isinstance(spec, AssetSpec)
            found[spec.key] = spec
    return found


def test_the_asset_graph_is_the_one_that_was_reviewed() -> None:
    lines = sorted(f"{spec.group_name} {spec.key.to_user_string()}" for spec in specs().values())
    text = "\n".join(lines) + "\n"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        SNAPSHOT.write_text(text, encoding="utf-8")
    assert text == SNAPSHOT.read_text(encoding="utf-8"), (
        "a change on purpose: UPDATE_SNAPSHOTS=1 pytest tests/orchestration"
    )


def test_every_asset_stands_in_one_of_the_five_stages() -> None:
    graph = defs.resolve_asset_graph()
    groups = {graph.get(key).group_name for key in graph.get_all_asset_keys()}
    assert groups == {"inbox", "ingest", "expectations", "warehouse", "delivery"}


def test_every_asset_has_an_owner_and_a_description() -> None:
    assert [spec.key for spec in specs().values() if not (spec.owners and spec.description)] == []


def test_raw_tables_and_marts_tell_their_columns() -> None:
    silent = [
        spec.key.to_user_string()
        for spec in specs().values()
        if (spec.key.path[0] == "marts" or (spec.key.path[0] == "raw" and len(spec.key.path) == 2))
        and "dagster/column_schema" not in spec.metadata
    ]
    assert silent == []


def test_the_release_waits_for_every_mart() -> None:
    release = defs.resolve_asset_graph().get(AssetKey("release"))
    assert release.parent_keys == {key for key in specs() if key.path[0] == "marts"}


def test_a_month_goes_from_the_inbox_to_the_release() -> None:
    graph = defs.resolve_asset_graph()
    upstream, new = {AssetKey("release")}, {AssetKey("release")}
    while new:
        new = {parent for key in new for parent in graph.get(key).parent_keys} - upstream
        upstream |= new
    assert AssetKey("inbox") in upstream
    assert AssetKey(["raw", "findings"]) in upstream


def test_both_jobs_can_be_resolved_and_a_month_is_the_partition_of_refresh() -> None:
    assert defs.resolve_job_def("ingest").partitions_def is None
    partitions = defs.resolve_job_def("refresh").partitions_def
    assert partitions is not None
    assert "2024-03" in partitions.get_partition_keys()


def test_failed_dbt_tests_block_and_findings_only_warn() -> None:
    graph = defs.resolve_asset_graph()
    blocking = {check.asset_key.path[0] for check in graph.asset_check_keys if graph.get(check).blocking}
    findings = [check for check in graph.asset_check_keys if check.asset_key == AssetKey(["raw", "findings"])]
    assert "marts" in blocking
    assert len(findings) == 4
    assert not any(graph.get(check).blocking for check in findings)
