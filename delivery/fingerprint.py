"""The content of a relation as one hash: the same rows give the same hash, in whatever order they stand."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import duckdb

MARTS = "marts"


@dataclass(frozen=True)
class Fingerprint:
    """``digest`` (hex) of names, types, comments and rows of a mart, and its number of rows."""

    digest: str
    rows: int


def mart_names(connection: duckdb.DuckDBPyConnection, database: str) -> list[str]:
    """The tables and views of schema marts in an attached database, in order of name."""
    return [
        name
        for (name,) in connection.execute(
            "select table_name from information_schema.tables where table_catalog = ? and table_schema = ? order by 1",
            [database, MARTS],
        ).fetchall()
    ]


def columns(connection: duckdb.DuckDBPyConnection, database: str, mart: str) -> list[tuple[str, str, str | None]]:
    """(name, type, comment) of each column of a mart, in their order."""
    return connection.execute(
        "select column_name, data_type, comment from duckdb_columns() "
        "where database_name = ? and schema_name = ? and table_name = ? order by column_index",
        [database, MARTS, mart],
    ).fetchall()


def table_comment(connection: duckdb.DuckDBPyConnection, database: str, mart: str) -> str | None:
    row = connection.execute(
        "select comment from (select database_name, schema_name, table_name as name, comment from duckdb_tables() "
        "union all select database_name, schema_name, view_name, comment from duckdb_views()) "
        "where database_name = ? and schema_name = ? and name = ?",
        [database, MARTS, mart],
    ).fetchone()
    return row[0] if row else None


def fingerprint(connection: duckdb.DuckDBPyConnection, database: str, mart: str) -> Fingerprint:
    """Hash of a mart. Row hashes are added up: a sum asks for no order and, unlike xor, sees double rows."""
    row = connection.execute(
        f"select count(*), sum(md5_number_lower(to_json(t)::varchar)), sum(md5_number_upper(to_json(t)::varchar)) "
        f'from "{database}"."{MARTS}"."{mart}" t'
    ).fetchone()
    shape = [table_comment(connection, database, mart), columns(connection, database, mart)]
    digest = hashlib.sha256(repr((shape, row)).encode()).hexdigest()
    return Fingerprint(digest, row[0] if row else 0)
