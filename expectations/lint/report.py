"""Puts together what there is to say of a catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from expectations.catalogue import Catalogue, PresenceRule
from expectations.catalogue.kinds import ITEMS
from expectations.history import months_back
from expectations.lint.linear import Redundancy, contradictions, redundancies
from expectations.lint.twins import twins
from expectations.localise.compile import Compiled, compile_sheet

SHEETS = ("community", "subdistrict")
A_YEAR = 12


@dataclass(frozen=True)
class Report:
    """``contradictions`` make the catalogue wrong; the rest is for whoever keeps it.

    ``left_out`` are mandatory rules that no linear row can say: they were not looked at for contradictions.
    """

    contradictions: list[tuple[str, ...]]
    redundancies: list[Redundancy]
    twins: list[tuple[str, ...]]
    without_consumer: list[str]
    without_rule: list[str]
    left_out: list[str]


def lint(catalogue: Catalogue, consumed: Iterable[str]) -> Report:
    """``consumed`` are the items that a star criterion or a band of the cadre tables reads."""
    months = regimes(catalogue)
    compiled = [compile_sheet(catalogue, sheet, month) for sheet in SHEETS for month in months]
    asked = [one for one in compiled if one.rows]
    asking = [rule for rule in catalogue.rules if rule.enabled and not isinstance(rule, PresenceRule)]
    ruled = {code for rule in asking for code in rule.item_codes}
    used = {*consumed, *ruled, *(code for code, item in ITEMS.items() if item.used_by)}
    return Report(
        contradictions=list(dict.fromkeys(found for one in asked for found in contradictions(one.rows))),
        redundancies=_always([_asked(one) for one in asked], [redundancies(one.rows) for one in asked]),
        twins=twins(catalogue),
        without_consumer=[code for code in ITEMS if code not in used],
        without_rule=[code for code in ITEMS if code not in ruled],
        left_out=sorted({code for one in compiled for code in one.left_out}),
    )


def regimes(catalogue: Catalogue) -> list[date]:
    """One month for each set of mandatory rules that is ever asked: rules hold from, to, and in parts of a year."""
    rules = [rule for rule in catalogue.rules if rule.enabled and rule.level == "mandatory"]
    starts = {rule.valid_from.replace(day=1) for rule in rules}
    starts |= {months_back(rule.valid_to, -1) for rule in rules if rule.valid_to}
    found: dict[tuple[str, ...], date] = {}
    for start in sorted(starts):
        for step in range(A_YEAR):
            month = months_back(start, -step)
            asked = tuple(rule.id for rule in rules if rule.asked_in(month))
            found.setdefault(asked, month)
    return list(found.values())


def _asked(compiled: Compiled) -> set[str]:
    return {row.rule_code for row in compiled.rows}


def _always(asked: list[set[str]], found: list[list[Redundancy]]) -> list[Redundancy]:
    """What is redundant in every month in which it is asked at all."""
    times = [code for codes in asked for code in codes]
    every = [one for part in found for one in part]
    kept = [one for one in dict.fromkeys(every) if every.count(one) == times.count(one.rule_code)]
    return sorted(kept, key=lambda one: (bool(one.items), one.rule_code))
