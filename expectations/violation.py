"""What an evaluator says of one rule: where it was violated, and how often it ran or could not run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import pyarrow as pa


@dataclass(frozen=True)
class Operand:
    """A value that took part in a violation, and the unit and month it stands for; its cell is looked up later."""

    item_code: str
    unit_code: str
    month: date
    value: str


@dataclass(frozen=True)
class Violation:
    """A rule violated by one unit in one month. ``detail`` is the arithmetic, ``B02+B03=B01：57+22≠80``."""

    rule_code: str
    unit_code: str
    month: date
    operands: tuple[Operand, ...]
    detail: str


class Execution(NamedTuple):
    """How often a rule ran among the units of a sub-district; ``reason`` (Chinese) only where it could not."""

    rule_code: str
    subdistrict_code: str
    executed: int
    violated: int
    not_executed: int
    reason: str | None = None


@dataclass(frozen=True, eq=False)
class Executions:
    """Executions as a table, with a column per field of ``Execution``: a province has half a million of them."""

    table: pa.Table

    SCHEMA = pa.schema(
        [
            ("rule_code", pa.string()),
            ("subdistrict_code", pa.string()),
            ("executed", pa.int32()),
            ("violated", pa.int32()),
            ("not_executed", pa.int32()),
            ("reason", pa.string()),
        ]
    )

    @classmethod
    def of(cls, executions: Iterable[Execution]) -> Executions:
        columns = zip(*executions, strict=True)
        empty: list[tuple[()]] = [()] * len(cls.SCHEMA)
        return cls(pa.table(list(columns) or empty, schema=cls.SCHEMA))

    @classmethod
    def joined(cls, parts: Iterable[Executions]) -> Executions:
        return cls(pa.concat_tables([cls.SCHEMA.empty_table(), *(part.table for part in parts)]))

    def __len__(self) -> int:
        return len(self.table)

    def __iter__(self) -> Iterator[Execution]:
        return map(Execution, *(column.to_pylist() for column in self.table.columns))


@dataclass(frozen=True)
class Outcome:
    """All that one evaluator found out."""

    violations: tuple[Violation, ...]
    executions: Executions

    @classmethod
    def joined(cls, parts: Iterable[Outcome]) -> Outcome:
        parts = tuple(parts)
        return cls(
            tuple(violation for part in parts for violation in part.violations),
            Executions.joined(part.executions for part in parts),
        )
