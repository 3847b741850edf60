"""Reads what is visible in raw: rows whose batch and submission stand in the receipts.

Here belongs which rows count and which version is the latest; how rows are written does not (``ingest.raw.store``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ingest.data_root import DataRoot
from ingest.raw.schema import TABLES, empty

MONTH_TABLES = (
    "monthly_report_communities",
    "monthly_report_totals",
    "monthly_report_subdistricts",
    "profile_figures",
    "headers",
    "problems",
)
Key = tuple[str, date, str]


def read_folder(folder: Path, schema: pa.Schema) -> pa.Table:
    """All Parquet files below ``folder`` as one table of ``schema``; a column that an older file lacks is null."""
    files = sorted(folder.rglob("*.parquet")) if folder.exists() else []
    parts = [_with_schema(_read(file), schema) for file in files]
    return pa.concat_tables([empty(schema), *parts]).combine_chunks()


def _read(file: Path) -> pa.Table:
    with pq.ParquetFile(file) as opened:  # ``pq.read_table`` imports pandas: 0.2 s
        return opened.read()


def _with_schema(table: pa.Table, schema: pa.Schema) -> pa.Table:
    known = set(table.column_names)
    columns = [
        table.column(field.name).cast(field.type) if field.name in known else pa.nulls(len(table), field.type)
        for field in schema
    ]
    return pa.table(columns, schema=schema)


def partition(root: DataRoot, table: str, month: date) -> Path:
    """The folder of one table and month."""
    return root.raw / table / f"month={month:%Y-%m}"


def receipts(root: DataRoot) -> pa.Table:
    """All visible receipts, ordered by month, form, unit and version."""
    table = read_folder(root.raw / "receipts", TABLES["receipts"])
    return table.sort_by([(name, "ascending") for name in ("month", "form", "subdistrict_code", "version")])


def refusals(root: DataRoot) -> pa.Table:
    """All files that were not accepted, oldest first."""
    table = read_folder(root.raw / "refusals", TABLES["refusals"])
    return table.sort_by([("received_at", "ascending"), ("workbook", "ascending"), ("sha256", "ascending")])


def months(root: DataRoot) -> list[date]:
    """The months with any receipt, ascending."""
    return sorted(pc.unique(receipts(root).column("month")).to_pylist())


def latest_receipts(root: DataRoot) -> list[dict[str, Any]]:
    """The receipts of the latest version of each (form, month, unit), in the order of ``receipts``."""
    rows = receipts(root).to_pylist()
    return [row for row, latest in zip(rows, _latest(rows), strict=True) if latest]


def load_month(root: DataRoot, month: date, names: Sequence[str] = MONTH_TABLES) -> dict[str, pa.Table]:
    """The rows of the latest version of each (form, unit) of ``month``: its receipts and the tables ``names``."""
    return _load(root, month, _latest, names)


def load_first_versions(root: DataRoot, month: date) -> dict[str, pa.Table]:
    """The rows of version 1 of each (form, unit) of ``month``."""
    return _load(root, month, lambda rows: [row["version"] == 1 for row in rows])


def load_submission(root: DataRoot, month: date, submission_id: str) -> dict[str, pa.Table]:
    """The rows of one submission of ``month``, whichever version it is; empty tables where raw does not have it."""
    return _load(root, month, lambda rows: [row["submission_id"] == submission_id for row in rows])


def _latest(rows: list[dict[str, Any]]) -> list[bool]:
    latest: dict[Key, int] = {}
    for row in rows:
        latest[_key(row)] = max(row["version"], latest.get(_key(row), 0))
    return [latest[_key(row)] == row["version"] for row in rows]


def _key(row: dict[str, Any]) -> Key:
    return (row["form"], row["month"], row["subdistrict_code"])


def _load(
    root: DataRoot,
    month: date,
    choose: Callable[[list[dict[str, Any]]], list[bool]],
    names: Sequence[str] = MONTH_TABLES,
) -> dict[str, pa.Table]:
    sent = read_folder(partition(root, "receipts", month), TABLES["receipts"])
    sent = sent.sort_by([(name, "ascending") for name in ("form", "subdistrict_code", "version")])
    chosen = sent.filter(pa.array(choose(sent.to_pylist()), pa.bool_()))
    tables = {"receipts": chosen}
    for name in names:
        tables[name] = _visible(read_folder(partition(root, name, month), TABLES[name]), chosen)
    return tables


def _visible(table: pa.Table, chosen: pa.Table) -> pa.Table:
    shown = table.filter(pc.is_in(_batch_key(table), value_set=_batch_key(chosen)))
    order = [("submission_id", "ascending")]
    for column in ("sheet", "row_number", "column_letter", "item_code"):
        if column in table.column_names:
            order.append((column, "ascending"))
    return shown.sort_by(order)


def _batch_key(table: pa.Table) -> pa.ChunkedArray:
    return pc.binary_join_element_wise(table.column("batch_id"), table.column("submission_id"), "|")
