"""Builds the warehouse of a data root with dbt in process, and reads it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import duckdb
import pytest

from ingest.data_root import DataRoot
from orchestration.dbt.invoke import invoke
from orchestration.dbt.runner import kept

GOOD = {"success", "pass", "no-op"}
ALL_MARTS = "select table_name from information_schema.tables where table_schema = 'marts' order by 1"


def dbt(root: DataRoot, *arguments: str, months: Sequence[date] = ()) -> list[Any]:
    """Run one dbt command; every node must succeed. Returns dbt's own results."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("WUXING_DATA", str(root.path))
        environment.setenv("WUXING_WAREHOUSE", str(root.warehouse))
        environment.setenv("WUXING_MONTHS", ",".join(month.isoformat() for month in months))
        outcome = invoke(arguments, root.path / "dbt" / "target", root.path / "dbt" / "logs", kept())
    assert outcome.exception is None, outcome.exception
    failed = [f"{each.node.name}: {each.message}" for each in outcome.result.results if each.status not in GOOD]
    assert not failed, "\n".join(failed)
    return list(outcome.result.results)


def query(root: DataRoot, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(root.warehouse), read_only=True) as warehouse:
        return warehouse.execute(sql).fetchall()


def records(root: DataRoot, sql: str) -> list[dict[str, Any]]:
    with duckdb.connect(str(root.warehouse), read_only=True) as warehouse:
        return warehouse.execute(sql).to_arrow_table().to_pylist()


def all_marts(root: DataRoot) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of every mart, in one fixed order."""
    return {mart: query(root, f"select * from marts.{mart} order by all") for (mart,) in query(root, ALL_MARTS)}
