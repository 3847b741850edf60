"""Findings with suggestions: each finding of a unit gets what the readings of that unit say about its items."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from expectations.calibration import Correction
from expectations.catalogue import Catalogue
from expectations.findings.model import Finding, UnitTree
from expectations.history import Inputs
from expectations.localise.beliefs import Beliefs
from expectations.localise.explain import Explanation
from expectations.localise.printed import read_printed
from expectations.localise.printed_values import Place
from expectations.localise.records import Sheet
from expectations.localise.rollups import reasons, rollup_rule
from expectations.localise.suggestion import Suggestion, restricted, suggest, whole_number
from expectations.localise.suggestion_elsewhere import printed_suggestion, rollup_suggestion, total_suggestion
from expectations.localise.totals import Question, Readings, blame, support
from expectations.localise.verification import Verification
from expectations.printed.sheet import Sheet as PrintedSheet


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
    if not findings:
        return {}
    totals = _total_findings(findings, catalogue)
    sheet, own = Sheet.read(inputs, catalogue, "community"), _of_level("community", findings, tree)
    below = _Desk(sheet, own, tree, inputs.correction)
    certain = below.certain(totals.values())
    suggestions = below.all(certain)
    if totals:
        verification = Verification.read(inputs, catalogue, Beliefs.of(below.sheet), "community")
        suggestions |= _of_totals(totals, verification, certain, tree, inputs.correction)
    above = [f for f in _of_level("subdistrict", findings, tree) if f.alert_id not in totals]
    if above:
        suggestions |= _of_subdistricts(
            above, inputs, catalogue, tree, Below(certain, below.sheet.compiled.system.cells)
        )
    return suggestions


def _of_level(level: str, findings: list[Finding], tree: UnitTree) -> list[Finding]:
    return [finding for finding in findings if tree.level(finding.unit_code) == level]


def _of_profile(
    findings: list[Finding], inputs: Inputs, catalogue: Catalogue, tree: UnitTree
) -> dict[str, Suggestion | None]:
    if not findings:
        return {}
    rules = catalogue.printed(inputs.month)
    sheets = PrintedSheet.read_all(inputs.tables["profile_figures"], inputs.units, inputs.month)
    readings = {key: found for sheet in sheets for key, found in read_printed(sheet, rules).items()}
    return {
        f.alert_id: printed_suggestion(
            readings.get((f.rule_code, f.unit_code), []), _places(f), tree, inputs.correction
        )
        for f in findings
    }


def _places(finding: Finding) -> list[Place]:
    return list(dict.fromkeys((cell.item_code, cell.unit_code) for cell in finding.cells if cell.item_code))


def _total_findings(findings: list[Finding], catalogue: Catalogue) -> dict[str, Finding]:
    rules = catalogue.by_id
    return {f.alert_id: f for f in findings if f.rule_code in rules and rules[f.rule_code].kind == "total"}


@dataclass(frozen=True)
class _Desk:
    """The findings of one sheet and what is known about its records."""

    sheet: Sheet
    findings: list[Finding]
    tree: UnitTree
    stated: Correction

    def certain(self, totals: Iterable[Finding]) -> dict[str, list[Explanation]]:
        """What the mandatory rules say of each unit, weighed by the 合计 rows that are not the sum of their parts."""
        return support(self.sheet, self.sheet.mandatory_readings(), dict(map(_gap, totals)))

    def all(self, certain: Readings) -> dict[str, Suggestion | None]:
        doubtful = self.sheet.doubtful_readings(self._suspects(certain))
        return {f.alert_id: self._of(f, certain, doubtful) for f in self.findings}

    def _suspects(self, certain: Readings) -> dict[str, frozenset[str]]:
        suspects: dict[str, set[str]] = defaultdict(set)
        for finding in self.findings:
            if finding.severity != "mandatory" and not certain.get(finding.unit_code):
                suspects[finding.unit_code].update(finding.item_codes)
        return {unit: frozenset(items) for unit, items in suspects.items()}

    def about(self, finding: Finding, certain: Readings) -> list[Explanation]:
        """What the readings of its unit say of the finding's cells and of all that rules tie to them."""
        cells = self.sheet.compiled.system.cells
        own = frozenset(cells.index(item) for item in finding.item_codes if item in cells)
        tied = self.sheet.compiled.system.tied(own)
        return [r for r in restricted(certain.get(finding.unit_code, []), tied) if r.changes]

    def _of(self, finding: Finding, certain: Readings, doubtful: Readings) -> Suggestion | None:
        cells = self.sheet.compiled.system.cells
        own = frozenset(cells.index(item) for item in finding.item_codes if item in cells)
        if not own:
            return None
        readings = certain.get(finding.unit_code)
        if readings and (finding.severity == "mandatory" or _touches(readings[0], own)):
            return suggest(self.about(finding, certain), cells, self.tree, self.stated)
        if finding.severity == "mandatory":
            return None
        return suggest(restricted(doubtful.get(finding.unit_code, []), own), cells, self.tree, self.stated)


@dataclass(frozen=True)
class Below:
    """What is known of the communities: their readings, and what the cells of these are called."""

    readings: Readings
    names: tuple[str, ...]


def _of_subdistricts(
    findings: list[Finding], inputs: Inputs, catalogue: Catalogue, tree: UnitTree, below: Below
) -> dict[str, Suggestion | None]:
    """Those of the lists 街道汇总; a roll-up may be healed in a community as well."""
    desk = _Desk(Sheet.read(inputs, catalogue, "subdistrict"), findings, tree, inputs.correction)
    certain = desk.certain(())
    suggestions = desk.all(certain)
    names = desk.sheet.compiled.system.cells
    for finding in findings:
        rule = rollup_rule(catalogue.by_id.get(finding.rule_code))
        if rule and (finding.severity == "mandatory" or suggestions[finding.alert_id] is None):
            own = desk.about(finding, certain)
            found = reasons(finding, rule, own, below.readings, below.names)
            suggestions[finding.alert_id] = rollup_suggestion(found, names, below.names, finding, tree, desk.stated)
    return suggestions


def _of_totals(
    totals: Mapping[str, Finding], verification: Verification, certain: Readings, tree: UnitTree, stated: Correction
) -> dict[str, Suggestion | None]:
    questions = [_question(finding) for finding in totals.values()]
    blamed = blame(verification, questions, certain)
    return {
        code: total_suggestion(question.item, reasons, tree, stated)
        for code, question, reasons in zip(totals, questions, blamed, strict=True)
    }


def _question(finding: Finding) -> Question:
    [item] = finding.item_codes
    total = next(c.value for c in finding.cells if c.unit_code == finding.unit_code)
    return Question(item, finding.unit_code, whole_number(item, total))


def _touches(reading: Explanation, cells: frozenset[int]) -> bool:
    return any(cell in cells for cell, _ in reading.changes)


def _gap(finding: Finding) -> tuple[tuple[str, str], int]:
    [item] = finding.item_codes
    total = sum(whole_number(item, c.value) for c in finding.cells if c.unit_code == finding.unit_code)
    parts = sum(whole_number(item, c.value) for c in finding.cells if c.unit_code != finding.unit_code)
    return (finding.unit_code, item), total - parts
