"""Replays one rule over the stored months, before it goes live: how many violations, on whom. Writes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from expectations.catalogue import Catalogue, CatalogueError, RuleBase, load_catalogue
from expectations.catalogue.load import read_rules
from expectations.catalogue.models import FIRST_DAY
from expectations.evaluate import NOTHING, evaluate_outcomes, evaluate_structures
from expectations.findings.model import UnitTree
from expectations.history import Inputs, load_history, read_department_values
from expectations.settings import Settings, read_settings
from expectations.violation import Outcome
from ingest.data_root import DataRoot
from ingest.raw.read import load_month, months
from ingest.reference import read_units


@dataclass(frozen=True)
class MonthReplayed:
    """``units`` are asked in all, ``hit`` names those that violate the rule, ``reasons`` say why it could not run."""

    month: date
    units: int
    hit: tuple[str, ...]
    executed: int
    violated: int
    not_executed: int
    reasons: tuple[str, ...]

    @property
    def share(self) -> Decimal:
        return _share(len(self.hit), self.units)


@dataclass(frozen=True)
class Rehearsal:
    """What a rule would have said in each month, ascending."""

    rule: RuleBase
    months: tuple[MonthReplayed, ...]
    settings: Settings

    @property
    def share(self) -> Decimal:
        """Of all unit-months; a month in which it could not run anywhere says nothing."""
        ran = [month for month in self.months if month.executed]
        return _share(sum(len(month.hit) for month in ran), sum(month.units for month in ran))

    @property
    def objections(self) -> list[str]:
        """Why the rule should not go live as it is; none where it may."""
        most, blocking = self.settings.rehearsal_share_of_units, self.settings.rehearsal_share_of_mandatory
        said = [
            f"{month.month:%Y-%m} 命中 {len(month.hit)}/{month.units} 个单位（{month.share:.0%}），超过 {most:.0%}"
            for month in self.months
            if month.share > most
        ]
        if self.rule.level == "mandatory" and self.share > blocking:
            said.append(f"强制性规则命中全部单位月的 {self.share:.1%}，超过 {blocking:.0%}")
        return said


def _share(part: int, whole: int) -> Decimal:
    return Decimal(part) / whole if whole else Decimal(0)


def find_rule(root: DataRoot, code: str | None, file: Path | None) -> RuleBase:
    """The rule ``code`` of ``file``, or of the catalogue; the only rule of ``file`` needs no code.

    Raises CatalogueError where there is no such rule, or the file is wrong.
    """
    rules = {rule.id: rule for _, rule in read_rules(file)} if file else load_catalogue(root).by_id
    if code is None and len(rules) == 1:
        return next(iter(rules.values()))
    if code in rules:
        return rules[code]
    there = f"{file} 里有：{'、'.join(rules)}" if file else "请核对编号"
    raise CatalogueError(f"没有规则 {code}：{there}" if code else f"请写明规则编号：{there}")


def rehearse(root: DataRoot, rule: RuleBase, last: int) -> Rehearsal:
    """Ask ``rule`` of the ``last`` stored months, as if it were enabled and had always held."""
    asked = rule.model_copy(
        update={"enabled": True, "disabled_reason": None, "valid_from": FIRST_DAY, "valid_to": None}
    )
    stored = [month for month in months(root)[-last:] if asked.asked_in(month)]
    return Rehearsal(asked, tuple(_replay(root, asked, month) for month in stored), read_settings(root))


def _replay(root: DataRoot, rule: RuleBase, month: date) -> MonthReplayed:
    history = load_history(root, month, [rule])
    inputs = Inputs(month, load_month(root, month), history, read_units(root), read_department_values(root))
    catalogue = Catalogue((rule,))
    structure = evaluate_structures([inputs], catalogue)[0][month] if catalogue.structure(month) else NOTHING
    outcome = Outcome.joined(evaluate_outcomes(inputs, catalogue, structure))
    executions = list(outcome.executions)
    tree = UnitTree(inputs.units, month)
    reasons = Counter(reason for e in executions if (reason := e.reason))
    return MonthReplayed(
        month,
        units=len(_units_asked(rule, tree, [e.subdistrict_code for e in executions])),
        hit=tuple(tree.name(unit) for unit in sorted({violation.unit_code for violation in outcome.violations})),
        executed=sum(e.executed for e in executions),
        violated=sum(e.violated for e in executions),
        not_executed=sum(e.not_executed for e in executions),
        reasons=tuple(sorted(reasons)),
    )


def _units_asked(rule: RuleBase, tree: UnitTree, said_of: Sequence[str]) -> set[str]:
    """The units of the rule's level; a rule of the 概况表 concerns the columns that it was asked of."""
    return set(said_of) if rule.form == "profile" else set(tree.of_level(rule.scope))
