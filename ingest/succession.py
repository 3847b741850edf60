"""村改居, mergers and splits: which units' people a unit's people were, some months before.

A month begins with the units that hold on its first day. Where a unit's row has ended by then, its people are with its
successors and, if its code still holds, with itself. Here belongs who came from whom; what becomes of figures does not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby

from ingest.reference import Unit

Origin = frozenset[str] | None  # None: of people whom nobody counted apart


@dataclass(frozen=True)
class Change:
    """Units of one level that changed into others with the month that begins: ``pairs`` of one before and one after.

    Who has nothing to do with each other stands in changes of their own.
    """

    month: date
    level: str
    pairs: frozenset[tuple[str, str]]

    @property
    def before(self) -> frozenset[str]:
        return frozenset(before for before, _ in self.pairs)

    @property
    def after(self) -> frozenset[str]:
        return frozenset(after for _, after in self.pairs)

    @property
    def kind(self) -> str:
        """renamed (one into one), merged (several into one), split (one into several) or redrawn."""
        if len(self.after) == 1:
            return "renamed" if len(self.before) == 1 else "merged"
        return "split" if len(self.before) == 1 else "redrawn"


class Succession:
    """The changes of a register, in their order."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self._versions: dict[str, list[Unit]] = defaultdict(list)
        for unit in units:
            self._versions[unit.unit_code].append(unit)

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """By month, then by code."""
        heirs: dict[tuple[date, str], dict[str, set[str]]] = defaultdict(dict)
        for unit in (unit for versions in self._versions.values() for unit in versions if unit.successors):
            month = _month_after(unit)
            if month is not None:
                heirs[month, unit.level][unit.unit_code] = self._heirs(unit, month)
        found = [
            Change(month, level, frozenset((one, heir) for one in before for heir in edges[one]))
            for (month, level), ended in heirs.items()
            for edges in [self._with_absorbers(ended, month)]
            for before, _ in _connected(edges)
        ]
        return tuple(sorted(found, key=lambda change: (change.month, sorted(change.after), sorted(change.before))))

    def _heirs(self, unit: Unit, month: date) -> set[str]:
        return {code for code in (*unit.successors, unit.unit_code) if self._holds(code, month)}

    def _with_absorbers(self, edges: Mapping[str, set[str]], month: date) -> dict[str, set[str]]:
        """An heir that was there before keeps its own people as well."""
        heirs = {code for after in edges.values() for code in after}
        stayed = {code: {code} for code in heirs if code not in edges and self._holds(code, _month_before(month))}
        return {**edges, **stayed}

    def _holds(self, code: str, month: date) -> bool:
        return any(unit.holds_on(month) for unit in self._versions.get(code, ()))

    def origins(self, month: date, then: date) -> dict[str, Origin]:
        """Of the units that ``month`` knows under another code than ``then``, or with other people: who they were.

        Several codes mean that all their people are this unit's, and nobody else's. A unit that is not named here was
        itself, or was not there.
        """
        found: dict[str, Origin] = {}
        between = (change for change in self.changes if then < change.month <= month)
        for _, changes in groupby(between, key=lambda change: change.month):
            past, found = found, dict(found)
            for change in changes:
                before = _united([past.get(code, frozenset({code})) for code in sorted(change.before)])
                found |= dict.fromkeys(change.after, before if len(change.after) == 1 else None)
        return {
            code: origin for code, origin in found.items() if origin != frozenset({code}) and self._holds(code, month)
        }

    def same_tree(self, month: date, then: date) -> bool:
        """Whether no unit began, ended or moved between both months."""
        return not any(
            then < unit.valid_from <= month or (unit.valid_to is not None and then <= unit.valid_to < month)
            for versions in self._versions.values()
            for unit in versions
        )

    @cached_property
    def series(self) -> dict[str, str]:
        """Code → the code under which a series of the same people runs on, for all units that ever changed.

        Everybody who was ever mixed is one series: its sums are conserved over every change. It is called by the last
        of its codes.
        """
        edges: dict[str, set[str]] = defaultdict(set)
        for change in self.changes:
            for code in change.before:
                edges[code] |= change.after | {code}
        groups = (before | after for before, after in _connected(edges))
        return {code: max(group, key=self._lasts) for group in groups for code in group}

    def _lasts(self, code: str) -> tuple[date, date, str]:
        versions = self._versions[code]
        return max(u.valid_to or date.max for u in versions), max(u.valid_from for u in versions), code


def _month_after(unit: Unit) -> date | None:
    """The first month whose first day the row does not hold any more; None where it is open or never held one."""
    if unit.valid_to is None or not unit.holds_on(unit.valid_to.replace(day=1)):
        return None
    return date(unit.valid_to.year + unit.valid_to.month // 12, unit.valid_to.month % 12 + 1, 1)


def _month_before(month: date) -> date:
    return date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)


def _united(origins: Sequence[Origin]) -> Origin:
    known = [origin for origin in origins if origin is not None]
    return frozenset[str]().union(*known) if len(known) == len(origins) else None


def _connected(edges: Mapping[str, set[str]]) -> list[tuple[set[str], set[str]]]:
    """The parts of a graph from codes before to codes after that no edge joins; an end without heirs is none."""
    parts: list[tuple[set[str], set[str]]] = []
    for code, heirs in edges.items():
        joined = [part for part in parts if code in part[0] or heirs & part[1]]
        before, after = {code}.union(*(part[0] for part in joined)), heirs.union(*(part[1] for part in joined))
        parts = [part for part in parts if part not in joined] + [(before, after)]
    return [(before, after) for before, after in parts if after]
