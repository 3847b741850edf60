"""``python -m benchmarks.editing [COMMUNITIES] [SEED …]``: prints how well planted slips are found, and at what cost."""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import numpy as np
import pyarrow.parquet as pq
from rich.console import Console
from rich.table import Table

from benchmarks.editing import baselines
from benchmarks.editing.form import Generator
from benchmarks.editing.province import CELLS, inputs, matrix
from benchmarks.editing.score import Tally, tally
from benchmarks.editing.slips import Slips
from expectations.catalogue import load_catalogue
from expectations.catalogue.kinds import ITEMS
from expectations.detect import detect
from expectations.history import Inputs
from expectations.localise.records import Sheet

SHARE_WRONG = 0.02
MIP_RECORDS = 60  # the general solver takes 10 to 30 ms a record
console = Console(width=110)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    for seed in [int(text) for text in sys.argv[2:]] or [1, 2, 3]:
        _one_seed(count, seed)


def _one_seed(count: int, seed: int) -> None:
    draw = np.random.default_rng(seed)
    last, true = (matrix(month) for month in Generator(count, draw).months())
    groups: dict[str, list[int]] = {}
    for place, code in enumerate(CELLS):
        groups.setdefault(code[0], []).append(place)
    money = [place for place, code in enumerate(CELLS) if ITEMS[code].value_type == "money"]
    typed, kinds = Slips(true, last, list(groups.values()), money, draw).plant(SHARE_WRONG)
    month = inputs(typed, last)
    scan = _scan(month)
    _pipeline(month)
    sheet, readings, seconds = _pipeline(month)
    _report(count, seed, sheet, readings, true, kinds, last, seconds, scan)


def _scan(month: Inputs) -> float:
    """Seconds of one bare scan of the month's Parquet, once warm: every typed column read and folded."""
    table = month.tables["monthly_report_communities"]
    columns = ", ".join(f"max({name})" for name in table.column_names if not name.endswith("__text"))
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as con:
        path = Path(folder) / "communities.parquet"
        pq.write_table(table, path)
        times = []
        for _ in range(7):
            start = time.perf_counter()
            con.execute(f"select {columns} from read_parquet('{path}')").fetchall()
            times.append(time.perf_counter() - start)
    return float(np.median(times[2:]))


def _pipeline(month: Inputs) -> tuple[Sheet, dict, float]:
    start = time.perf_counter()
    catalogue = load_catalogue(None)
    mandatory = [r for r in catalogue.expressions(month.month) if r.level == "mandatory" and r.scope == "community"]
    detect(month, mandatory)
    sheet = Sheet.read(month, catalogue, "community")
    readings = sheet.mandatory_readings()
    return sheet, readings, time.perf_counter() - start


def _report(count, seed, sheet, readings, true, kinds, last, seconds, scan) -> None:
    batch, system = sheet.frame.batch, sheet.compiled.system
    order = [CELLS.index(cell) for cell in system.cells]
    violated = system.violated(batch.typed, batch.constants)
    flagged = np.flatnonzero(violated.any(axis=1))
    visible = violated[flagged].astype(float) @ (system.rules.coefficients != 0).astype(float) > 0
    accused = [record for record in flagged.tolist() if record not in kinds]
    planted = np.array([record in kinds for record in flagged])
    meant = true[:, order]
    kept, seen = flagged[planted], visible[planted]
    found = [next(iter(readings.get(sheet.frame.units[record], [])), None) for record in kept]
    tallies = tally(kept, found, batch.typed, meant, seen, kinds)
    console.print(
        f"\n[bold]seed {seed}[/]: {count:,} communities, {len(kinds):,} with a slip, {len(kept):,} flagged by a "
        f"mandatory rule ({len(kept) / len(kinds):.0%}); clean communities flagged: {len(accused)}"
    )
    console.print(_by_kind(tallies))
    console.print(_calibration(tallies))
    baseline, mip_seconds = _baselines(system, batch, kept, seen, meant, kinds)
    console.print(baseline)
    outliers = baselines.robust_outliers(batch.typed, last[:, order]).any(axis=1)
    wrong = np.array([record in kinds for record in range(count)])
    console.print(
        f"robust z-scores > 3: accuse {int((outliers & ~wrong).sum()):,} clean communities, "
        f"precision {(outliers & wrong).sum() / max(outliers.sum(), 1):.0%}, recall {(outliers & wrong).sum() / wrong.sum():.0%}"
    )
    console.print(
        f"detection, cells and values: {seconds:.2f} s = {seconds / scan:.1f} bare scans ({scan * 1000:.0f} ms each); "
        f"{1000 * seconds / len(kept):.2f} ms a bad record, MIP {1000 * mip_seconds:.1f} ms: "
        f"{mip_seconds / (seconds / len(kept)):.0f} × faster; "
        f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GB"
    )


def _by_kind(tallies: dict[str, Tally]) -> Table:
    table = Table("slip", "records", "exact set", "right values", "cell precision")
    last = ("modelled", "not modelled", "all")
    for name in [*sorted(set(tallies) - set(last)), *(n for n in last if n in tallies)]:
        t = tallies[name]
        precision = t.right_cells / max(t.named_cells, 1)
        table.add_row(
            name, str(t.records), f"{t.exact / t.records:.3f}", f"{t.values / t.records:.3f}", f"{precision:.3f}"
        )
    return table


def _calibration(tallies: dict[str, Tally]) -> Table:
    table = Table("confidence at least", *(f"{name}: answers, right" for name in ("all", "modelled", "not modelled")))
    for least in (0.999, 0.99, 0.9, 0.5):
        cells = [tallies[name].confident(least) for name in ("all", "modelled", "not modelled")]
        table.add_row(f"{least}", *(f"{number}, {share:.3f}" for number, share in cells))
    return table


def _baselines(system, batch, kept, seen, meant, kinds) -> tuple[Table, float]:
    chosen = slice(0, MIP_RECORDS)
    start = time.perf_counter()
    mip = [baselines.fellegi_holt(system, batch.typed[record], batch.constants[record]) for record in kept[chosen]]
    each = (time.perf_counter() - start) / len(mip)
    table = Table("baseline", "records", "exact set", "right values")
    for name, found, rows in (
        ("cells of the violated rules", baselines.all_cells_of_violated_rules(seen), slice(None)),
        ("Fellegi–Holt by MIP, unit weights", mip, chosen),
    ):
        t = tally(kept[rows], found, batch.typed, meant, seen[rows], kinds)["all"]
        table.add_row(name, str(t.records), f"{t.exact / t.records:.3f}", f"{t.values / t.records:.3f}")
    return table, each


if __name__ == "__main__":
    main()
