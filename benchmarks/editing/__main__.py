"""``python -m benchmarks.editing [COMMUNITIES] [SEED …]``: how well planted slips are found, and at what cost."""

from __future__ import annotations

import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from rich.console import Console

from benchmarks.editing import balances, baselines, kostra, report, rollups
from benchmarks.editing.form import Ints
from benchmarks.editing.perfect_form import Oracle
from benchmarks.editing.province import CELLS, GROUPS, MONEY, Years, month_under_test
from benchmarks.editing.score import Tally, tally
from benchmarks.editing.slips import Slips
from benchmarks.editing.speed import Timed, bare_scan, every_rule, pipeline
from expectations.catalogue import load_catalogue
from expectations.history import Inputs, lags

SHARE_WRONG = 0.02
MIP_RECORDS = 150  # the general solver takes 5 to 30 ms a record
KOSTRA_COPIES = 300
console = Console(width=120)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    for seed in [int(text) for text in sys.argv[2:]] or [1, 2, 3]:
        month, draw = month_under_test(seed), np.random.default_rng(seed)
        console.rule(f"seed {seed}, {count:,} communities, {month:%Y-%m}")
        _items_form(Years.drawn(count, month, draw), draw)
        found = balances.measure(count, SHARE_WRONG, np.random.default_rng(seed))
        console.print(report.by_kind("a form with a dozen balance equations", found), report.calibration(found))
        console.print(report.rollups(rollups.measure(count, month, np.random.default_rng(seed))))
    found = kostra.measure(KOSTRA_COPIES, np.random.default_rng(1))
    console.print(report.by_kind("a KOSTRA account with totals added", found))
    console.print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GB")


@dataclass(frozen=True)
class Flagged:
    """The wrong records that a mandatory rule flags: which, their cells in violated rules, all cells as meant."""

    records: np.ndarray
    visible: np.ndarray
    meant: Ints
    kinds: dict[int, str]

    def with_cells(self, timed: Timed) -> Iterator[tuple[int, Ints, np.ndarray, str]]:
        """Each record with what was typed, which of its cells are in a violated rule, and its kind of slip."""
        for record, visible in zip(self.records.tolist(), self.visible, strict=True):
            yield record, timed.sheet.frame.batch.typed[record], visible, self.kinds[record]

    def tally(self, timed: Timed, found: list, rows: slice = slice(None)) -> dict[str, Tally]:
        typed = timed.sheet.frame.batch.typed
        return tally(self.records[rows], found, typed, self.meant, self.visible[rows], self.kinds)


def _items_form(years: Years, draw: np.random.Generator) -> None:
    slips = Slips(years.true, years.last, GROUPS, MONEY, draw)
    typed, kinds = slips.plant(SHARE_WRONG)
    month = years.inputs(typed)
    timed = pipeline(month)
    flagged, accused = _flagged(timed, years.true, kinds)
    found = [next(iter(timed.readings.get(timed.sheet.frame.units[r], [])), None) for r in flagged.records]
    tallies = flagged.tally(timed, found)
    console.print(
        f"{len(kinds):,} communities with a slip, {len(flagged.records):,} flagged by a mandatory rule "
        f"({len(flagged.records) / len(kinds):.0%}); clean communities accused: {accused}"
    )
    oracle = Oracle.of(years, timed.sheet.compiled.system, slips.copied)
    perfect = flagged.tally(timed, [oracle.explanation(*record) for record in flagged.with_cells(timed)])
    console.print(report.by_kind("the form of items.csv", tallies, perfect), report.calibration(tallies))
    solver = _baselines(timed, flagged)
    _outliers(timed, years.last, kinds)
    _cost(month, timed, len(flagged.records), solver)
    _questions(month, timed, kinds)


