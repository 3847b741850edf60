"""Which printed figure is wrong: tries other values for each figure of the violated rules and asks all rules again.

Percentages and means make the rules bilinear, and a 概况表 has a few hundred cells, so trying is simpler than solving
and as complete: every value that one slip can explain, every neighbour that may have been copied, every small count.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from expectations.catalogue.models import RuleBase
from expectations.localise.channel import candidates, log_likelihood
from expectations.localise.values import SLIP
from expectations.printed.evaluate import ask
from expectations.printed.models import PrintedRule, SameValue
from expectations.printed.sheet import Cell, Sheet
from expectations.violation import Violation
from ingest.reference import profile_figures

Key = tuple[str, str]  # rule, unit: one violation
Place = tuple[str, str]  # figure, unit: one cell
Option = tuple[float, Place, str, frozenset[Key]]  # log score, cell, text it should have, violations that it heals
SMALL = 60  # counts up to this are all tried: most printed counts are of people in a team or of communities
LARGEST_RATIO = 3  # a printed figure is hardly ever off by more: it would be seen
COPIED = 0.3  # share of slips in which the neighbour's figure was typed again
LEFT_BLANK = 0.02  # how often a figure that is not 0 is left blank


@dataclass(frozen=True)
class Printed:
    """One explanation of some violated rules: the figure at ``place`` should read ``text``."""

    place: Place
    text: str
    probability: float
    heals: frozenset[str]


def read_printed(sheet: Sheet, rules: Iterable[RuleBase]) -> dict[Key, list[Printed]]:
    """For each violated (rule, unit): the single figures that heal it, the likeliest first.

    A copied neighbour (``SameValue``) is a sign of a slip, not a rule that a value could keep, so it is not asked.
    """
    asked_rules = [rule for rule in rules if isinstance(rule, PrintedRule) and not isinstance(rule, SameValue)]
    by_place = _rules_by_place(asked_rules)
    broken = {(v.rule_code, v.unit_code): v for v in ask(sheet, asked_rules).violations}
    places = {(o.item_code, o.unit_code) for v in broken.values() for o in v.operands}
    found: dict[tuple[str, str], list[tuple[float, Place, str, frozenset[tuple[str, str]]]]] = {
        key: [] for key in broken
    }
    for place in sorted(places):
        asked = by_place[place[0]]
        before = _broken(sheet, asked)
        for cell, score in _alternatives(sheet, place):
            after = _broken(replace(sheet, cells={**sheet.cells, place: cell}), asked)
            healed = frozenset(before - after)
            if healed and not after - before:
                total = score + float(np.log(SLIP)) * len(_around(broken, place) - healed)
                for key in healed & set(found):
                    found[key].append((total, place, cell.text, healed))
    return {key: _softmax(entries) for key, entries in found.items()}


def _rules_by_place(rules: list[PrintedRule]) -> dict[str, list[PrintedRule]]:
    return {
        figure.figure_code: [rule for rule in rules if figure.figure_code in rule.item_codes]
        for figure in profile_figures()
    }


def _broken(sheet: Sheet, rules: list[PrintedRule]) -> set[Key]:
    return {(v.rule_code, v.unit_code) for v in ask(sheet, rules).violations}


def _around(broken: Mapping[Key, Violation], place: Place) -> set[Key]:
    """The violated rules that the figure at ``place`` takes part in: what it does not heal needs another slip."""
    return {
        key for key, violation in broken.items() if place in {(o.item_code, o.unit_code) for o in violation.operands}
    }


def _alternatives(sheet: Sheet, place: Place) -> Iterator[tuple[Cell, float]]:
    """Other values of a cell with their log score: what it may have been meant to be."""
    cell = sheet.cells.get(place)
    if cell is None:
        figure = next(f for f in profile_figures() if f.figure_code == place[0])
        blank = Cell(figure, "", Decimal(0), None, Decimal(1), "exact")
        yield from ((_reprinted(blank, value), float(np.log(LEFT_BLANK / SMALL))) for value in range(1, SMALL))
        return
    if cell.qualifier != "exact" or cell.value_to is not None:
        return
    typed = int(cell.value / cell.step)
    copied = {
        int(c.value / cell.step) for (code, unit), c in sheet.cells.items() if unit == place[1] or code == place[0]
    }
    options = set(candidates(np.array([typed]))[0].tolist()) | set(range(SMALL)) | copied
    likely = sorted(v for v in options if v != typed and 0 <= v <= LARGEST_RATIO * max(typed, SMALL))
    slip = log_likelihood(np.full(len(likely), typed), np.array(likely), np.full(len(likely), np.nan))
    for value, score in zip(likely, slip.tolist(), strict=True):
        again = np.log(COPIED / len(copied)) if typed in copied and value not in copied else -np.inf
        yield _reprinted(cell, value), float(np.log(SLIP) + np.logaddexp(score, again))


def _reprinted(cell: Cell, steps: int) -> Cell:
    value = steps * cell.step
    percent = "%" if cell.figure.unit == "%" else ""
    return replace(cell, value=value, text=f"{value.normalize():f}{percent}")


def _softmax(entries: list[Option]) -> list[Printed]:
    if not entries:
        return []
    scores = np.array([score for score, *_ in entries])
    weights = np.exp(scores - scores.max())
    found = [
        Printed(place, text, float(weight / weights.sum()), frozenset(code for code, _ in healed))
        for (_, place, text, healed), weight in zip(entries, weights, strict=True)
    ]
    return sorted(found, key=lambda printed: (-printed.probability, printed.place, printed.text))
