"""Reads reference tables; a deployment's file of the same name in ``reference/`` stands in for ours, whole."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Sequence
from dataclasses import fields
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ArgsKwargs

from ingest.data_root import DataRoot
from ingest.reference import models
from ingest.reference.models import Item, ProfileFigure, Row, StarCriterion, Unit

SHIPPED = Path(__file__).parent

REFERENCE_TABLES: dict[str, type[Row]] = {
    "items": models.Item,
    "profile_figures": models.ProfileFigure,
    "star_schemes": models.StarScheme,
    "star_criteria": models.StarCriterion,
    "cadre_groups": models.CadreGroup,
    "cadre_bands": models.CadreBand,
    "reporting_calendar": models.DueDay,
    "alert_weights": models.AlertWeight,
    "confidence_bands": models.ConfidenceBand,
    "units": models.Unit,
}

AnyRow = TypeVar("AnyRow", bound=Row)


class ReferenceTableError(ValueError):
    """A reference table is missing or has a wrong row; the text names file, line, column and reason."""


def read_rows(path: Path, model: type[AnyRow]) -> tuple[AnyRow, ...]:
    """The rows of a CSV file, whose columns may stand in any order; an empty file has none.

    Raises ReferenceTableError.
    """
    header, *lines = _lines(path) or [[]]
    if not header and not lines:
        return ()
    names = [field.name for field in fields(model)]
    if sorted(header) != sorted(names):
        raise ReferenceTableError(f"{path} 第 1 行：{_other_columns(header, names)}")
    in_order = itemgetter(*map(header.index, names))
    rows = [ArgsKwargs(in_order(line)) for line in _of_width(len(header), lines, path) if line]
    try:  # all rows by one call, and by place: a province's 52,501 units take half as long as row by row, by name
        return TypeAdapter(tuple[model, ...]).validate_python(rows)  # type: ignore[valid-type]
    except ValidationError as error:
        first = error.errors()[0]
        row, column = map(int, first["loc"][:2])
        raise ReferenceTableError(f"{_place(path, row, names[column])}{first['msg']}") from error


def _lines(path: Path) -> list[list[str]]:
    """The lines of a CSV file, the header first; empty ones have no cell."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file))
    except UnicodeDecodeError as error:
        raise ReferenceTableError(f"{path} 不是 UTF-8 编码：请另存为“CSV UTF-8”") from error
    except csv.Error as error:
        raise ReferenceTableError(f"{path} 不是能读的 CSV：{error}") from error


def _place(path: Path, row: int, column: str) -> str:
    """File, line and column, with the line number that Excel shows: empty lines count."""
    number = [number for number, line in enumerate(_lines(path), start=1) if line][row + 1]
    return f"{path} 第 {number} 行，{column} 列："


def _other_columns(header: Sequence[str], names: Sequence[str]) -> str:
    """What is wrong with a header."""
    missing = [name for name in names if name not in header]
    surplus = [name or "（空白）" for name in header if name not in names or header.count(name) > 1]
    said = {"缺少列": missing, "多出或重复的列": list(dict.fromkeys(surplus))}
    return "；".join(f"{what} {'、'.join(columns)}" for what, columns in said.items() if columns)


def _of_width(width: int, lines: Sequence[list[str]], path: Path) -> Sequence[Sequence[str | None]]:
    """The lines, each as long as the header: Excel leaves out commas behind the last cell that is filled."""
    if set(map(len, lines)) <= {0, width}:
        return lines
    for number, line in enumerate(lines, start=2):
        if any(line[width:]):
            raise ReferenceTableError(f"{path} 第 {number} 行：比表头多出 {len(line) - width} 格")
    return [[*line, *[None] * (width - len(line))][:width] if line else line for line in lines]


@cache
def items() -> tuple[Item, ...]:
    """The monthly items, in the order of the workbook. Shipped ones: raw's and the marts' columns follow from them."""
    return read_rows(SHIPPED / "items.csv", Item)


@cache
def profile_figures() -> tuple[ProfileFigure, ...]:
    """The figures of the 概况表, in the order of the sheet."""
    return read_rows(SHIPPED / "profile_figures.csv", ProfileFigure)


@cache
def star_criteria() -> tuple[StarCriterion, ...]:
    """The shipped example criteria of the stars; a deployment's own are read by ``read_table``."""
    return read_rows(SHIPPED / "star_criteria.csv", StarCriterion)


def read_table(root: DataRoot, name: str) -> tuple[Row, ...]:
    """The table ``name`` of this deployment: its own file if there is one, else the shipped one."""
    own = root.reference / f"{name}.csv"
    return read_rows(own if own.exists() else SHIPPED / f"{name}.csv", REFERENCE_TABLES[name])


def read_units(root: DataRoot) -> tuple[Unit, ...]:
    """All versions of all units. Raises ReferenceTableError where the deployment has no units.csv."""
    if not root.units_file.exists():
        raise ReferenceTableError(f"缺少 {root.units_file}：请先运行 wuxing init，再把本县的街道、社区名册写入该文件")
    units = read_rows(root.units_file, Unit)
    _check_successors(root.units_file, units)
    return units


def units_hash(root: DataRoot) -> str:
    """What names the content of ``units.csv``; empty where there is none."""
    return hashlib.sha256(root.units_file.read_bytes()).hexdigest()[:16] if root.units_file.exists() else ""


def _check_successors(path: Path, units: tuple[Unit, ...]) -> None:
    ended = [(row, unit) for row, unit in enumerate(units) if unit.successor_code is not None]
    levels = {unit.unit_code: unit.level for unit in units} if ended else {}
    for row, unit in ended:
        strange = [code for code in unit.successors if levels.get(code) != unit.level]
        if strange:
            raise ReferenceTableError(f"{_place(path, row, 'successor_code')}名册里没有同级单位 {strange[0]}")
        if unit.successors and unit.valid_to is None:
            raise ReferenceTableError(f"{_place(path, row, 'valid_to')}有后继单位就要写明本单位的失效日")
