"""Histories of party branches, teams, honours and star plans (items D, B, R and X)."""

from __future__ import annotations

from random import Random

from examples.synthetic.model import MONTHS, Community, Series
from examples.synthetic.numbers import walk_back

_STEPS = range(len(MONTHS) - 1)
_FIFTY_IN_FIFTEEN_MONTHS = 0.3  # of the teams: eight people, of whom three are between 35 and 50


def organisation(community: Community, last: dict[str, int], rng: Random) -> Series:
    return {**_branches(last, rng), **_members(last, rng), **_team(last, rng), **_plans(community)}


def _branches(last: dict[str, int], rng: Random) -> Series:
    due = rng.randint(4, 6)
    return {
        "D01": [last["D01"]] * len(MONTHS),
        "D02": [last["D02"]] * len(MONTHS),
        "D08": [due] * len(MONTHS),
        "D09": [due + rng.randint(0, 2) for _ in MONTHS],
    }


def _members(last: dict[str, int], rng: Random) -> Series:
    """Members change by one a month at most: 3 % of the smallest community's are fewer than two."""
    flows = [rng.choice(((0, 0), (1, 0), (0, 1), (1, 1), (2, 1), (1, 2))) for _ in MONTHS]
    joined, left = ([flow[side] for flow in flows] for side in (0, 1))
    steps = [plus - minus for plus, minus in flows[:0:-1]]
    educated = [rng.randint(0, min(plus, 1)) for plus in joined[:0:-1]]
    return {
        "D03": walk_back(last["D03"], steps),
        "D04": walk_back(last["D04"], educated),
        "D06": joined,
        "D07": left,
    }


def _team(last: dict[str, int], rng: Random) -> Series:
    """The team stays for its term; in some teams a member had a fiftieth birthday, in some one finished a degree."""
    birthday = rng.randrange(1, len(MONTHS)) if rng.random() < _FIFTY_IN_FIFTEEN_MONTHS else 0
    degree = rng.randrange(1, len(MONTHS)) if last["B07"] > 1 else 0
    before = [index < birthday for index in range(len(MONTHS))]
    series: Series = {item: [last[item]] * len(MONTHS) for item in ("B01", "B02", "B03", "B04")}
    series["B05"] = [last["B05"] + earlier for earlier in before]
    series["B06"] = [last["B06"] - earlier for earlier in before]
    series["B07"] = [last["B07"] - (index < degree) for index in range(len(MONTHS))]
    return series


def _plans(community: Community) -> Series:
    targets = community.targets
    planned = [targets.planned if month.year == MONTHS[-1].year else targets.planned_2023 for month in MONTHS]
    return {
        "R01": [targets.honours if month >= targets.honoured else targets.honours - 1 for month in MONTHS],
        "X01": [stars.count("1") for stars in planned],
        "X02": planned,
    }
