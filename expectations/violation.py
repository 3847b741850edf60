"""What an evaluator says of one rule: where it was violated, and how often it ran or could not run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


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
    """How often a rule ran among the units of a sub-district; ``reason`` (Chinese) only where it could not.

    A tuple, because a province has half a million of them: they are made twice as fast as frozen dataclasses.
    """

    rule_code: str
    subdistrict_code: str
    executed: int
    violated: int
    not_executed: int
    reason: str | None = None


@dataclass(frozen=True)
class Outcome:
    """All that one evaluator found out."""

    violations: tuple[Violation, ...]
    executions: tuple[Execution, ...]
