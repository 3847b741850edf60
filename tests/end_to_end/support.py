"""Runs the real command on a real data root, and reads what it published."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import duckdb
from openpyxl import load_workbook

# When a figure arrived differs between two runs; what it says must not.
ARRIVAL_COLUMNS = {"received_at", "last_corrected_at", "first_seen_at", "last_seen_at", "as_of"}


def wuxing(root: Path, *arguments: str) -> list[str]:
    return [str(Path(sys.executable).parent / "wuxing"), "--data", str(root), *arguments]


def run(root: Path, *arguments: str) -> str:
    done = subprocess.run(
        wuxing(root, *arguments), capture_output=True, text=True, check=False, env={**os.environ, "NO_COLOR": "1"}
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def connect(root: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(root / "published" / "wuxing.duckdb"), read_only=True)


def query(root: Path, sql: str) -> list[tuple]:
    with connect(root) as published:
        return published.execute(sql).fetchall()


def mart_names(root: Path) -> list[str]:
    sql = "select table_name from information_schema.tables where table_schema = 'marts' order by 1"
    return [name for (name,) in query(root, sql)]


def mart_rows(root: Path, mart: str, where: str = "true") -> list[tuple]:
    """All rows of a mart without the times of arrival, in a fixed order."""
    with connect(root) as published:
        columns = [row[0] for row in published.execute(f"describe marts.{mart}").fetchall()]
        kept = ", ".join(f'"{column}"' for column in columns if column not in ARRIVAL_COLUMNS)
        return published.execute(f"select {kept} from marts.{mart} where {where} order by all").fetchall()


def all_marts(root: Path) -> dict[str, list[tuple]]:
    return {mart: mart_rows(root, mart) for mart in mart_names(root)}


def rewrite_cell(source: Path, target: Path, sheet: str, row_label: str, header: str, value: object) -> None:
    """A copy of a workbook with one cell of a community's row changed; the header is matched by its beginning."""
    book = load_workbook(source)
    page = book[sheet]
    rows = [row for row in page.iter_rows() if any(cell.value == row_label for cell in row)]
    columns = [cell.column for row in page.iter_rows(max_row=6) for cell in row if str(cell.value).startswith(header)]
    page.cell(row=rows[0][0].row, column=columns[0]).value = value
    book.save(target)
