"""Suggestions about a cell of another unit than the finding's: a part of a total, a figure in another column."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from expectations.calibration import Correction
from expectations.catalogue.kinds import ITEMS
from expectations.findings.model import UnitTree
from expectations.localise.printed import Printed
from expectations.localise.suggestion import (
    LEAST_SHARE,
    LIKELY,
    Change,
    Reading,
    Suggestion,
    shown,
    worth_showing,
)
from expectations.localise.totals import Blame
from expectations.printed.sheet import label


@dataclass(frozen=True)
class _Candidate:
    """A change of one cell, how likely it is, and how readers call the cell."""

    change: Change
    named: str
    probability: float


def total_suggestion(item: str, reasons: list[Blame], tree: UnitTree, stated: Correction) -> Suggestion:
    """Who is to blame for a 合计 row that is not the sum of its parts."""
    return _suggestion([_of_total(item, reason, tree) for reason in reasons], "total", stated)


def printed_suggestion(readings: list[Printed], tree: UnitTree, stated: Correction) -> Suggestion | None:
    """Which printed figure should read otherwise; None where no single one would do."""
    return _suggestion([_of_printed(reading, tree) for reading in readings], "printed", stated) if readings else None


def _of_total(item: str, reason: Blame, tree: UnitTree) -> _Candidate:
    text = shown(item, reason.value)
    who = tree.name(reason.unit) if reason.unit else "合计行"
    change = Change(item, text, Decimal(text), reason.unit)
    return _Candidate(change, f"{who}{item}{ITEMS[item].name_zh}", reason.probability)


def _of_printed(reading: Printed, tree: UnitTree) -> _Candidate:
    figure, unit = reading.place
    column = "合计" if tree.level(unit) == "county" else tree.name(unit)
    change = Change(figure, reading.text, Decimal(reading.text.removesuffix("%")), unit)
    return _Candidate(change, f"{column}{label(figure)}（{figure}）", reading.probability)


def _suggestion(candidates: list[_Candidate], kind: str, stated: Correction) -> Suggestion:
    readings = [Reading((c.change,), kind, c.probability, stated(c.probability)) for c in candidates]
    if readings[0].confidence < LIKELY:
        return _where_to_look(candidates, readings[0].confidence)
    kept = worth_showing(readings)
    named = {candidate.change: candidate.named for candidate in candidates}
    sentence = "；或".join(f"{named[r.changes[0]]}应为{r.changes[0].text}" + _share(r, kept) for r in kept)
    return Suggestion((candidates[0].change.place,), kept, kept[0].confidence, f"疑似{sentence}")


def _where_to_look(candidates: list[_Candidate], confidence: float) -> Suggestion:
    likely = [candidate for candidate in candidates if candidate.probability >= LEAST_SHARE] or candidates
    named = list(dict.fromkeys(candidate.named for candidate in likely))
    places = tuple(dict.fromkeys(candidate.change.place for candidate in likely))
    return Suggestion(places, (), confidence, f"依据不足，请核对{'、'.join(named)}")


def _share(reading: Reading, kept: tuple[Reading, ...]) -> str:
    return f"（把握{reading.confidence:.0%}）" if len(kept) > 1 else ""
