"""Which finding follows from which: a missing submission or column or an empty report says it once, and a rule that
hits everybody is the engineer's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from expectations.catalogue import CompletenessRule, ContentRule, PresenceRule, RuleBase
from expectations.findings.ingested import SUBMISSION_MISSING, rule_code
from expectations.findings.model import SEVERITIES, Finding, UnitTree

STORM_SHARE = 0.6  # of the county's communities; above it the rule or the form is the likelier cause
STORM_AT_LEAST = 5

COMMUNITY_MISSING = rule_code("community_missing")
LIST_MISSING = rule_code("item_list_missing")


def suppress(findings: list[Finding], rules: Mapping[str, RuleBase], tree: UnitTree) -> list[Finding]:
    """The same findings, with ``suppressed_by`` where one follows from another, and one more for each storm."""
    causes = _Causes(findings, rules, tree)
    followed = [replace(f, suppressed_by=causes.of(f)) if causes.of(f) else f for f in findings]
    storms = _storms(followed, rules, tree)
    by_storm = [_under_its_storm(finding, storms, tree) for finding in followed]
    return _as_severe_as_what_they_hide([*by_storm, *storms.values()])


class _Causes:
    """Looks up what a finding follows from among the others."""

    def __init__(self, findings: Iterable[Finding], rules: Mapping[str, RuleBase], tree: UnitTree) -> None:
        self.rules = rules
        self.tree = tree
        self.no_submission: dict[str, str] = {}
        self.of_item: dict[tuple[str, str], str] = {}  # (unit, item): what ingest said of that cell or column
        self.of_row: dict[str, str] = {}  # community: what ingest rejected of its row
        self.of_list: dict[str, str] = {}
        self.row_missing: dict[str, str] = {}
        self.no_figures: dict[str, str] = {}  # sub-district: an empty or all-zero report
        self.half_filled: dict[str, str] = {}
        for finding in findings:
            self._learn(finding)

    def _learn(self, finding: Finding) -> None:
        unit, alert, rule = finding.unit_code, finding.alert_id, self.rules.get(finding.rule_code)
        if finding.rule_code == SUBMISSION_MISSING:
            self.no_submission[unit] = alert
        elif finding.rule_code == LIST_MISSING:
            self.of_list[unit] = alert
        elif isinstance(rule, CompletenessRule):
            self.row_missing[unit] = alert
        elif isinstance(rule, ContentRule):
            of_sign = {"empty": self.no_figures, "all_zero": self.no_figures, "partial": self.half_filled}
            of_sign.get(rule.sign, {})[unit] = alert
        elif finding.rule_code.startswith("INGEST-"):
            for item in finding.item_codes:
                self.of_item.setdefault((unit, item), alert)
            if not finding.item_codes and finding.severity == "mandatory":
                self.of_row.setdefault(unit, alert)

    def of(self, finding: Finding) -> str | None:
        """The alert that ``finding`` follows from, if any."""
        unit, rule = finding.unit_code, self.rules.get(finding.rule_code)
        subdistrict = self.tree.subdistrict(unit) or ""
        if finding.rule_code == COMMUNITY_MISSING:
            return self.row_missing.get(unit)
        if rule is None or finding.form != "monthly_report":
            return None
        if subdistrict in self.no_submission:
            return self.no_submission[subdistrict]
        if isinstance(rule, CompletenessRule):
            return self.of_row.get(unit)
        if isinstance(rule, ContentRule):
            return None
        if subdistrict in self.no_figures:
            return self.no_figures[subdistrict]
        return self._of_presence(finding, rule, subdistrict) if isinstance(rule, PresenceRule) else None

    def _of_presence(self, finding: Finding, rule: PresenceRule, subdistrict: str) -> str | None:
        if rule.scope == "subdistrict" and subdistrict in self.of_list:
            return self.of_list[subdistrict]
        said = [
            self.of_item.get((finding.unit_code, item)) or self.of_item.get((subdistrict, item))
            for item in finding.item_codes
        ]
        return said[0] if said and all(said) else self.half_filled.get(subdistrict)


def _storms(
    findings: list[Finding], rules: Mapping[str, RuleBase], tree: UnitTree
) -> dict[tuple[str, str | None], Finding]:
    hit: dict[tuple[str, str | None], set[str]] = defaultdict(set)
    first: dict[tuple[str, str | None], Finding] = {}
    for finding in findings:
        if _may_be_a_storm(finding, rules):
            key = (finding.rule_code, tree.county(finding.unit_code))
            hit[key].add(finding.unit_code)
            first.setdefault(key, finding)
    asked: dict[str | None, int] = defaultdict(int)
    for code in tree.of_level("community"):
        asked[tree.county(code)] += 1
    return {
        (rule, county): _storm(first[rule, county], rules[rule], county or "", len(units), asked[county])
        for (rule, county), units in hit.items()
        if len(units) >= STORM_AT_LEAST and len(units) > STORM_SHARE * asked[county]
    }


def _may_be_a_storm(finding: Finding, rules: Mapping[str, RuleBase]) -> bool:
    rule = rules.get(finding.rule_code)
    return rule is not None and rule.scope == "community" and rule.level != "mandatory" and not finding.suppressed_by


def _storm(one: Finding, rule: RuleBase, county: str, hit: int, asked: int) -> Finding:
    return Finding(
        month=one.month,
        form=one.form,
        unit_code=county,
        rule_code=rule.id,
        severity=rule.level,
        channel="engineer",
        message=f"规则“{rule.title_zh}”本月命中 {asked} 个社区中的 {hit} 个，请先核对规则和口径，再逐一询问",
        item_codes=rule.item_codes,
        reported="",
    )


def _under_its_storm(finding: Finding, storms: Mapping[tuple[str, str | None], Finding], tree: UnitTree) -> Finding:
    storm = storms.get((finding.rule_code, tree.county(finding.unit_code)))
    if storm is None or finding.suppressed_by or tree.level(finding.unit_code) != "community":
        return finding
    return replace(finding, suppressed_by=storm.alert_id)


def _as_severe_as_what_they_hide(findings: list[Finding]) -> list[Finding]:
    """A flag that stands for mandatory findings is mandatory itself."""
    hidden: dict[str, int] = {}
    for finding in findings:
        if finding.suppressed_by:
            rank = SEVERITIES.index(finding.severity)
            hidden[finding.suppressed_by] = min(rank, hidden.get(finding.suppressed_by, rank))
    return [
        replace(f, severity=SEVERITIES[min(hidden.get(f.alert_id, len(SEVERITIES)), SEVERITIES.index(f.severity))])
        for f in findings
    ]
