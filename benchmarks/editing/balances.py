"""A form with a dozen balance equations: groups of parts, their totals, and totals of totals, some broken down twice.

Nested totals nearly localise themselves; this part of the bench says how nearly.
"""

from __future__ import annotations

import numpy as np

from benchmarks.editing.form import Ints
from benchmarks.editing.score import Tally, tally
from benchmarks.editing.slips import Slips
from expectations.localise.explain import explain
from expectations.localise.habits import Habits, Past
from expectations.localise.system import System
from expectations.localise.undo import grouped
from expectations.localise.values import Batch

GROUPS = 6
BALANCES = {f"s{g}": [f"l{g}{part}" for part in range(3)] for g in range(GROUPS)} | {
    "A": ["s0", "s1", "s2"],
    "A'": ["a1", "a2", "a3"],
    "B": ["s3", "s4", "s5"],
    "B'": ["b1", "b2"],
    "T": ["A", "B"],
    "T'": ["t1", "t2"],
}
NAMES = tuple(dict.fromkeys(name.rstrip("'") for total, parts in BALANCES.items() for name in (*parts, total)))
ONE_CELL = ("digit", "transposed", "dropped", "inserted", "ten_times", "tenth", "sign", "copied_month", "rounded")
OTHERS = ("two_digits", "copied_neighbour", "out_of_nowhere")
UNCHANGED = 0.5  # share of the parts that stay as they were last month


def form() -> System:
    """Every balance as an equation, and no cell below 0."""
    table = np.zeros((len(BALANCES) + len(NAMES), len(NAMES)), dtype=np.int64)
    for line, (total, parts) in enumerate(BALANCES.items()):
        table[line, [NAMES.index(part) for part in parts]] = 1
        table[line, NAMES.index(total.rstrip("'"))] = -1
    table[len(BALANCES) :] = np.eye(len(NAMES), dtype=np.int64)
    return System.build(NAMES, table, np.arange(len(table)) < len(BALANCES))


def months(count: int, draw: np.random.Generator) -> tuple[Ints, Ints]:
    """(records, cells) of last month and of this one, every balance kept."""
    leaves = np.exp(draw.normal(5, 1, (GROUPS, 3, count)))
    shares = draw.uniform(0.2, 0.45, (3, count))
    moved = np.exp(draw.normal(0, 0.05, leaves.shape)) * (draw.random(leaves.shape) >= UNCHANGED)
    return _month(leaves, shares), _month(np.where(moved > 0, leaves * moved, leaves), shares)


def _month(leaves: np.ndarray, shares: np.ndarray) -> Ints:
    whole = leaves.astype(np.int64)
    cells = {f"l{g}{part}": whole[g, part] for g in range(GROUPS) for part in range(3)}
    cells |= {f"s{g}": whole[g].sum(axis=0) for g in range(GROUPS)}
    cells |= {"A": whole[:3].sum(axis=(0, 1)), "B": whole[3:].sum(axis=(0, 1)), "T": whole.sum(axis=(0, 1))}
    cells["a1"], cells["a2"] = ((cells["A"] * share).astype(np.int64) for share in shares[:2])
    cells["a3"] = cells["A"] - cells["a1"] - cells["a2"]
    cells["b1"], cells["t1"] = (cells["B"] * shares[2]).astype(np.int64), (cells["T"] * shares[0]).astype(np.int64)
    cells["b2"], cells["t2"] = cells["B"] - cells["b1"], cells["T"] - cells["t1"]
    return np.stack([cells[name] for name in NAMES], axis=1)


def measure(count: int, share: float, draw: np.random.Generator) -> dict[str, Tally]:
    """Tallies by kind of slip, over the records that break a balance."""
    system = form()
    last, true = months(count, draw)
    typed, kinds = Slips(true, last, [], [], draw).plant(share, (*ONE_CELL, *OTHERS))
    constants = np.zeros((count, len(system.rules.equal)), dtype=np.int64)
    violated = system.violated(typed, constants)
    flagged, clean = np.flatnonzero(violated.any(axis=1)), ~violated.any(axis=1)
    past = Past.month(last.astype(float))
    habits = Habits.learn(typed[clean], past[clean])
    batch = Batch(typed, past, constants, np.zeros(typed.shape, dtype=bool)).take(flagged)
    found = [next(iter(readings), None) for readings in explain(system, habits, batch, grouped([]))]
    visible = violated[flagged].astype(float) @ (system.rules.coefficients != 0).astype(float) > 0
    return tally(flagged, found, typed, true, visible, kinds)
