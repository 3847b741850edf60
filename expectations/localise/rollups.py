"""A sub-district's figure against its communities': is it the sub-district's own, or a community whose row is wrong?

The sub-district's list is read by itself, with the sums of its communities given (``records``). Here the readings of
these communities are asked whether they would heal the same rule: a row that is known to be wrong, and whose likeliest
correction settles the roll-up too, is a better reason than a second slip. Printed roll-ups belong to ``printed``, the
clerk's 合计 row to ``totals``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from expectations.catalogue import ExpressionRule, RuleBase
from expectations.catalogue.expression import Reference, Statement
from expectations.catalogue.kinds import ITEMS
from expectations.findings.model import Finding
from expectations.localise.compile import scale_of
from expectations.localise.explain import Explanation

SECOND_SLIP = 0.01  # how much rarer it is that the sub-district's own figure is wrong as well


@dataclass(frozen=True)
class Reason:
    """One reading of a roll-up; ``unit`` is None where the sub-district's own figures change."""

    unit: str | None
    reading: Explanation


def rollup_rule(rule: RuleBase | None) -> ExpressionRule | None:
    """The rule if it compares a sub-district with what its communities make together, or a mean with its bands."""
    return rule if isinstance(rule, ExpressionRule) and rule.kind in ("roll_up", "mean_in_bands") else None


def reasons(
    finding: Finding,
    rule: ExpressionRule,
    own: list[Explanation],
    communities: Mapping[str, list[Explanation]],
    names: tuple[str, ...],
) -> list[Reason]:
    """The readings of the sub-district itself and those of its communities that heal the rule, the likeliest first.

    ``names``: the cells of a community's reading.
    """
    statements = [s for _, s in rule.statements if _can_be_asked(s) and set(s.item_codes) == set(finding.item_codes)]
    there = [
        Reason(unit, reading)
        for unit in sorted({cell.unit_code for cell in finding.cells} - {finding.unit_code})
        for reading in communities.get(unit, [])
        if any(_holds(s, finding, unit, _known(reading, names)) for s in statements)
    ]
    weight = SECOND_SLIP if there else 1.0
    all_of_them = [*there, *(Reason(None, _scaled(reading, weight)) for reading in own)]
    total = sum(reason.reading.probability for reason in all_of_them) or 1.0
    weighed = [Reason(reason.unit, _scaled(reason.reading, 1 / total)) for reason in all_of_them]
    return sorted(weighed, key=lambda reason: (-reason.reading.probability, reason.unit or ""))


def _scaled(reading: Explanation, factor: float) -> Explanation:
    return replace(reading, probability=reading.probability * factor)


def _known(reading: Explanation, names: tuple[str, ...]) -> dict[str, int]:
    return {names[cell]: value for cell, value in reading.changes if value is not None}


def _can_be_asked(statement: Statement) -> bool:
    """Whether the finding's own cells are all that the consequence reads: figures of the month and sums of them."""
    references = list(statement.consequence.references())
    plain = all(r.function in ("", "bits") and r.aggregate in ("", "sum") and not r.lag for r in references)
    return plain and all(r.item and ITEMS[r.item].value_type != "choice" for r in references)


def _holds(statement: Statement, finding: Finding, unit: str, changed: Mapping[str, int]) -> bool:
    """Whether the statement holds with the figures of ``unit`` changed, if it has a part in it."""
    if not {cell.item_code for cell in finding.cells if cell.unit_code == unit} & set(changed):
        return False
    read = statement.consequence.references()
    values = {reference: sum(_parts(reference, finding, unit, changed), Fraction(0)) for reference in read}
    return all(link.holds(values, statement.tolerance) for link in statement.consequence.links)


def _parts(reference: Reference, finding: Finding, unit: str, changed: Mapping[str, int]) -> Iterator[Fraction]:
    """The figures that ``reference`` adds up."""
    for cell in finding.cells:
        item, of_community = cell.item_code or "", cell.unit_code != finding.unit_code
        if item == reference.item and of_community == bool(reference.aggregate):
            is_changed = cell.unit_code == unit and item in changed
            yield Fraction(changed[item], scale_of(item)) if is_changed else _typed(item, cell.value or "0")


def _typed(item: str, value: str) -> Fraction:
    if ITEMS[item].value_type == "bits":
        return Fraction(value.count("1"))
    return Fraction(int(value == "是")) if ITEMS[item].value_type == "yes_no" else Fraction(value)
