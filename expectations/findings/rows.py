"""Findings as the rows of raw's ``findings``, ``suggestions`` and ``finding_cells``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from expectations.findings.addresses import joined
from expectations.findings.model import Cell, Finding, UnitTree
from ingest.raw.schema import TABLES

if TYPE_CHECKING:
    from expectations.localise.suggestion import Reading


def finding_rows(findings: list[Finding], evaluation_id: str, tree: UnitTree) -> pa.Table:
    """Schema TABLES["findings"]."""
    return pa.Table.from_pylist([_row(f, evaluation_id, tree) for f in findings], schema=TABLES["findings"])


def _row(finding: Finding, evaluation_id: str, tree: UnitTree) -> dict[str, Any]:
    level = tree.level(finding.unit_code)
    place = _place(finding)
    return {
        "evaluation_id": evaluation_id,
        "month": finding.month,
        "alert_id": finding.alert_id,
        "form": finding.form,
        "subdistrict_code": tree.subdistrict(finding.unit_code),
        "community_code": finding.unit_code if level == "community" else None,
        "unit_code": finding.unit_code,
        "unit_level": level,
        "rule_code": finding.rule_code,
        "severity": finding.severity,
        "channel": finding.channel,
        "message": finding.message,
        "item_codes": ";".join(finding.item_codes),
        "reported": finding.reported,
        "workbook": place.workbook if place else finding.workbook,
        "sheet": place.sheet if place else None,
        "cell": _cells_beside(finding, place) if place else None,
        "suppressed_by": finding.suppressed_by,
        **_suggested(finding),
    }


def _suggested(finding: Finding) -> dict[str, Any]:
    suggestion = finding.suggestion
    if suggestion is None:
        return {}
    return {
        "suspected_items": ";".join(suggestion.items) or None,
        "suggested_values": suggestion.values,
        "confidence": suggestion.confidence,
        "suggestion": suggestion.sentence,
    }


def _place(finding: Finding) -> Cell | None:
    """The sheet that the finding points at: where the first cell of its own month stands."""
    return next((cell for cell in finding.cells if cell.month == finding.month and cell.workbook), None)


def _cells_beside(finding: Finding, place: Cell) -> str | None:
    there = (place.workbook, place.sheet, place.month)
    addresses = [c.cell for c in finding.cells if c.cell and (c.workbook, c.sheet, c.month) == there]
    return joined(addresses) or None


def suggestion_rows(findings: list[Finding], evaluation_id: str, tree: UnitTree, receipts: pa.Table) -> pa.Table:
    """Schema TABLES["suggestions"]; ``receipts`` are those that were evaluated."""
    sent = {(row["form"], row["subdistrict_code"]): row["submission_id"] for row in receipts.to_pylist()}
    rows = [
        {
            "evaluation_id": evaluation_id,
            "month": finding.month,
            "alert_id": finding.alert_id,
            "submission_id": sent.get((finding.form, _sender(finding, tree))),
            **row,
        }
        for finding in findings
        if finding.suggestion and finding.channel == "alert" and not finding.suppressed_by
        for rank, reading in enumerate(finding.suggestion.readings, start=1)
        for row in _reading_rows(finding, rank, reading)
    ]
    return pa.Table.from_pylist(rows, schema=TABLES["suggestions"])


def _reading_rows(finding: Finding, rank: int, reading: Reading) -> Iterator[dict[str, Any]]:
    whole = {
        "rank": rank,
        "kind": reading.kind,
        "probability": reading.probability,
        "confidence": reading.confidence,
        "is_suggested": reading.suggested,
    }
    if not reading.changes:
        yield whole | {"ordinal": 1, "unit_code": finding.unit_code}
    for ordinal, change in enumerate(reading.changes, start=1):
        unit = change.unit or finding.unit_code
        cell = _cell_of(finding, unit, change.item)
        place = (
            {"workbook": cell.workbook, "sheet": cell.sheet, "cell": cell.cell, "reported": cell.value} if cell else {}
        )
        wanted = {"unit_code": unit, "item_code": change.item, "value": change.text, "number": change.number}
        yield whole | {"ordinal": ordinal} | wanted | place


def _cell_of(finding: Finding, unit: str, item: str) -> Cell | None:
    own = (c for c in finding.cells if c.month == finding.month and c.unit_code == unit and c.item_code == item)
    return next(own, None)


def _sender(finding: Finding, tree: UnitTree) -> str | None:
    """The county sends the 概况表, sub-districts all else."""
    unit = finding.unit_code
    return tree.county(unit) if finding.form == "profile" else tree.subdistrict(unit)


def cell_rows(findings: list[Finding], evaluation_id: str) -> pa.Table:
    """Schema TABLES["finding_cells"]."""
    rows = [
        {
            "evaluation_id": evaluation_id,
            "month": finding.month,
            "alert_id": finding.alert_id,
            "ordinal": ordinal,
            "workbook": cell.workbook,
            "sheet": cell.sheet,
            "cell": cell.cell,
            "unit_code": cell.unit_code,
            "cell_month": cell.month,
            "item_code": cell.item_code,
            "text": cell.text,
            "value": cell.value,
        }
        for finding in findings
        for ordinal, cell in enumerate(finding.cells, start=1)
    ]
    return pa.Table.from_pylist(rows, schema=TABLES["finding_cells"])
