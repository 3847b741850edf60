"""Suggestions about cells of other units than the finding's: a part of a total, figures in other columns."""

from __future__ import annotations

from dataclasses import dataclass, replace

from expectations.catalogue.kinds import ITEMS
from expectations.findings.model import Finding, UnitTree
from expectations.localise.printed import Printed
from expectations.localise.printed_values import Place
from expectations.localise.rollups import Reason
from expectations.localise.suggestion import (
    ALTERNATIVES,
    CERTAIN,
    LIKELY,
    Alternative,
    Change,
    Suggestion,
    item_name,
    shown,
    worth_keeping,
)
from expectations.localise.totals import Blame
from expectations.printed.sheet import label

LEAST_SHARE = 0.05  # an alternative below it is not worth a line
MOST_NAMED = 8  # cells; more are no place to look at


@dataclass(frozen=True)
class _Candidate:
    """An alternative with the names of its cells, as readers know them."""

    alternative: Alternative
    named: tuple[str, ...]

    @property
    def probability(self) -> float:
        return self.alternative.probability

    @property
    def places(self) -> tuple[str, ...]:
        """``item@unit``, or the item alone."""
        return tuple(f"{c.item}@{c.unit}" if c.unit else c.item for c in self.alternative.changes)

    @property
    def values(self) -> str:
        return ";".join(f"{p}={c.value}" for p, c in zip(self.places, self.alternative.changes, strict=True))

    @property
    def sentence(self) -> str:
        named = zip(self.named, self.alternative.changes, strict=True)
        return "、".join(f"{name}应为{change.value}" for name, change in named)


def total_suggestion(item: str, reasons: list[Blame], tree: UnitTree) -> Suggestion:
    """Who is to blame for a 合计 row that is not the sum of its parts."""
    return _suggestion([_of_total(item, reason, tree) for reason in reasons])


def rollup_suggestion(
    reasons: list[Reason], own: tuple[str, ...], parts: tuple[str, ...], finding: Finding, tree: UnitTree
) -> Suggestion:
    """Which figure of a sub-district or of its communities; ``own`` and ``parts`` name the cells of their readings."""
    if reasons:
        return _suggestion([_of_rollup(reason, parts if reason.unit else own, tree) for reason in reasons])
    named = "、".join(f"各社区{item_name(item)}" if item in parts else item_name(item) for item in finding.item_codes)
    return Suggestion((), None, 0.0, f"依据不足，请核对{named}")


def printed_suggestion(readings: list[Printed], places: list[Place], tree: UnitTree) -> Suggestion | None:
    """Which printed figures should read otherwise; ``places`` take part: to be looked at where no reading would do."""
    if readings:
        return _suggestion([_of_printed(reading, tree) for reading in readings])
    named = "、".join(_printed_name(place, tree) for place in places[:MOST_NAMED])
    items = tuple(f"{figure}@{unit}" for figure, unit in places)
    return Suggestion(items, None, 0.0, f"依据不足，请核对{named}") if places else None


def _of_total(item: str, reason: Blame, tree: UnitTree) -> _Candidate:
    change = Change(item, shown(item, reason.value), reason.unit)
    who = tree.name(reason.unit) if reason.unit else "合计行"
    alternative = Alternative("part" if reason.unit else "total", reason.probability, (change,))
    return _Candidate(alternative, (f"{who}{item}{ITEMS[item].name_zh}",))


def _of_rollup(reason: Reason, names: tuple[str, ...], tree: UnitTree) -> _Candidate:
    reading = reason.reading
    changes = tuple(Change(names[c], shown(names[c], value), reason.unit) for c, value in reading.changes)
    who = tree.name(reason.unit) if reason.unit else ""
    named = tuple(f"{who}{item_name(change.item)}" for change in changes)
    return _Candidate(Alternative(reading.kind, reading.probability, changes), named)


def _of_printed(reading: Printed, tree: UnitTree) -> _Candidate:
    changes = tuple(Change(figure, text, unit) for (figure, unit), text in reading.changes)
    named = tuple(_printed_name(place, tree) for place, _ in reading.changes)
    return _Candidate(Alternative("printed", reading.probability, changes), named)


def _printed_name(place: Place, tree: UnitTree) -> str:
    figure, unit = place
    column = "合计" if tree.level(unit) == "county" else tree.name(unit)
    return f"{column}{label(figure)}（{figure}）"


def _suggestion(candidates: list[_Candidate]) -> Suggestion:
    alternatives = worth_keeping(candidate.alternative for candidate in candidates)
    return replace(_said(candidates), alternatives=alternatives)


def _said(candidates: list[_Candidate]) -> Suggestion:
    first = candidates[0]
    if first.probability < LIKELY:
        return _where_to_look(candidates)
    others = [c for c in candidates[1:ALTERNATIVES] if c.probability >= LEAST_SHARE]
    kept = [first] if first.probability >= CERTAIN else [first, *others]
    values = " | ".join(c.values + _share(c, kept) for c in kept)
    sentence = "；或".join(c.sentence + _share(c, kept) for c in kept)
    return Suggestion(first.places, values, round(first.probability, 4), f"疑似{sentence}")


def _where_to_look(candidates: list[_Candidate]) -> Suggestion:
    likely = [candidate for candidate in candidates if candidate.probability >= LEAST_SHARE] or candidates[:1]
    named = list(dict.fromkeys(name for candidate in likely for name in candidate.named))[:MOST_NAMED]
    places = tuple(dict.fromkeys(place for candidate in likely for place in candidate.places))
    return Suggestion(places, None, round(candidates[0].probability, 4), f"依据不足，请核对{'、'.join(named)}")


def _share(candidate: _Candidate, kept: list[_Candidate]) -> str:
    return f"（{candidate.probability:.0%}）" if len(kept) > 1 else ""
