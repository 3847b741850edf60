"""The tables that the bench prints."""

from __future__ import annotations

from rich.table import Table

from benchmarks.editing.rollups import Ranks
from benchmarks.editing.score import Tally

GROUPS = ("modelled", "not modelled", "all")


def by_kind(title: str, tallies: dict[str, Tally], perfect: dict[str, Tally] | None = None) -> Table:
    """``perfect``: what whoever knows the generator reaches, beside it."""
    measures = ["exact set", "right values", "cell precision"]
    known = [f"{measure}, perfect knowledge" for measure in measures if perfect]
    table = Table("slip", "records", *measures, *known, title=title, title_justify="left")
    for name in [*sorted(set(tallies) - set(GROUPS)), *(group for group in GROUPS if group in tallies)]:
        beside = _shares(perfect[name]) if perfect else []
        table.add_row(name, str(tallies[name].records), *_shares(tallies[name]), *beside)
    return table


def _shares(t: Tally) -> list[str]:
    shares = (t.exact / t.records, t.values / t.records, t.right_cells / max(t.named_cells, 1))
    return [f"{share:.3f}" for share in shares]


def calibration(tallies: dict[str, Tally]) -> Table:
    groups = [group for group in ("all", "modelled", "not modelled") if group in tallies]
    table = Table("confidence at least", *(f"{group}: answers, right" for group in groups))
    for least in (0.999, 0.99, 0.9, 0.5):
        answers = [tallies[group].confident(least) for group in groups]
        table.add_row(str(least), *(f"{number}, {share:.3f}" for number, share in answers))
    return table


def baselines(tallies: dict[str, Tally]) -> Table:
    table = Table("baseline", "records", "exact set", "right values")
    for name, t in tallies.items():
        table.add_row(name, str(t.records), f"{t.exact / t.records:.3f}", f"{t.values / t.records:.3f}")
    return table


def rollups(ranks: Ranks) -> Table:
    columns = (
        "wrong figure",
        "sub-districts",
        "first",
        "within three",
        "first, right value",
        "confidence in the first",
        "first, with perfect knowledge",
    )
    table = Table(*columns, title="合计 row against ten communities", title_justify="left")
    for kind in sorted(ranks.asked, key=lambda kind: kind == "all"):
        asked = ranks.asked[kind]
        counts = (ranks.first[kind], ranks.third[kind], ranks.value[kind], ranks.confidence[kind], ranks.perfect[kind])
        table.add_row(kind, str(asked), *(f"{count / asked:.3f}" for count in counts))
    return table