def _flagged(timed: Timed, true: Ints, kinds: dict[int, str]) -> tuple[Flagged, int]:
    """The flagged records with a planted slip, and how many clean ones are flagged."""
    batch, system = timed.sheet.frame.batch, timed.sheet.compiled.system
    violated = system.violated(batch.typed, batch.constants)
    records = np.flatnonzero(violated.any(axis=1))
    planted = np.array([record in kinds for record in records])
    reads = (system.rules.coefficients != 0).astype(float)
    meant = true[:, [CELLS.index(cell) for cell in system.cells]]
    kept = records[planted]
    return Flagged(kept, violated[kept].astype(float) @ reads > 0, meant, kinds), int((~planted).sum())


def _questions(month: Inputs, timed: Timed, kinds: dict[int, str]) -> None:
    """Prints how many communities without a slip the verification rules ask, and what asking every rule costs."""
    outcome, seconds = every_rule(month)
    asking = {r.id for r in load_catalogue(None).rules if r.level == "verification" and r.channel == "alert"}
    asked = Counter(v.rule_code for v in outcome.violations if v.rule_code in asking)
    wrong = {timed.sheet.frame.units[record] for record in kinds}
    clean = {v.unit_code for v in outcome.violations if v.rule_code in asking} - wrong
    back = (0, *lags(load_catalogue(None).rules, month.month))
    scan = bare_scan(month, back, texts=True)
    console.print(
        f"every rule, over {len(back)} months: {seconds:.2f} s, {seconds / scan:.0f} bare scans of these months' "
        f"Parquet ({1000 * scan:.0f} ms each); verification rules ask {len(clean):,} communities without a slip"
        f" ({', '.join(f'{rule} {count:,}' for rule, count in asked.most_common(3))})"
    )


def _baselines(timed: Timed, flagged: Flagged) -> float:
    """Prints what others find; seconds of processor time that the general solver takes for a record."""
    batch, system = timed.sheet.frame.batch, timed.sheet.compiled.system
    chosen = slice(0, MIP_RECORDS)
    start = time.process_time()
    mip = [baselines.fellegi_holt(system, batch.typed[r], batch.constants[r]) for r in flagged.records[chosen]]
    each = (time.process_time() - start) / len(mip)
    everything = baselines.all_cells_of_violated_rules(flagged.visible)
    rows = {
        "cells of the violated rules": flagged.tally(timed, everything)["all"],
        "Fellegi–Holt by MIP, unit weights": flagged.tally(timed, mip, chosen)["all"],
    }
    console.print(report.baselines(rows))
    return each


def _outliers(timed: Timed, last: Ints, kinds: dict[int, str]) -> None:
    cells = timed.sheet.compiled.system.cells
    before = last[:, [CELLS.index(cell) for cell in cells]]
    odd = baselines.robust_outliers(timed.sheet.frame.batch.typed, before).any(axis=1)
    wrong = np.isin(np.arange(len(odd)), list(kinds))
    console.print(
        f"robust z-scores > 3 accuse {int((odd & ~wrong).sum()):,} clean communities, "
        f"precision {(odd & wrong).sum() / max(odd.sum(), 1):.0%}, recall {(odd & wrong).sum() / wrong.sum():.0%}"
    )


def _cost(month: Inputs, timed: Timed, records: int, solver: float) -> None:
    everything, typed = (bare_scan(month, (0, 1), texts) for texts in (True, False))
    each = timed.processor / records
    console.print(
        f"detection {timed.detection:.2f} s, reading {timed.reading:.2f} s, "
        f"cells and values {timed.localisation:.2f} s: together "
        f"{timed.total / everything:.0f} bare scans of both months' Parquet ({1000 * everything:.0f} ms each), "
        f"{timed.total / typed:.0f} of its typed columns alone ({1000 * typed:.0f} ms)\n"
        f"{1000 * each:.2f} ms of processor time a bad record, the MIP {1000 * solver:.1f} ms: "
        f"{solver / each:.0f} × faster"
    )


if __name__ == "__main__":
    main()
