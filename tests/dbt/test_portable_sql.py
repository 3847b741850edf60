"""The models' SQL runs on Spark and PostgreSQL too: nothing that only DuckDB knows, and sqlglot can transpile it."""

from __future__ import annotations

import logging
import re

import pytest
import sqlglot

from orchestration.dbt.invoke import PROJECT
from tests.dbt.raw_files import RawFiles
from tests.dbt.warehouse import dbt

# Why each is banned stands in docs/architecture.md, section 5: the three engines differ in it, or one of them lacks it.
BANNED = {
    "qualify": r"\bqualify\b",
    "pivot": r"\b(un)?pivot\b",
    "regular expression operator": r"\s!?~\s",
    "merge": r"\bmerge\b",
    "list or struct": r"\b(list|struct_pack|unnest|array_agg|list_[a-z]+)\s*\(",
    "lambda": r"->",
    "double colon cast": r"::",
    "group by all": r"\b(group|order) by all\b",
    "star modifiers": r"\*\s*(exclude|replace|except)\b",
    "comma before from": r",\s*from\b",
    "wall clock": r"\b(current_date|current_timestamp|now\s*\()",
    "float": r"\bfloat\b",
    "rounding": r"\bround\s*\(",
}
SQL_FILES = sorted((PROJECT / "models").rglob("*.sql"))


def without_comments(sql: str) -> str:
    return re.sub(r"--.*", "", sql)


@pytest.fixture(scope="module")
def compiled(county: RawFiles) -> dict[str, str]:
    results = dbt(county.root, "compile", "--select", "resource_type:model")
    return {result.node.name: result.node.compiled_code for result in results}


@pytest.mark.parametrize("name", BANNED)
def test_no_compiled_model_uses(name: str, compiled: dict[str, str]):
    pattern = re.compile(BANNED[name], re.IGNORECASE)
    assert [model for model, sql in compiled.items() if pattern.search(without_comments(sql))] == []


def test_every_window_says_where_its_nulls_go():
    for path in SQL_FILES:
        text = without_comments(path.read_text(encoding="utf-8"))
        orders = re.findall(r"order by (.*?)\)", text, flags=re.DOTALL)
        assert all("nulls" in key for order in orders for key in order.split(",")), path.name


def test_no_model_is_longer_than_eighty_lines():
    assert [path.name for path in SQL_FILES if len(path.read_text(encoding="utf-8").splitlines()) > 80] == []


@pytest.mark.parametrize("engine", ["spark", "postgres"])
def test_every_compiled_model_transpiles(compiled: dict[str, str], engine: str, caplog: pytest.LogCaptureFixture):
    assert len(compiled) > 50
    with caplog.at_level(logging.WARNING, logger="sqlglot"):
        for name, sql in compiled.items():
            [statement] = sqlglot.transpile(
                sql, read="duckdb", write=engine, unsupported_level=sqlglot.ErrorLevel.RAISE
            )
            assert statement, name
    assert caplog.messages == []
