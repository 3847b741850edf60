"""One wrong figure breaks several rules: where they point at the same cells, and suggest the same, it is asked once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from expectations.catalogue import RuleBase
from expectations.findings.model import SEVERITIES, Finding

Pointed = Mapping[str, str | None]  # place → what it should read; None where it is only to be looked at


@dataclass
class _Cause:
    """The finding that speaks for the cells it points at, and the titles of the rules that it speaks for."""

    finding: Finding
    pointed: Pointed
    titles: list[str] = field(default_factory=list)

    def covers(self, pointed: Pointed) -> bool:
        return all(place in self.pointed and text in (None, self.pointed[place]) for place, text in pointed.items())

    @property
    def also(self) -> str:
        return f"；同一处还涉及：{'；'.join(dict.fromkeys(self.titles))}" if self.titles else ""


def said_once(findings: list[Finding], rules: Mapping[str, RuleBase]) -> list[Finding]:
    """The same findings; a question that points at no more than another finding of its unit is suppressed under it.

    The worst, then the one that suggests most, then the likeliest speaks, and names the others. Mandatory findings are
    no questions: they may speak, and are never hidden.
    """
    causes: dict[str, list[_Cause]] = defaultdict(list)
    hidden: dict[str, str] = {}
    for finding in sorted(filter(_pointed, findings), key=_rank):
        pointed = _pointed(finding)
        cause = next((one for one in causes[finding.unit_code] if one.covers(pointed)), None)
        if cause is None or finding.severity == "mandatory":
            causes[finding.unit_code].append(_Cause(finding, pointed))
        else:
            hidden[finding.alert_id] = cause.finding.alert_id
            rule = rules.get(finding.rule_code)
            cause.titles += [rule.title_zh] if rule else []
    also = {cause.finding.alert_id: cause.also for of_unit in causes.values() for cause in of_unit}
    return [
        replace(f, suppressed_by=hidden.get(f.alert_id, f.suppressed_by), message=f.message + also.get(f.alert_id, ""))
        for f in findings
    ]


def _pointed(finding: Finding) -> Pointed:
    """Empty where it points at nothing, is no alert, or follows from another one already."""
    said = finding.suggestion
    if said is None or finding.channel != "alert" or finding.suppressed_by:
        return {}
    if said.suggested:
        return {change.place: change.text for change in said.suggested[0].changes}
    return dict.fromkeys(said.items)


def _rank(finding: Finding) -> tuple[int, bool, int, float, str, tuple[str, ...]]:
    pointed = _pointed(finding)
    only_looked_at = None in pointed.values()
    sure = finding.suggestion.confidence if finding.suggestion else 0.0
    severity = SEVERITIES.index(finding.severity)
    return severity, only_looked_at, -len(pointed), -sure, finding.rule_code, finding.item_codes
