"""Histories of toilets, sewage, village plans and the three zeros (items W and F)."""

from __future__ import annotations

from datetime import date
from random import Random

from examples.synthetic.model import MONTHS, Community, Series
from examples.synthetic.numbers import draw, walk_back

_STEPS = range(len(MONTHS) - 1)


def surroundings(community: Community, households: list[int], rng: Random) -> Series:
    """``households`` is the history of P01, above which no count of households may rise."""
    adopted = community.targets.plan_adopted
    return {
        **_toilets(households, rng),
        "W03": _sewage(households, rng),
        "W04": [adopted is not None and month >= adopted for month in MONTHS],
        **_zeros(community.targets.incidents),
    }


def _toilets(households: list[int], rng: Random) -> Series:
    """The rate ends between 83 % and 97 %; no month has the fewest that reach 80 %, where a star begins."""
    last = round(households[-1] * rng.uniform(0.83, 0.97))

    def drawn() -> list[int]:
        return [rng.choice((0, 1, 2, 3, 4, 6)) for _ in MONTHS]

    def never_just_at_the_line(added: list[int]) -> bool:
        toilets = walk_back(last, added[:0:-1])
        return not any(0 <= 5 * now - 4 * all_ < 5 for now, all_ in zip(toilets, households, strict=True))

    added = draw(drawn, never_just_at_the_line)
    return {"W01": walk_back(last, added[:0:-1]), "W02": added}


def _sewage(households: list[int], rng: Random) -> list[int]:
    last = round(households[-1] * rng.uniform(0.6, 0.9))
    return walk_back(last, (rng.choice((0, 0, 0, 5, 12)) for _ in _STEPS))


def _zeros(incidents: dict[str, date]) -> Series:
    """A zero lost in a month stays lost until the end of that year."""
    zeros = {item: [not _happened(incidents.get(item), month) for month in MONTHS] for item in ("F01", "F02", "F03")}
    return {**zeros, "F04": [all(flags) for flags in zip(*zeros.values(), strict=True)]}


def _happened(since: date | None, month: date) -> bool:
    return since is not None and since <= month and since.year == month.year
