"""Decides the content rules from the counts of each submission."""

from __future__ import annotations

from collections.abc import Iterable

from expectations.catalogue import ContentRule
from expectations.content.counts import Counts, count_values
from expectations.history import Inputs, months_back
from expectations.violation import Execution, Executions, Outcome, Violation


def check_content(inputs: Inputs, rules: Iterable[ContentRule]) -> Outcome:
    """Ask ``rules`` of every sub-district that had to report."""
    counted = {counts.subdistrict: counts for counts in count_values(inputs)}
    before = inputs.tables_back(1).get("receipts")
    senders = set() if before is None else set(before.column("subdistrict_code").to_pylist())
    origins = inputs.origins(1)
    violations: list[Violation] = []
    executions: list[Execution] = []
    asked = [u.unit_code for u in inputs.asked if u.level == "subdistrict" and u.holds_on(inputs.month)]
    for rule in rules:
        for code in sorted(asked):
            counts = counted.get(code)
            origin = origins.get(code, frozenset({code}))
            missing = _missing(rule, inputs, counts, origin is not None and origin <= senders)
            if counts is None or missing:
                executions.append(Execution(rule.id, code, 0, 0, 1, missing))
                continue
            said = _said(rule, counts, inputs)
            executions.append(Execution(rule.id, code, 1, int(said is not None), 0))
            if said is not None:
                violations.append(Violation(rule.id, code, inputs.month, (), said))
    return Outcome(tuple(violations), Executions.of(executions))


def _missing(rule: ContentRule, inputs: Inputs, counts: Counts | None, had_sent: bool) -> str | None:
    if counts is None:
        return f"本月未报送（{inputs.month:%Y-%m}）"
    if rule.sign == "copied" and not had_sent:
        return f"上月未报送（{months_back(inputs.month, 1):%Y-%m}）"
    return None


def _said(rule: ContentRule, counts: Counts, inputs: Inputs) -> str | None:
    """What the counts are, where they violate the rule."""
    if rule.sign == "empty":
        return None if counts.answered else f"{counts.asked} 个单元格全部为空"
    if rule.sign == "all_zero":
        return f"{counts.numbers} 个数值全部为 0" if counts.numbers and not counts.nonzero else None
    if rule.sign == "partial":
        blank = counts.asked - counts.answered
        few = counts.answered and counts.answered < rule.share * counts.asked
        return f"{counts.asked} 个单元格中 {blank} 个未填" if few else None
    return _copied(rule, counts, inputs)


def _copied(rule: ContentRule, counts: Counts, inputs: Inputs) -> str | None:
    """Flows and running totals decide: stocks of a quiet month can all be last month's."""
    unmoved = counts.same_flows + counts.same_totals
    if not counts.moving or unmoved < rule.share * counts.moving or counts.same < rule.share * counts.answered:
        return None
    then = f"{months_back(inputs.month, 1):%Y-%m}"
    equal = f"{counts.same} 个数值与 {then} 完全相同"
    whole = equal if counts.same == counts.answered else f"{counts.answered} 个数值中 {counts.same} 个与 {then} 相同"
    return f"{whole}，其中本月发生数 {counts.same_flows} 个、累计数 {counts.same_totals} 个"
