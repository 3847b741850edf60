"""A violated rule as a finding: its sentence, what was reported, its cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from expectations.catalogue import RuleBase
from expectations.catalogue.kinds import ITEMS
from expectations.findings.cells import CellIndex
from expectations.findings.model import Cell, Finding, UnitTree
from expectations.history import Tables
from expectations.violation import Violation


def from_violations(
    violations: Iterable[Violation],
    rules: Mapping[str, RuleBase],
    tables_by_month: Mapping[date, Tables],
    tree: UnitTree,
) -> list[Finding]:
    """One finding for each violation."""
    violations = list(violations)
    index = CellIndex(tables_by_month, (operand for violation in violations for operand in violation.operands))
    return [_finding(violation, rules[violation.rule_code], index, tree) for violation in violations]


def _finding(violation: Violation, rule: RuleBase, index: CellIndex, tree: UnitTree) -> Finding:
    cells = tuple(index.cell(operand) for operand in violation.operands)
    title = f"{tree.name(violation.unit_code)}：{rule.title_zh}"
    return Finding(
        month=violation.month,
        form=rule.form,
        unit_code=violation.unit_code,
        rule_code=rule.id,
        severity=rule.level,
        channel=rule.channel,
        message=f"{title}（{violation.detail}）" if violation.detail else title,
        item_codes=tuple(sorted({operand.item_code for operand in violation.operands})),
        reported=_reported(cells, violation, rule),
        cells=cells,
    )


def _reported(cells: Iterable[Cell], violation: Violation, rule: RuleBase) -> str:
    """``B01=80;B02=57``; an earlier month is named, ``D03[2024-02]=134``, and many units are added up, ``ΣB06=57``."""
    groups: dict[str, list[str]] = {}
    for cell in cells:
        when = "" if cell.month == violation.month else f"[{cell.month:%Y-%m}]"
        groups.setdefault(f"{_level(cell, violation, rule)}{cell.item_code}{when}", []).append(cell.value or "")
    return ";".join(f"{name}={_together(values)}" for name, values in groups.items())


def _level(cell: Cell, violation: Violation, rule: RuleBase) -> str:
    """Σ where the cell is one of the unit's communities, 合计 where it stands in the clerk's own total row.

    A community's own value can stand in the cell of the community that it was before.
    """
    item = ITEMS.get(cell.item_code or "")
    if cell.unit_code != violation.unit_code:
        return "" if rule.scope == "community" else "Σ"
    return "合计" if rule.scope == "subdistrict" and item is not None and item.sheet == "community" else ""


def _together(values: list[str]) -> str:
    if len(values) == 1:
        return values[0]
    try:
        total = sum((Decimal(value) for value in values), Decimal(0))
    except InvalidOperation:
        return f"{len(values)}个"
    return f"{total:f}"
