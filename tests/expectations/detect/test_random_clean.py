"""Records that are consistent by construction violate no mandatory rule, whatever their numbers."""

from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.catalogue import load_catalogue
from expectations.detect import detect
from expectations.history import History, Inputs
from tests.expectations.support import COMMUNITIES, FEBRUARY, FIRST, MARCH, SECOND, UNITS, Month, sums

CATALOGUE = load_catalogue(None)
RULES = [rule for rule in CATALOGUE.expressions(MARCH) if rule.level == "mandatory" or rule.kind == "total"]


def upto(draw: st.DrawFn, most: int, least: int = 0) -> int:
    return draw(st.integers(least, most))


@st.composite
def pairs(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """One community, this month and the last."""
    households = upto(draw, 5000, 1)
    people = households + upto(draw, 10_000)
    members, joined, left = upto(draw, 300, 10), upto(draw, 5), upto(draw, 5)
    men, women = upto(draw, 6, 1), upto(draw, 6)
    team = men + women
    young = upto(draw, team)
    middle = upto(draw, team - young)
    eligible, pensions = upto(draw, people, 1), upto(draw, people)
    branches, activities = upto(draw, 9, 1), upto(draw, 20)
    flags = [draw(st.booleans()) for _ in range(3)]
    stars = draw(st.text("01", min_size=5, max_size=5))
    now = {
        "P01": households, "P02": people, "P03": upto(draw, 9000), "P04": 3, "P05": "其他",
        "D01": branches, "D02": upto(draw, branches), "D03": members + joined - left, "D04": upto(draw, 5),
        "D06": joined, "D07": left, "D08": 4, "D09": 4,
        "B01": team, "B02": men, "B03": women, "B04": young, "B05": middle, "B06": team - young - middle,
        "B07": upto(draw, team),
        "W01": upto(draw, households), "W02": 0, "W03": upto(draw, households), "W04": True,
        "F01": flags[0], "F02": flags[1], "F03": flags[2], "F04": all(flags),
        "H01": eligible, "H02": upto(draw, eligible), "H03": pensions, "H04": upto(draw, pensions),
        "V01": 0, "V02": activities, "V03": upto(draw, 500, 1) if activities else 0, "R01": 0,
        "X01": stars.count("1"), "X02": stars,
    }  # fmt: skip
    before, after = draw(money()), draw(money())
    totals = {code: before[code] + after[code] for code in before}
    return {**now, **with_surplus(totals)}, {**now, "D03": members, **with_surplus(before)}


@st.composite
def money(draw: st.DrawFn) -> dict[str, Decimal]:
    amounts = st.decimals(0, 10_000, places=2)
    return {code: draw(amounts) for code in ("E01", "E02", "E03", "E04", "E05", "E07")}


def with_surplus(amounts: dict[str, Decimal]) -> dict[str, Decimal]:
    surplus = amounts["E01"] + amounts["E02"] + amounts["E03"] - amounts["E04"] - amounts["E05"]
    return {**amounts, "E06": surplus}


# Nobody is secretary yet: whatever its communities are, they allow it.
EMPTY_LIST: dict[str, Any] = {
    "D05": "50", "B08": "45", "S01": 0, "S02": 0, "S03": 0, "S04": 0, "S05": 0, "S06": 0, "S07": 0, "S08": "45",
    "S09": 0, "S10": 0, "S11": 0, "S12": 0, "G01": 3,
}  # fmt: skip


def month_of(month: Month, rows: list[dict[str, Any]]) -> Month:
    month.communities = dict(zip(COMMUNITIES, rows, strict=True))
    month.lists = dict.fromkeys((FIRST, SECOND), EMPTY_LIST)
    month.totals = {code: sums(month, code) for code in (FIRST, SECOND)}
    return month


@settings(max_examples=8, deadline=None)
@given(st.lists(pairs(), min_size=6, max_size=6))
def test_consistent_records_violate_nothing_that_is_mandatory(
    records: list[tuple[dict[str, Any], dict[str, Any]]],
) -> None:
    now = month_of(Month(MARCH), [row for row, _ in records])
    before = month_of(Month(FEBRUARY), [row for _, row in records])
    inputs = Inputs(MARCH, now.tables(), History({FEBRUARY: before.tables()}, now.tables()), UNITS)
    assert detect(inputs, RULES).violations == ()
