"""Writes the effective reference tables to ``raw/reference/`` as typed Parquet, where dbt reads them."""

from __future__ import annotations

import types
import typing
from dataclasses import asdict, fields
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa

from ingest.data_root import DataRoot
from ingest.raw.store import write_if_changed
from ingest.reference.load import REFERENCE_TABLES, read_table, read_units
from ingest.reference.models import Row, Unit
from ingest.succession import Succession

_ARROW_TYPES: dict[Any, pa.DataType] = {
    str: pa.string(),
    bool: pa.bool_(),
    int: pa.int64(),
    date: pa.date32(),
    Decimal: pa.decimal128(18, 4),
}


UNIT_SERIES = pa.schema([(name, pa.string()) for name in ("unit_code", "level", "series_code")])
UNIT_CHANGES = pa.schema(
    [("month", pa.date32()), *((name, pa.string()) for name in ("level", "kind", "code_before", "code_after"))]
)


# What is not a table of its own, but follows from the register.
DERIVED_TABLES = ("unit_series", "unit_changes")


def write_reference(root: DataRoot) -> None:
    """Write ``raw/reference/<name>.parquet`` for every reference table; an unchanged one stays untouched.

    Lists are joined by ``;``. Raises ReferenceTableError where a table has a wrong row or ``units.csv`` is missing.
    """
    for name, model in REFERENCE_TABLES.items():
        rows = read_units(root) if name == "units" else read_table(root, name)
        write_if_changed(root.raw / "reference" / f"{name}.parquet", to_table(rows, model))
    for name, table in succession_tables(read_units(root)).items():
        write_if_changed(root.raw / "reference" / f"{name}.parquet", table)


def succession_tables(units: typing.Sequence[Unit]) -> dict[str, pa.Table]:
    """What follows from the register and SQL could only find by recursion: the series of each unit, and each change as
    the pairs of units that have people in common.
    """
    succession = Succession(units)
    series = {(u.unit_code, u.level, succession.series.get(u.unit_code, u.unit_code)) for u in units}
    changes = [
        (change.month, change.level, change.kind, before, after)
        for change in succession.changes
        for before, after in sorted(change.pairs)
    ]
    return {"unit_series": _table(UNIT_SERIES, sorted(series)), "unit_changes": _table(UNIT_CHANGES, changes)}


def _table(schema: pa.Schema, rows: typing.Sequence[tuple[Any, ...]]) -> pa.Table:
    return pa.Table.from_pylist([dict(zip(schema.names, row, strict=True)) for row in rows], schema=schema)


def to_table(rows: typing.Sequence[Row], model: type[Row]) -> pa.Table:
    """The rows of ``model`` as a typed table; without rows it has the same columns."""
    hints = typing.get_type_hints(model)
    schema = pa.schema([(field.name, _arrow_type(hints[field.name])) for field in fields(model)])
    return pa.Table.from_pylist([_plain(row) for row in rows], schema=schema)


def _arrow_type(annotation: Any) -> pa.DataType:
    origin = typing.get_origin(annotation)
    if origin in (types.UnionType, typing.Union):
        return _arrow_type(next(part for part in typing.get_args(annotation) if part is not type(None)))
    return _ARROW_TYPES.get(annotation, pa.string())  # what is left are literals and lists of text


def _plain(row: Row) -> dict[str, Any]:
    return {name: ";".join(value) if isinstance(value, tuple) else value for name, value in asdict(row).items()}
