"""Histories of population, insurance and volunteers (items P, H and V)."""

from __future__ import annotations

from itertools import pairwise
from random import Random

from examples.synthetic.model import MONTHS, Community, Series
from examples.synthetic.numbers import draw, walk_back

_STEPS = range(len(MONTHS) - 1)
_THIS_YEAR = sum(month.year == MONTHS[-1].year for month in MONTHS)


def people(community: Community, last: dict[str, int], rng: Random) -> Series:
    """Insurance rates end between 95.6 % and 98.6 %; no month has the fewest people that reach 95 %, or a population
    ending in 00."""
    population = _population(last, rng)
    return {
        **population,
        "P04": [last["P04"]] * len(MONTHS),
        "P05": [community.community_type] * len(MONTHS),
        **_insurance("H01", "H02", round(last["P02"] * rng.uniform(0.94, 0.985)), rng),
        **_insurance("H03", "H04", round(last["P02"] * rng.uniform(0.55, 0.64)), rng),
        **_volunteers(round(last["P03"] * rng.uniform(0.05, 0.08)), rng),
    }


def _population(last: dict[str, int], rng: Random) -> dict[str, list[int]]:
    def drawn() -> dict[str, list[int]]:
        return {
            "P01": walk_back(last["P01"], (rng.choice((0, 0, 0, 1, 2)) for _ in _STEPS)),
            "P02": walk_back(last["P02"], (rng.randint(-3, 5) for _ in _STEPS)),
            "P03": walk_back(last["P03"], (rng.randint(-12, 18) for _ in _STEPS)),
        }

    return draw(drawn, lambda series: all(people % 100 for people in series["P02"]))


def _insurance(eligible: str, enrolled: str, last_eligible: int, rng: Random) -> Series:
    """Eligible people are counted anew each January; the enrolled only become more."""
    last_year = last_eligible - rng.randint(2, 9)
    people = [last_year] * (len(MONTHS) - _THIS_YEAR) + [last_eligible] * _THIS_YEAR
    last_enrolled = round(last_eligible * rng.uniform(0.956, 0.986))
    step = max(2, last_eligible // 500)

    def drawn() -> list[int]:
        return walk_back(last_enrolled, (rng.randint(0, step) for _ in _STEPS))

    def never_just_at_the_line(values: list[int]) -> bool:
        return not any(0 <= 20 * now - 19 * all_ < 20 for now, all_ in zip(values, people, strict=True))

    insured = draw(drawn, never_just_at_the_line)
    return {eligible: people, enrolled: insured}


def _volunteers(last: int, rng: Random) -> Series:
    def drawn() -> list[int]:
        return [rng.choice((0, 2, 3, 3, 4, 4, 5, 6, 7)) for _ in MONTHS]

    def never_idle_for_two_months(values: list[int]) -> bool:
        return all(before or now for before, now in pairwise(values))

    activities = draw(drawn, never_idle_for_two_months)
    return {
        "V01": walk_back(last, (rng.randint(0, 3) for _ in _STEPS)),
        "V02": activities,
        "V03": [count * rng.randint(8, 25) + rng.randint(0, 3) * bool(count) for count in activities],
    }
