"""At most so many questions per community and month: the rest is one line that names them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace

from expectations.catalogue import RuleBase
from expectations.findings.model import SEVERITIES, Finding, UnitTree

QUERY_BUDGET = "QUERY-BUDGET"
TITLE = "每个社区每月逐条提出的核实性问题有上限，其余合并为一条"


def within_budget(findings: list[Finding], rules: Mapping[str, RuleBase], tree: UnitTree, budget: int) -> list[Finding]:
    """The same findings and a summary for each community with more than ``budget`` questions.

    The worst and likeliest questions stay; the others are suppressed under the summary. Mandatory findings are no
    questions: they are never counted and never hidden.
    """
    asked: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        if _is_question(finding, tree):
            asked[finding.unit_code].append(finding)
    summary_of: dict[str, str] = {}
    summaries: list[Finding] = []
    for unit, questions in sorted(asked.items()):
        left = sorted(questions, key=_urgency)[budget:]
        if left:
            summaries.append(_summary(unit, left, rules, tree))
            summary_of |= {finding.alert_id: summaries[-1].alert_id for finding in left}
    kept = [replace(f, suppressed_by=summary_of.get(f.alert_id, f.suppressed_by)) for f in findings]
    return sorted([*kept, *summaries], key=lambda finding: finding.order)


def _is_question(finding: Finding, tree: UnitTree) -> bool:
    return (
        finding.severity != "mandatory"
        and finding.channel == "alert"
        and not finding.suppressed_by
        and tree.level(finding.unit_code) == "community"
    )


def _urgency(finding: Finding) -> tuple[int, float, str, tuple[str, ...]]:
    likely = finding.suggestion.confidence if finding.suggestion else 0.0
    return SEVERITIES.index(finding.severity), -likely, finding.rule_code, finding.item_codes


def _summary(unit: str, left: list[Finding], rules: Mapping[str, RuleBase], tree: UnitTree) -> Finding:
    titles = Counter(_title(finding, rules, tree) for finding in left)
    named = "；".join(title if count == 1 else f"{title}（{count} 项）" for title, count in titles.items())
    return Finding(
        month=left[0].month,
        form=left[0].form,
        unit_code=unit,
        rule_code=QUERY_BUDGET,
        severity="hint",
        channel="alert",
        message=f"{tree.name(unit)}：另有 {len(left)} 项核实性问题未逐条提出：{named}",
        item_codes=(),
        reported="",
        workbook=left[0].workbook,
    )


def _title(finding: Finding, rules: Mapping[str, RuleBase], tree: UnitTree) -> str:
    """What the rule asks; what ingest asked has no rule, so its own words."""
    rule = rules.get(finding.rule_code)
    return rule.title_zh if rule else finding.message.removeprefix(f"{tree.name(finding.unit_code)}：")
