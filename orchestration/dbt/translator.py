"""How dbt's nodes appear in Dagster: group, owner and description of assets, and a home for each test."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dagster import AssetCheckSpec, AssetKey, AssetSpec, PartitionsDefinition
from dagster_dbt import DagsterDbtTranslator, DbtProject

from orchestration.owners import OWNERS
from orchestration.partitions import MONTHS

GROUP = "warehouse"


class Translator(DagsterDbtTranslator):
    """Models are in the group ``warehouse``; the sources are the raw tables that ingest and expectations write."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> AssetKey:
        """A source is the raw table whose files it reads: ``receipts/**/*.parquet``, ``reference/units.parquet``."""
        if dbt_resource_props["resource_type"] != "source":
            return super().get_asset_key(dbt_resource_props)
        folder, _, file = dbt_resource_props["config"]["meta"]["files"].partition("/")
        return AssetKey(["raw", folder, file.removesuffix(".parquet")] if folder == "reference" else ["raw", folder])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        return GROUP

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        return OWNERS

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        return dbt_resource_props.get("description") or dbt_resource_props["name"]

    def get_partitions_def(self, dbt_resource_props: Mapping[str, Any]) -> PartitionsDefinition | None:
        """Only tables that are replaced by month have months; a view or a dimension is whole.

        It also keeps the history small: with months for all, 15 months were 1,900 events, two thirds of a refresh.
        """
        return MONTHS if dbt_resource_props["config"].get("materialized") == "incremental" else None

    def get_asset_check_spec(
        self, asset_spec: AssetSpec, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None
    ) -> AssetCheckSpec | None:
        """A test of several models is a check of the first of them by name; Dagster alone would drop it."""
        spec = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        models = [parent for parent in manifest["parent_map"].get(unique_id, []) if parent.startswith("model.")]
        if spec is not None or len(models) < 2 or self._attached(manifest, unique_id):
            return spec
        keys = {parent: self.get_asset_spec(manifest, parent, project).key for parent in models}
        home, *others = sorted(set(keys.values()))
        return self._check(manifest["nodes"][unique_id], home, others) if home == asset_spec.key else None

    @staticmethod
    def _attached(manifest: Mapping[str, Any], unique_id: str) -> bool:
        return bool(manifest["nodes"][unique_id].get("attached_node"))

    @staticmethod
    def _check(test: Mapping[str, Any], home: AssetKey, others: list[AssetKey]) -> AssetCheckSpec:
        return AssetCheckSpec(
            name=test["name"],
            asset=home,
            description=test.get("description") or None,
            additional_deps=others,
            metadata={"dagster_dbt/unique_id": test["unique_id"]},
            blocking=test["config"].get("severity", "error").lower() == "error",
        )
