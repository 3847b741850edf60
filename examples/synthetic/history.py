"""The fifteen months of a sub-district, from its last month backwards: every item of the monthly form."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from random import Random

from examples.synthetic.economy import economy
from examples.synthetic.last_month import last_month
from examples.synthetic.model import MONTHS, Community, Series, Subdistrict, Value
from examples.synthetic.organisation import organisation
from examples.synthetic.people import people
from examples.synthetic.surroundings import surroundings

# Years by which a mean rises in a month: a team and its secretaries grow older, members are also renewed by the young.
_AGEING = {"D05": Decimal("0.02"), "B08": Decimal("0.08"), "S08": Decimal("0.08")}
_TENTH = Decimal("0.1")


@dataclass(frozen=True)
class History:
    """``communities`` in the order of the workbook; ``summary`` holds the items of the sheet 街道汇总."""

    subdistrict: Subdistrict
    communities: dict[str, Series]
    summary: Series

    def community_values(self, code: str, index: int) -> dict[str, Value]:
        """The values of community ``code`` in ``MONTHS[index]`` by item code."""
        return {item: values[index] for item, values in self.communities[code].items()}

    def summary_values(self, index: int) -> dict[str, Value]:
        return {item: values[index] for item, values in self.summary.items()}


def history(subdistrict: Subdistrict) -> History:
    """The same targets always give the same history: each community has its own seeded random numbers."""
    rows = zip(subdistrict.communities, last_month(subdistrict), strict=True)
    communities = {community.code: _community(community, last) for community, last in rows}
    return History(subdistrict, communities, _summary(subdistrict))


def _community(community: Community, last: dict[str, int]) -> Series:
    population = people(community, last, Random(f"{community.code} people"))
    households = [int(value) for value in population["P01"]]
    return {
        **population,
        **organisation(community, last, Random(f"{community.code} organisation")),
        **economy(community, Random(f"{community.code} economy")),
        **surroundings(community, households, Random(f"{community.code} surroundings")),
    }


def _summary(subdistrict: Subdistrict) -> Series:
    return {item: _summary_item(item, last, subdistrict) for item, last in subdistrict.targets.summary.items()}


def _summary_item(item: str, last: Decimal, subdistrict: Subdistrict) -> list[Value]:
    if item in _AGEING:
        return [(last - _AGEING[item] * (len(MONTHS) - 1 - index)).quantize(_TENTH) for index in range(len(MONTHS))]
    moves = subdistrict.targets.moves
    return [
        int(last) + sum((move.before == item) - (move.after == item) for move in moves if month < move.month)
        for month in MONTHS
    ]
