"""``python -m benchmarks.editing.samplonia CLEAN.csv DIRTY.csv``: the economy of Samplonia, whose errors are known.

The two tables are from the cookbook of R's validate (repository data-cleaning/validate, folder cookbook/R, files
economy_samplonia_clean.csv and …_dirty.csv). Their licence (CC BY-NC) keeps them out of this repository.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np

from expectations.localise.explain import explain
from expectations.localise.habits import Habits, Past
from expectations.localise.system import Ints, System
from expectations.localise.values import Batch

MEASURES = ("gdp", "import", "export", "balance")
QUARTERS = ("Q1", "Q2", "Q3", "Q4")
PARTS = {
    "Samplonia": ("Agria", "Induston"),
    "Agria": ("Wheaton", "Greenham", "Newbay"),
    "Induston": ("Smokely", "Mudwater", "Crowdon", "Oakdale"),
}
REGIONS = ("Samplonia", *(part for parts in PARTS.values() for part in parts))
CELLS = tuple(f"{region} {period} {m}" for region in REGIONS for period in ("", *QUARTERS) for m in MEASURES)
Year = dict[str, int]


def form() -> System:
    """A year is a record: quarters make a year, regions their whole, exports less imports the balance."""
    rows = []
    for region in REGIONS:
        rows += [[(f"{region}  {m}", -1), *((f"{region} {q} {m}", 1) for q in QUARTERS)] for m in MEASURES]
        rows += [
            [(f"{region} {p} balance", -1), (f"{region} {p} export", 1), (f"{region} {p} import", -1)]
            for p in ("", *QUARTERS)
        ]
    for whole, parts in PARTS.items():
        rows += [
            [(f"{whole} {p} {m}", -1), *((f"{part} {p} {m}", 1) for part in parts)]
            for p in ("", *QUARTERS)
            for m in MEASURES
        ]
    table = np.zeros((len(rows), len(CELLS)), dtype=np.int64)
    for line, row in enumerate(rows):
        for cell, weight in row:
            table[line, CELLS.index(cell)] = weight
    return System.build(CELLS, table, np.ones(len(rows), dtype=bool))


def read(path: Path) -> dict[str, Year]:
    """Values by year and cell; of a cell given twice the first counts, and one without a value is left out."""
    years: dict[str, Year] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            year, quarter = row["period"][:4], row["period"][4:]
            cell = f"{row['region']} {quarter} {row['measure']}"
            if row["value"]:
                years.setdefault(year, {}).setdefault(cell, round(float(row["value"])))
    return years


def measure(clean: dict[str, Year], dirty: dict[str, Year]) -> list[tuple[str, int | None, int, int | None, float]]:
    """(year and cell, value as given, true value, first suggestion, its confidence) of each cell that differs."""
    system, years = form(), sorted(dirty)
    given: Ints = np.array([[dirty[year].get(cell, 0) for cell in CELLS] for year in years])
    blank = np.array([[cell not in dirty[year] for cell in CELLS] for year in years])
    before = np.array([[dirty.get(str(int(year) - 1), {}).get(cell, np.nan) for cell in CELLS] for year in years])
    batch = Batch(given, Past.month(before), np.zeros((len(years), len(system.rules.equal)), dtype=np.int64), blank)
    whole = ~blank.any(axis=1) & ~system.violated(given, batch.constants).any(axis=1)
    found = explain(system, Habits.learn(given[whole], batch.past[whole]), batch, ())
    return [
        (f"{year} {cell}", dirty[year].get(cell), clean[year][cell], dict(first.changes).get(place), first.probability)
        for year, readings in zip(years, found, strict=True)
        for first in readings[:1]
        for place, cell in enumerate(CELLS)
        if dirty[year].get(cell) != clean[year][cell]
    ]


if __name__ == "__main__":
    for cell, value, true, suggested, confidence in measure(read(Path(sys.argv[1])), read(Path(sys.argv[2]))):
        print(f"{cell}: given {value}, true {true}, suggested {suggested} ({confidence:.1%})")
