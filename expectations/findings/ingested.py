"""What reading the files already said, as findings: problems of cells and sheets, and who sent nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pyarrow as pa

from expectations.findings.model import Cell, Finding, UnitTree

SUBMISSION_MISSING = "SUBMISSION-MISSING"
SEVERITY = {"rejected": "mandatory", "flagged": "verification"}  # a note needs nobody
STANDS_FOR_BLANKS = ("item_list_missing",)  # flagged, but each item of the list is left blank, and that is mandatory


def rule_code(kind: str) -> str:
    """The rule code of a kind of problem of ``ingest/problems.py``."""
    return f"INGEST-{kind}"


def level_of(kind: str, severity: str) -> str | None:
    """The level of a finding for a problem of this kind; None where there is none."""
    return "mandatory" if kind in STANDS_FOR_BLANKS else SEVERITY.get(severity)


def from_problems(problems: pa.Table, tree: UnitTree, month: date) -> list[Finding]:
    """One finding for each (kind, unit, items): several cells of one unit and kind stand together."""
    found: dict[str, list[Finding]] = {}
    for row in problems.to_pylist():
        level = level_of(row["kind"], row["severity"])
        if level is not None:
            finding = _from_problem(row, level, tree, month)
            found.setdefault(finding.alert_id, []).append(finding)
    return [_merged(parts) for parts in found.values()]


def _from_problem(row: dict[str, Any], level: str, tree: UnitTree, month: date) -> Finding:
    unit = row["unit_code"] or row["subdistrict_code"]
    cell = Cell(row["workbook"], row["sheet"], row["cell"], unit, month, row["item_code"], row["text"], row["value"])
    return Finding(
        month=month,
        form=row["form"],
        unit_code=unit,
        rule_code=rule_code(row["kind"]),
        severity=level,
        channel="alert",
        message=f"{tree.name(unit)}：{row['message']}",
        item_codes=(row["item_code"],) if row["item_code"] else (),
        reported=f"{row['item_code']}={row['text'] or ''}" if row["item_code"] else "",
        cells=(cell,),
        workbook=row["workbook"],
    )


def _merged(parts: list[Finding]) -> Finding:
    if len(parts) == 1:
        return parts[0]
    cells = tuple(cell for part in parts for cell in part.cells)
    return replace(parts[0], message=f"{parts[0].message}（共 {len(parts)} 处）", cells=cells)


def missing_submissions(receipts: pa.Table, asked: UnitTree, month: date) -> list[Finding]:
    """A finding for each sub-district of ``asked`` that has no receipt of a monthly report."""
    sent = {row["subdistrict_code"] for row in receipts.to_pylist() if row["form"] == "monthly_report"}
    return [
        Finding(
            month=month,
            form="monthly_report",
            unit_code=code,
            rule_code=SUBMISSION_MISSING,
            severity="mandatory",
            channel="alert",
            message=f"{asked.name(code)}：{month.year}年{month.month}月五星月报没有报送",
            item_codes=(),
            reported="",
        )
        for code in asked.of_level("subdistrict")
        if code not in sent
    ]
