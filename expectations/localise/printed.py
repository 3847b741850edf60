"""Which printed figures are wrong: tries other values for the figures of the violated rules and asks all rules again.

Percentages and means make the rules bilinear, and a 概况表 has a few hundred cells, so trying is simpler than solving:
with every figure but one fixed, each rule says at once which values of that one it allows. Where no single figure
heals a rule and all else that is wrong about it, pairs are tried as well: one figure takes a value, and the rules that
this leaves broken name the other. What a figure
may have been meant to be stands in ``printed_values``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain, combinations

import numpy as np

from expectations.catalogue.models import RuleBase
from expectations.localise.channel import WEIGHTS
from expectations.localise.printed_values import Place, alternatives
from expectations.localise.values import SLIP
from expectations.printed.evaluate import Question, broken, questions, takes_part
from expectations.printed.models import PrintedRule, SameValue
from expectations.printed.sheet import Cell, Sheet

Key = tuple[str, str]  # rule, unit: one violation
UNFORESEEN = float(np.log(SLIP * WEIGHTS["unknown"]))  # of one more slip that is not said
LIKELIEST = 30  # values of each figure that are tried together where only both at once can heal


@dataclass(frozen=True)
class Printed:
    """One explanation of some violated rules: what each figure should read, and how probable that is."""

    changes: tuple[tuple[Place, str], ...]
    probability: float
    heals: frozenset[str]


@dataclass(frozen=True)
class _Step:
    """Figures with other values: what that heals, and what it breaks anew."""

    cells: tuple[tuple[Place, Cell], ...]
    score: float
    heals: frozenset[Key]
    breaks: frozenset[Key]


def read_printed(sheet: Sheet, rules: Iterable[RuleBase]) -> dict[Key, list[Printed]]:
    """For each violated (rule, unit): what heals it, the likeliest first; empty where not even two figures would.

    A copied neighbour (``SameValue``) is a sign of a slip, not a rule that a value could keep, so it is not asked.
    """
    asked = [rule for rule in rules if isinstance(rule, PrintedRule) and not isinstance(rule, SameValue)]
    trial = _Trial.of(sheet, questions(sheet, asked))
    steps = list(trial.single_steps())
    found = {key: [s for s in steps if key in s.heals and not s.breaks] for key in sorted(trial.violated)}
    for key, singles in found.items():
        if all(trial.left_around(single) for single in singles):
            found[key] = [*singles, *trial.pairs(key, steps)] or list(trial.at_once(key))
    return {key: trial.ranked(key, ways) for key, ways in found.items()}


@dataclass(frozen=True)
class _Trial:
    """A sheet, the rules asked of it, and those of them that each figure takes part in."""

    sheet: Sheet
    by_key: Mapping[Key, Question]
    by_place: Mapping[Place, tuple[Question, ...]]
    violated: frozenset[Key]
    known: dict[Place, list[tuple[Cell, float]]] = field(default_factory=dict)  # alternatives, the likeliest first

    @classmethod
    def of(cls, sheet: Sheet, asked: list[Question]) -> _Trial:
        by_place: dict[Place, list[Question]] = {}
        for question in asked:
            for place in takes_part(sheet, question):
                by_place.setdefault(place, []).append(question)
        by_key = {question.key: question for question in asked if question.check(sheet) is not None}
        return cls(
            sheet,
            by_key,
            {place: tuple(q for q in found if q.key in by_key) for place, found in by_place.items()},
            broken(sheet, by_key.values()),
        )

    def single_steps(self) -> Iterator[_Step]:
        """Every other value of every figure of a violated rule that heals something."""
        for place in sorted(set(chain.from_iterable(self._places(key) for key in self.violated))):
            for cell, score in self._alternatives(place):
                step = self._step(((place, cell),), score)
                if step.heals:
                    yield step

    def pairs(self, key: Key, steps: list[_Step]) -> Iterator[_Step]:
        """A first step with the second one that repairs what it broke or left; both orders come, one is kept."""
        seen: set[frozenset[tuple[Place, str]]] = set()
        for first in steps:
            [(place, _)] = first.cells
            has_a_part = key in first.heals if first.breaks else key not in first.heals and place in self._places(key)
            if not has_a_part:
                continue
            for second in self._second(first, min(first.breaks, default=key)):
                named = frozenset((where, cell.text) for where, cell in second.cells)
                if key in second.heals and named not in seen:
                    seen.add(named)
                    yield second

    def at_once(self, key: Key) -> Iterator[_Step]:
        """Two figures of the rule that only heal it together, among the likeliest values of each."""
        likely = {place: self._alternatives(place)[:LIKELIEST] for place in sorted(self._places(key))}
        for first, second in combinations(likely, 2):
            for cell, score in likely[first]:
                yield from self._second(self._step(((first, cell),), score), key, {second: likely[second]})

    def _second(
        self, first: _Step, target: Key, likely: Mapping[Place, list[tuple[Cell, float]]] | None = None
    ) -> Iterator[_Step]:
        """The steps with a second figure of the rule ``target``, which it must heal, that break nothing."""
        [(taken, _)] = first.cells
        changed = replace(self.sheet, cells={**self.sheet.cells, **dict(first.cells)})
        for place in sorted(likely or self._places(target)):
            if place == taken:
                continue
            for cell, score in likely[place] if likely else self._alternatives(place):
                if self.by_key[target].check(_with(changed, place, cell)) is True:
                    step = self._step((*first.cells, (place, cell)), first.score + score)
                    if not step.breaks and target not in self.violated - step.heals:
                        yield step

    def _step(self, cells: tuple[tuple[Place, Cell], ...], score: float) -> _Step:
        asked = {q.key: q for place, _ in cells for q in self.by_place[place]}
        before = self.violated & set(asked)
        after = broken(replace(self.sheet, cells={**self.sheet.cells, **dict(cells)}), asked.values())
        return _Step(cells, score, frozenset(before - after), frozenset(after - before))

    def _alternatives(self, place: Place) -> list[tuple[Cell, float]]:
        if place not in self.known:
            self.known[place] = sorted(
                alternatives(self.sheet, place), key=lambda option: (-option[1], option[0].value)
            )
        return self.known[place]

    def _places(self, key: Key) -> frozenset[Place]:
        return takes_part(self.sheet, self.by_key[key])

    def ranked(self, key: Key, ways: list[_Step]) -> list[Printed]:
        """What a way leaves violated beside the rule needs further slips; what nobody foresaw needs one more still."""
        if not ways:
            return []
        scores = np.array([way.score + UNFORESEEN * len(self.left(key, way)) for way in ways])
        unforeseen = UNFORESEEN * (min(len(way.cells) + len(self.left(key, way)) for way in ways) + 1)
        top = max(scores.max(), unforeseen)
        total = np.exp(scores - top).sum() + np.exp(unforeseen - top)
        found = [
            Printed(tuple((place, cell.text) for place, cell in way.cells), float(np.exp(score - top) / total),
                    frozenset(code for code, _ in way.heals))
            for way, score in zip(ways, scores, strict=True)
        ]  # fmt: skip
        return sorted(found, key=lambda printed: (-printed.probability, printed.changes))

    def left_around(self, way: _Step) -> frozenset[Key]:
        """The violated rules that its figures take part in and that it does not heal."""
        around = {question.key for place, _ in way.cells for question in self.by_place[place]}
        return self.violated & around - way.heals

    def left(self, key: Key, way: _Step) -> frozenset[Key]:
        """The violated rules that share a figure with ``key`` and that ``way`` does not heal."""
        beside = {other for other in self.violated if self._places(other) & self._places(key)}
        return frozenset(beside - way.heals)


def _with(sheet: Sheet, place: Place, cell: Cell) -> Sheet:
    return replace(sheet, cells={**sheet.cells, place: cell})
