"""How often each structure rule ran, per sub-district, and why not: per item and unit of the register."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from expectations.structure.frames import Batch
from expectations.structure.suites import SUBDISTRICTS, Asked
from expectations.violation import Execution, Violation
from ingest.reference import Unit


@dataclass(frozen=True)
class _Present:
    """Rows of a table, and units with a row, by sub-district."""

    rows: dict[str, int]
    units: dict[str, int]


def executions(batch: Batch, table: str, asked: list[Asked], found: tuple[Violation, ...]) -> list[Execution]:
    """Of every rule in ``asked``, by sub-district and reason; ``found`` are the violations of the same table."""
    present = _present(batch, table)
    ran: Counter[tuple[str, str]] = Counter()
    missing: Counter[tuple[str, str, str]] = Counter()
    for one in asked:
        usable = _filled(batch, table, one) if one.skips_blanks else present.rows
        for unit in batch.subdistricts:
            code, rows = unit.unit_code, present.rows.get(unit.unit_code, 0)
            ran[one.rule.id, code] += usable.get(code, 0)
            missing[one.rule.id, code, _blank(one, batch)] += rows - usable.get(code, 0)
            missing[one.rule.id, code, _no_row(batch, table, unit)] += _due(batch, table, unit) - present.units.get(
                code, 0
            )
    return _executions(ran, missing, _violated(batch, found))


def _executions(
    ran: Counter[tuple[str, str]], missing: Counter[tuple[str, str, str]], violated: Counter[tuple[str, str]]
) -> list[Execution]:
    executed = [Execution(*key, count, violated[key], 0) for key, count in sorted(ran.items()) if count]
    reasons = sorted(missing.items())
    return executed + [Execution(rule, code, 0, 0, count, why) for (rule, code, why), count in reasons if count > 0]


def _present(batch: Batch, table: str) -> _Present:
    grouped = batch.frames[table].groupby("subdistrict_code")
    unit_column = "subdistrict_code" if table == SUBDISTRICTS else "community_code"
    return _Present(grouped.size().to_dict(), grouped[unit_column].nunique().to_dict())


def _filled(batch: Batch, table: str, one: Asked) -> dict[str, int]:
    filled: dict[str, int] = batch.frames[table].groupby("subdistrict_code")[one.column].count().to_dict()
    return filled


def _due(batch: Batch, table: str, unit: Unit) -> int:
    return 1 if table == SUBDISTRICTS else batch.due[unit.unit_code]


def _blank(one: Asked, batch: Batch) -> str:
    return f"缺 {one.item.item_code if one.item else '社区'}（{batch.month:%Y-%m}）"


def _no_row(batch: Batch, table: str, unit: Unit) -> str:
    if unit.unit_code not in batch.sent:
        return f"本月未报送（{batch.month:%Y-%m}）"
    return f"没有{'街道汇总' if table == SUBDISTRICTS else '该社区的行'}（{batch.month:%Y-%m}）"


def _violated(batch: Batch, found: tuple[Violation, ...]) -> Counter[tuple[str, str]]:
    parents = {unit.unit_code: unit.parent_code or "" for unit in batch.communities}
    return Counter((violation.rule_code, parents.get(violation.unit_code, violation.unit_code)) for violation in found)
