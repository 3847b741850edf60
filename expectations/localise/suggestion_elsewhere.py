"""Suggestions about a cell of another unit than the finding's: a part of a total, a figure in another column."""

from __future__ import annotations

from dataclasses import dataclass

from expectations.catalogue.kinds import ITEMS
from expectations.findings.model import UnitTree
from expectations.localise.printed import Printed
from expectations.localise.suggestion import ALTERNATIVES, CERTAIN, LIKELY, Suggestion, shown
from expectations.localise.totals import Blame
from expectations.printed.sheet import label

LEAST_SHARE = 0.05  # an alternative below it is not worth a line


@dataclass(frozen=True)
class _Candidate:
    """``place`` is ``item@unit``, or the item alone; ``named`` says the same to readers."""

    place: str
    named: str
    text: str
    probability: float


def total_suggestion(item: str, reasons: list[Blame], tree: UnitTree) -> Suggestion:
    """Who is to blame for a 合计 row that is not the sum of its parts."""
    return _suggestion([_of_total(item, reason, tree) for reason in reasons])


def printed_suggestion(readings: list[Printed], tree: UnitTree) -> Suggestion | None:
    """Which printed figure should read otherwise; None where no single one would do."""
    return _suggestion([_of_printed(reading, tree) for reading in readings]) if readings else None


def _of_total(item: str, reason: Blame, tree: UnitTree) -> _Candidate:
    place = f"{item}@{reason.unit}" if reason.unit else item
    who = tree.name(reason.unit) if reason.unit else "合计行"
    return _Candidate(place, f"{who}{item}{ITEMS[item].name_zh}", shown(item, reason.value), reason.probability)


def _of_printed(reading: Printed, tree: UnitTree) -> _Candidate:
    figure, unit = reading.place
    column = "合计" if tree.level(unit) == "county" else tree.name(unit)
    return _Candidate(f"{figure}@{unit}", f"{column}{label(figure)}（{figure}）", reading.text, reading.probability)


def _suggestion(candidates: list[_Candidate]) -> Suggestion:
    first = candidates[0]
    if first.probability < LIKELY:
        return _where_to_look(candidates)
    others = [c for c in candidates[1:ALTERNATIVES] if c.probability >= LEAST_SHARE]
    kept = [first] if first.probability >= CERTAIN else [first, *others]
    values = " | ".join(f"{c.place}={c.text}" + _share(c, kept) for c in kept)
    sentence = "；或".join(f"{c.named}应为{c.text}" + _share(c, kept) for c in kept)
    return Suggestion((first.place,), values, round(first.probability, 4), f"疑似{sentence}")


def _where_to_look(candidates: list[_Candidate]) -> Suggestion:
    likely = [candidate for candidate in candidates if candidate.probability >= LEAST_SHARE] or candidates
    named = list(dict.fromkeys(candidate.named for candidate in likely))
    places = tuple(dict.fromkeys(candidate.place for candidate in likely))
    return Suggestion(places, None, round(candidates[0].probability, 4), f"依据不足，请核对{'、'.join(named)}")


def _share(candidate: _Candidate, kept: list[_Candidate]) -> str:
    return f"（{candidate.probability:.0%}）" if len(kept) > 1 else ""
