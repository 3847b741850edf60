"""Writes the effective reference tables to ``raw/reference/`` as typed Parquet, where dbt reads them."""

from __future__ import annotations

import types
import typing
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa

from ingest.data_root import DataRoot
from ingest.raw.store import write_if_changed
from ingest.reference.load import REFERENCE_TABLES, read_table, read_units
from ingest.reference.models import Row

_ARROW_TYPES: dict[Any, pa.DataType] = {
    str: pa.string(),
    bool: pa.bool_(),
    int: pa.int64(),
    date: pa.date32(),
    Decimal: pa.decimal128(18, 4),
}


def write_reference(root: DataRoot) -> None:
    """Write ``raw/reference/<name>.parquet`` for every reference table; an unchanged one stays untouched.

    Lists are joined by ``;``. Raises ReferenceTableError where a table has a wrong row or ``units.csv`` is missing.
    """
    for name, model in REFERENCE_TABLES.items():
        rows = read_units(root) if name == "units" else read_table(root, name)
        write_if_changed(root.raw / "reference" / f"{name}.parquet", to_table(rows, model))


def to_table(rows: typing.Sequence[Row], model: type[Row]) -> pa.Table:
    """The rows of ``model`` as a typed table; without rows it has the same columns."""
    schema = pa.schema([(name, _arrow_type(field.annotation)) for name, field in model.model_fields.items()])
    return pa.Table.from_pylist([_plain(row) for row in rows], schema=schema)


def _arrow_type(annotation: Any) -> pa.DataType:
    origin = typing.get_origin(annotation)
    if origin in (types.UnionType, typing.Union):
        return _arrow_type(next(part for part in typing.get_args(annotation) if part is not type(None)))
    return _ARROW_TYPES.get(annotation, pa.string())  # what is left are literals and lists of text


def _plain(row: Row) -> dict[str, Any]:
    return {name: ";".join(value) if isinstance(value, tuple) else value for name, value in row.model_dump().items()}
