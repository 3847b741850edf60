"""Dimensions: the lines of the reference table that they come from, version by version."""

from __future__ import annotations

import csv
from pathlib import Path

from delivery.console.plain import as_text
from delivery.trace.steps import Sources, Step
from delivery.trace.submissions import row_of
from ingest.data_root import DataRoot
from ingest.reference.load import SHIPPED

# Dimension → its key, the reference table, and the table's column that holds the key.
TABLES = {
    "dim_community": ("community_code", "units", "unit_code"),
    "dim_subdistrict": ("subdistrict_code", "units", "unit_code"),
    "dim_item": ("item_code", "items", "item_code"),
    "dim_star_criterion": ("criterion_code", "star_criteria", "criterion_code"),
}


def dimension_step(sources: Sources, mart: str, code: str, column: str) -> Step:
    """The versions of a unit, item or criterion with their lines. Raises CannotTrace."""
    key, table, source_column = TABLES[mart]
    row_of(sources, mart, **{key: code})
    versions = sources.many(mart, **{key: code})
    lines = [
        f"{as_text(each['valid_from'])} 至 {as_text(each['valid_to'])}：{as_text(each[column])}" for each in versions
    ]
    path = _file(sources.root, table)
    where = "、".join(f"第 {line} 行" for line in _lines(path, source_column, code))
    return Step(f"{mart} {code} {column}", (*lines, f"参照表：{path.parent.name}/{path.name} {where}"))


def rule_step(sources: Sources, code: str, column: str) -> Step:
    """A rule of the catalogue. Raises CannotTrace."""
    row = row_of(sources, "dim_rule", rule_code=code)
    lines = (
        f"{column}：{as_text(row[column])}",
        f"公式：{as_text(row['expression'])}",
        "出处：规则目录，见 docs/rules.md",
    )
    return Step(f"dim_rule {code} {row['title_zh']}", lines)


def _file(root: DataRoot, table: str) -> Path:
    own = root.reference / f"{table}.csv"
    return own if own.exists() else SHIPPED / f"{table}.csv"


def _lines(path: Path, column: str, code: str) -> list[int]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return [line for line, row in enumerate(csv.DictReader(lines), start=2) if row[column] == code]
