"""Suggestions about cells of other units than the finding's: a part of a total, figures in other columns."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from expectations.calibration import Correction
from expectations.findings.model import Finding, UnitTree
from expectations.localise.printed import Printed
from expectations.localise.printed_values import Place
from expectations.localise.rollups import Reason
from expectations.localise.suggestion import (
    LEAST_SHARE,
    LIKELY,
    Change,
    Reading,
    Suggestion,
    change,
    item_name,
    worth_keeping,
    worth_showing,
)
from expectations.localise.totals import Blame
from expectations.printed.sheet import label

MOST_NAMED = 8  # cells; more are no place to look at


@dataclass(frozen=True)
class _Candidate:
    """A reading with the names of its cells, as readers know them."""

    reading: Reading
    named: tuple[str, ...]

    @property
    def places(self) -> tuple[str, ...]:
        """``item@unit``, or the item alone."""
        return tuple(one.place for one in self.reading.changes)

    @property
    def sentence(self) -> str:
        named = zip(self.named, self.reading.changes, strict=True)
        return "、".join(f"{name}{one.said}" for name, one in named)


def total_suggestion(item: str, reasons: list[Blame], tree: UnitTree, stated: Correction) -> Suggestion:
    """Who is to blame for a 合计 row that is not the sum of its parts."""
    return _suggestion([_of_total(item, reason, tree, stated) for reason in reasons])


def rollup_suggestion(
    reasons: list[Reason],
    own: tuple[str, ...],
    parts: tuple[str, ...],
    finding: Finding,
    tree: UnitTree,
    stated: Correction,
) -> Suggestion:
    """Which figure of a sub-district or of its communities; ``own`` and ``parts`` name the cells of their readings."""
    if reasons:
        return _suggestion([_of_rollup(reason, parts if reason.unit else own, tree, stated) for reason in reasons])
    named = "、".join(f"各社区{item_name(item)}" if item in parts else item_name(item) for item in finding.item_codes)
    return Suggestion((), (), 0.0, f"依据不足，请核对{named}")


def printed_suggestion(
    readings: list[Printed], places: list[Place], tree: UnitTree, stated: Correction
) -> Suggestion | None:
    """Which printed figures should read otherwise; ``places`` take part: to be looked at where no reading would do."""
    if readings:
        return _suggestion([_of_printed(reading, tree, stated) for reading in readings])
    named = "、".join(_printed_name(place, tree) for place in places[:MOST_NAMED])
    items = tuple(f"{figure}@{unit}" for figure, unit in places)
    return Suggestion(items, (), 0.0, f"依据不足，请核对{named}") if places else None


def _of_total(item: str, reason: Blame, tree: UnitTree, stated: Correction) -> _Candidate:
    who = tree.name(reason.unit) if reason.unit else "合计行"
    kind = "part" if reason.unit else "total"
    reading = Reading(kind, reason.probability, stated(reason.probability), (change(item, reason.value, reason.unit),))
    return _Candidate(reading, (f"{who}{item_name(item)}",))


def _of_rollup(reason: Reason, names: tuple[str, ...], tree: UnitTree, stated: Correction) -> _Candidate:
    found = reason.reading
    changes = tuple(change(names[cell], value, reason.unit) for cell, value in found.changes)
    who = tree.name(reason.unit) if reason.unit else ""
    named = tuple(f"{who}{item_name(one.item)}" for one in changes)
    return _Candidate(Reading(found.kind, found.probability, stated(found.probability), changes), named)


def _of_printed(reading: Printed, tree: UnitTree, stated: Correction) -> _Candidate:
    changes = tuple(
        Change(figure, text, Decimal(text.removesuffix("%")), unit) for (figure, unit), text in reading.changes
    )
    named = tuple(_printed_name(place, tree) for place, _ in reading.changes)
    return _Candidate(Reading("printed", reading.probability, stated(reading.probability), changes), named)


def _printed_name(place: Place, tree: UnitTree) -> str:
    figure, unit = place
    column = "合计" if tree.level(unit) == "county" else tree.name(unit)
    return f"{column}{label(figure)}（{figure}）"


def _suggestion(candidates: list[_Candidate]) -> Suggestion:
    readings = [candidate.reading for candidate in candidates]
    first = readings[0]
    if first.confidence < LIKELY:
        return _where_to_look(candidates)
    suggested = worth_showing(readings)
    said = [candidate for candidate in candidates if candidate.reading in suggested]
    sentence = "；或".join(candidate.sentence + _share(candidate.reading, said) for candidate in said)
    return Suggestion(candidates[0].places, worth_keeping(readings, suggested), first.confidence, f"疑似{sentence}")


def _where_to_look(candidates: list[_Candidate]) -> Suggestion:
    likely = [one for one in candidates if one.reading.probability >= LEAST_SHARE] or candidates[:1]
    named = list(dict.fromkeys(name for candidate in likely for name in candidate.named))[:MOST_NAMED]
    places = tuple(dict.fromkeys(place for candidate in likely for place in candidate.places))
    readings = [candidate.reading for candidate in candidates]
    sentence = f"依据不足，请核对{'、'.join(named)}"
    return Suggestion(places, worth_keeping(readings), readings[0].confidence, sentence)


def _share(reading: Reading, said: list[_Candidate]) -> str:
    return f"（把握{reading.confidence:.0%}）" if len(said) > 1 else ""
