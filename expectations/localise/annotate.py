"""Findings with suggestions: each finding of a unit gets what the readings of that unit say about its items."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from expectations.calibration import Correction
from expectations.catalogue import Catalogue
from expectations.findings.model import Finding, UnitTree
from expectations.history import Inputs
from expectations.localise.compile import scale_of
from expectations.localise.explain import Explanation
from expectations.localise.printed import read_printed
from expectations.localise.records import Sheet
from expectations.localise.suggestion import Suggestion, restricted, suggest
from expectations.localise.suggestion_elsewhere import printed_suggestion, total_suggestion
from expectations.localise.totals import blame, support
from expectations.printed.sheet import Sheet as PrintedSheet

Readings = Mapping[str, list[Explanation]]
Gaps = Mapping[tuple[str, str], int]


def annotate(findings: list[Finding], inputs: Inputs, catalogue: Catalogue) -> list[Finding]:
    """The findings in their order, with suspected items, suggested values and confidence where there are any."""
    tree = UnitTree(inputs.units, inputs.month)
    asked = [finding for finding in findings if finding.channel == "alert"]
    suggestions = _of_reports([f for f in asked if f.form == "monthly_report"], inputs, catalogue, tree)
    suggestions |= _of_profile([f for f in asked if f.form == "profile"], inputs, catalogue, tree)
    return [replace(finding, suggestion=suggestions.get(finding.alert_id)) for finding in findings]


def _of_reports(
    findings: list[Finding], inputs: Inputs, catalogue: Catalogue, tree: UnitTree
) -> dict[str, Suggestion | None]:
    totals = _total_findings(findings, catalogue)
    suggestions: dict[str, Suggestion | None] = {}
    for scope in ("community", "subdistrict"):
        of_scope = [f for f in findings if tree.level(f.unit_code) == scope and f.alert_id not in totals]
        of_totals = totals if scope == "community" else {}
        if of_scope or of_totals:
            suggestions |= _Desk(Sheet.read(inputs, catalogue, scope), of_scope, of_totals, inputs.correction).all(tree)
    return suggestions


def _of_profile(
    findings: list[Finding], inputs: Inputs, catalogue: Catalogue, tree: UnitTree
) -> dict[str, Suggestion | None]:
    if not findings:
        return {}
    rules = catalogue.printed(inputs.month)
    sheets = PrintedSheet.read_all(inputs.tables["profile_figures"], inputs.units, inputs.month)
    readings = {key: found for sheet in sheets for key, found in read_printed(sheet, rules).items()}
    return {
        f.alert_id: printed_suggestion(readings.get((f.rule_code, f.unit_code), []), tree, inputs.correction)
        for f in findings
    }


def _total_findings(findings: list[Finding], catalogue: Catalogue) -> dict[str, Finding]:
    rules = catalogue.by_id
    return {f.alert_id: f for f in findings if f.rule_code in rules and rules[f.rule_code].kind == "total"}


@dataclass(frozen=True)
class _Desk:
    """The findings of one sheet and what is known about its records."""

    sheet: Sheet
    findings: list[Finding]
    totals: Mapping[str, Finding]
    stated: Correction

    def all(self, tree: UnitTree) -> dict[str, Suggestion | None]:
        gaps = {key: gap for finding in self.totals.values() for key, gap in [_gap(finding)]}
        certain = support(self.sheet, self.sheet.mandatory_readings(), gaps)
        doubtful = self.sheet.doubtful_readings(self._suspects(certain))
        found = {f.alert_id: self._of(f, certain, doubtful) for f in self.findings}
        return found | {code: self._of_total(finding, certain, tree) for code, finding in self.totals.items()}

    def _suspects(self, certain: Readings) -> dict[str, frozenset[str]]:
        suspects: dict[str, set[str]] = defaultdict(set)
        for finding in self.findings:
            if finding.severity != "mandatory" and not certain.get(finding.unit_code):
                suspects[finding.unit_code].update(finding.item_codes)
        return {unit: frozenset(items) for unit, items in suspects.items()}

    def _of(self, finding: Finding, certain: Readings, doubtful: Readings) -> Suggestion | None:
        cells = self.sheet.compiled.system.cells
        own = frozenset(cells.index(item) for item in finding.item_codes if item in cells)
        if not own:
            return None
        readings = certain.get(finding.unit_code)
        if readings and (finding.severity == "mandatory" or _touches(readings[0], own)):
            return suggest(_about(readings, self.sheet.compiled.system.tied(own)), cells, self.stated)
        if finding.severity == "mandatory":
            return None
        return suggest(restricted(doubtful.get(finding.unit_code, []), own), cells, self.stated)

    def _of_total(self, finding: Finding, certain: Readings, tree: UnitTree) -> Suggestion:
        [item] = finding.item_codes
        total = _whole(item, next(c.value for c in finding.cells if c.unit_code == finding.unit_code))
        reasons = blame(self.sheet, item, finding.unit_code, total, certain)
        return total_suggestion(item, reasons, tree, self.stated)


def _about(readings: list[Explanation], cells: frozenset[int]) -> list[Explanation]:
    return [reading for reading in restricted(readings, cells) if reading.changes]


def _touches(reading: Explanation, cells: frozenset[int]) -> bool:
    return any(cell in cells for cell, _ in reading.changes)


def _gap(finding: Finding) -> tuple[tuple[str, str], int]:
    [item] = finding.item_codes
    total = sum(_whole(item, c.value) for c in finding.cells if c.unit_code == finding.unit_code)
    parts = sum(_whole(item, c.value) for c in finding.cells if c.unit_code != finding.unit_code)
    return (finding.unit_code, item), total - parts


def _whole(item: str, value: str | None) -> int:
    return int(Decimal(value or 0) * scale_of(item))
