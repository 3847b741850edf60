"""Builds one release: every mart as Parquet and in a DuckDB database, in a folder complete before it gets its name."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import duckdb

from delivery.durable import flush
from delivery.fingerprint import MARTS, columns, mart_names, table_comment

DATABASE = "wuxing.duckdb"
# Tools around DuckDB follow slowly; v1.0.0 is what the oldest reader still in use can open.
STORAGE_VERSION = "v1.0.0"


def build_release(warehouse: Path, target: Path, release_id: str, as_of: datetime | None) -> None:
    """Make the folder ``target`` from the marts of ``warehouse``; where it exists it is complete and stays."""
    if target.exists():
        return
    partial = target.with_name(f".{target.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{_quoted(warehouse)}' as warehouse (read_only)")
        names = mart_names(connection, "warehouse")
        _write_parquet(connection, names, partial)
        _write_database(connection, names, partial / DATABASE, release_id, as_of)
    _seal(partial)
    os.rename(partial, target)
    flush(target.parent)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _write_parquet(connection: duckdb.DuckDBPyConnection, names: Iterable[str], folder: Path) -> None:
    for name in names:
        connection.execute(
            f'copy (select * from warehouse."{MARTS}"."{name}" order by all nulls first) '
            f"to '{_quoted(folder / name)}.parquet' (format parquet, compression zstd)"
        )


def _write_database(
    connection: duckdb.DuckDBPyConnection, names: Iterable[str], path: Path, release_id: str, as_of: datetime | None
) -> None:
    connection.execute(f"attach '{_quoted(path)}' as release (storage_version '{STORAGE_VERSION}')")
    connection.execute(f'create schema release."{MARTS}"')
    for name in names:
        connection.execute(
            f'create table release."{MARTS}"."{name}" as '
            f'select * from warehouse."{MARTS}"."{name}" order by all nulls first'
        )
        _copy_comments(connection, name)
    connection.execute("create table release.main.release (release_id varchar, as_of timestamptz)")
    connection.execute("insert into release.main.release values (?, ?)", [release_id, as_of])
    connection.execute("checkpoint release")
    connection.execute("detach release")


def _copy_comments(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    relation = f'release."{MARTS}"."{name}"'
    comment = table_comment(connection, "warehouse", name)
    if comment:
        connection.execute(f"comment on table {relation} is '{comment.replace(chr(39), chr(39) * 2)}'")
    for column, _, text in columns(connection, "warehouse", name):
        if text:
            connection.execute(f"comment on column {relation}.\"{column}\" is '{text.replace(chr(39), chr(39) * 2)}'")


def _seal(folder: Path) -> None:
    """Flush everything, and take away the right to write: a release never changes."""
    for path in sorted(folder.iterdir()):
        flush(path)
        path.chmod(0o444)
    flush(folder)
