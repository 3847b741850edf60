"""The raw tables as asset specs, with the columns of their contract."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyarrow as pa
from dagster import AssetDep, AssetSpec, TableColumn, TableSchema

from ingest.raw.schema import TABLES
from orchestration.owners import OWNERS

DESCRIPTIONS: Mapping[str, str] = {
    "receipts": "每份被接收的报表一行：单位、月份、版本、单元格数。一批文件以它为准，最后写入。",
    "monthly_report_communities": "五星月报·社区月报：每个社区一行，数值与原文并存。",
    "monthly_report_totals": "五星月报·合计行：填表人自己的合计，只用于核对。",
    "monthly_report_subdistricts": "五星月报·街道汇总：每份报表一行。",
    "profile_figures": "概况表：每个单元格一行，保留印出的精度。",
    "headers": "各指标在表里的位置，由此从任何数字回到单元格。",
    "problems": "读取时对单元格说的话：未载入的、存疑的、已规范化的。",
    "refusals": "未接收的文件及原因，不含被隔离文件的任何内容。",
    "register_changes": "名册每变动一次一行：已接收的报表重读了几份，几份结果有变。",
    "evaluations": "审核日志：每个月每组输入只审核一次。",
    "findings": "审核发现：违反了哪条规则、涉及哪些单元格。",
    "finding_cells": "每条审核发现涉及的全部单元格，可跨表跨月。",
    "suggestions": "每条审核发现的各种可能：错在哪些单元格、应为多少、把握多大。",
    "rule_executions": "每条规则执行、违反、未执行的次数和原因。",
}


def raw_spec(name: str, group: str, deps: Iterable[AssetDep | AssetSpec]) -> AssetSpec:
    """The spec of raw table ``name``, under the key by which dbt's sources know it."""
    return AssetSpec(
        key=["raw", name],
        group_name=group,
        owners=OWNERS,
        description=DESCRIPTIONS[name],
        metadata={"dagster/column_schema": column_schema(TABLES[name])},
        deps=list(deps),
        kinds={"parquet"},
    )


def column_schema(schema: pa.Schema) -> TableSchema:
    return TableSchema([TableColumn(field.name, str(field.type)) for field in schema])
