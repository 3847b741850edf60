"""Small forms whose rules the tests of localisation share."""

from __future__ import annotations

import numpy as np

from expectations.localise.system import Ints, System


def system_of(cells: str, *rules: tuple[str, dict[str, int]]) -> System:
    """A system from ``("=" | ">=", {cell: coefficient})`` entries; every cell is at least 0 besides."""
    names = tuple(cells.split())
    entries = [*rules, *((">=", {name: 1}) for name in names)]
    table = np.array([[weights.get(name, 0) for name in names] for _, weights in entries], dtype=np.int64)
    return System.build(names, table, np.array([sign == "=" for sign, _ in entries]))


def team() -> System:
    """The team of a community: two partitions of one number, and a part of it."""
    return system_of(
        "B01 B02 B03 B04 B05 B06 B07",
        ("=", {"B02": 1, "B03": 1, "B01": -1}),
        ("=", {"B04": 1, "B05": 1, "B06": 1, "B01": -1}),
        (">=", {"B01": 1, "B07": -1}),
    )


def no_constants(system: System, records: int) -> Ints:
    return np.zeros((records, len(system.rules.equal)), dtype=np.int64)
