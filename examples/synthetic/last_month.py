"""Shares the totals of the last month out among the communities."""

from __future__ import annotations

from random import Random

from examples.synthetic.model import Subdistrict
from examples.synthetic.numbers import largest, split, spread


def last_month(subdistrict: Subdistrict) -> list[dict[str, int]]:
    """For each community its values of the items that have a total, and of those that follow from them."""
    rng = Random(subdistrict.code)
    totals = subdistrict.targets.totals
    size = len(subdistrict.communities)
    columns = _population(totals, size, rng) | _party(totals, size, rng) | _team(totals, size, rng)
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _around(sizes: list[int], width: float, rng: Random) -> list[float]:
    return [size * rng.uniform(1 - width, 1 + width) for size in sizes]


def _population(totals: dict[str, int], size: int, rng: Random) -> dict[str, list[int]]:
    households = split(totals["P01"], _around([100] * size, 0.35, rng))
    registered = split(totals["P02"], _around(households, 0.08, rng))
    return {
        "P01": households,
        "P02": registered,
        "P03": split(totals["P03"], _around(registered, 0.2, rng)),
        "P04": split(totals["P04"], _around(households, 0.1, rng)),
    }


def _party(totals: dict[str, int], size: int, rng: Random) -> dict[str, list[int]]:
    members = split(totals["D03"], _around([100] * size, 0.25, rng))
    return {
        "D01": split(totals["D01"], _around(members, 0.1, rng)),
        "D02": largest(totals["D02"], members),
        "D03": members,
        "D04": split(totals["D04"], _around(members, 0.2, rng)),
    }


def _team(totals: dict[str, int], size: int, rng: Random) -> dict[str, list[int]]:
    team = spread(totals["B01"], size, rng)
    female, young, old = (spread(totals[item], size, rng) for item in ("B03", "B04", "B06"))
    return {
        "B01": team,
        "B02": [all_ - women for all_, women in zip(team, female, strict=True)],
        "B03": female,
        "B04": young,
        "B05": [all_ - low - high for all_, low, high in zip(team, young, old, strict=True)],
        "B06": old,
        "B07": spread(totals["B07"], size, rng),
    }
