"""A real Norwegian municipal account with control totals added: errors in it localise themselves, without any history.

``public/README.md`` says where the account is from. Amounts by function group and kind of amount form a table; its row
totals, column totals and the grand total are the balances.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import numpy as np

from benchmarks.editing.form import Ints
from benchmarks.editing.score import Tally, tally
from benchmarks.editing.slips import Slips
from expectations.localise.channel import signed_log
from expectations.localise.explain import explain
from expectations.localise.habits import Curve, Habits, Past
from expectations.localise.system import System
from expectations.localise.values import Batch

ACCOUNT = Path(__file__).parent / "public" / "kostra_0a_2019.csv"
KINDS = ("digit", "transposed", "dropped", "inserted", "ten_times", "tenth", "sign", "rounded", "out_of_nowhere",
         "two_digits")  # fmt: skip


def account() -> dict[str, int]:
    """Amounts and totals by cell, for instance ``20/0``: function group 20, kinds 000 to 099."""
    amounts: dict[str, int] = defaultdict(int)
    with ACCOUNT.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            group, kind, amount = row["function"][:2], row["kind"][0], int(row["amount"])
            for cell in (f"{group}/{kind}", f"{group}/all", f"all/{kind}", "all/all"):
                amounts[cell] += amount
    return dict(amounts)


def form(cells: tuple[str, ...]) -> System:
    """Every row and column makes its total, and so do the totals; amounts may be negative."""
    totals = [cell for cell in cells if "all" in cell.split("/")]
    rows = [_parts(cells, total, side) for total in totals for side in (0, 1) if total.split("/")[side] == "all"]
    table = np.zeros((len(rows), len(cells)), dtype=np.int64)
    for line, (total, parts) in enumerate(rows):
        table[line, [cells.index(part) for part in parts]] = 1
        table[line, cells.index(total)] = -1
    return System.build(cells, table, np.ones(len(rows), dtype=bool))


def _parts(cells: tuple[str, ...], total: str, side: int) -> tuple[str, list[str]]:
    other = total.split("/")[1 - side]
    return total, [cell for cell in cells if cell.split("/")[1 - side] == other and cell.split("/")[side] != "all"]


def measure(count: int, draw: np.random.Generator) -> dict[str, Tally]:
    """``count`` copies of the account, each with one slip, tallied by its kind."""
    true_cells = account()
    cells = tuple(true_cells)
    system = form(cells)
    true: Ints = np.tile(np.array(list(true_cells.values()), dtype=np.int64), (count, 1))
    typed, kinds = Slips(true, true, [], [], draw).plant(1.0, KINDS)
    constants = np.zeros((count, len(system.rules.equal)), dtype=np.int64)
    violated = system.violated(typed, constants)
    flagged = np.flatnonzero(violated.any(axis=1))
    unknown = np.full(typed.shape, np.nan)
    batch = Batch(typed, Past.month(unknown), constants, np.zeros(typed.shape, dtype=bool)).take(flagged)
    found = [next(iter(readings), None) for readings in explain(system, _no_history(true[0]), batch, ())]
    visible = violated[flagged].astype(float) @ (system.rules.coefficients != 0).astype(float) > 0
    return tally(flagged, found, typed, true, visible, kinds)


def _no_history(amounts: Ints) -> Habits:
    """All that is known of an amount is how large amounts of the account are."""
    width, sizes = len(amounts), signed_log(amounts.astype(float))
    level = Curve(np.full(width, np.median(sizes)), np.full(width, sizes.std()), np.zeros(width, dtype=bool))
    return Habits.assumed(width, level)
