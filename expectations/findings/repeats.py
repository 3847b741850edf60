"""One wrong figure breaks several rules: where they suggest the same value for it, it is asked once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from expectations.catalogue import RuleBase
from expectations.findings.model import SEVERITIES, Finding
from expectations.localise.suggestion import Change


@dataclass
class _Cause:
    """The finding that speaks for its suggestion, and the titles of the rules that it speaks for."""

    finding: Finding
    changes: frozenset[Change]
    titles: list[str] = field(default_factory=list)


def said_once(findings: list[Finding], rules: Mapping[str, RuleBase]) -> list[Finding]:
    """The same findings; a question that suggests no more than another one of its unit is suppressed under it.

    The worst, then the one that suggests most, then the likeliest speaks, and names the others. Mandatory findings are
    no questions: they may speak, and are never hidden.
    """
    causes: dict[str, list[_Cause]] = defaultdict(list)
    hidden: dict[str, str] = {}
    for finding in sorted(filter(_suggests, findings), key=_rank):
        changes = _changes(finding)
        cause = next((one for one in causes[finding.unit_code] if changes <= one.changes), None)
        if cause is None or finding.severity == "mandatory":
            causes[finding.unit_code].append(_Cause(finding, changes))
        else:
            hidden[finding.alert_id] = cause.finding.alert_id
            rule = rules.get(finding.rule_code)
            cause.titles += [rule.title_zh] if rule else []
    also = {
        c.finding.alert_id: f"；同一处还涉及：{'；'.join(c.titles)}" for of in causes.values() for c in of if c.titles
    }
    return [
        replace(f, suppressed_by=hidden.get(f.alert_id, f.suppressed_by), message=f.message + also.get(f.alert_id, ""))
        for f in findings
    ]


def _suggests(finding: Finding) -> bool:
    return bool(
        finding.channel == "alert" and not finding.suppressed_by and finding.suggestion and finding.suggestion.suggested
    )


def _changes(finding: Finding) -> frozenset[Change]:
    return frozenset(finding.suggestion.readings[0].changes) if finding.suggestion else frozenset()


def _rank(finding: Finding) -> tuple[int, int, float, str, tuple[str, ...]]:
    sure = finding.suggestion.confidence if finding.suggestion else 0.0
    return SEVERITIES.index(finding.severity), -len(_changes(finding)), -sure, finding.rule_code, finding.item_codes
