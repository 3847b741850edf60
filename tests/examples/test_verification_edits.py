"""The true workbooks also keep the verification edits that the report's own figures allow."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest

ROW_EDITS = {
    "P02/P01 in 1.5–3.5": lambda r: Decimal("1.5") <= r["P02"] / r["P01"] <= Decimal("3.5"),
    "P02 does not end in 00": lambda r: r["P02"] % 100 != 0,
    "P03/P02 in 0.4–2.5": lambda r: Decimal("0.4") <= r["P03"] / r["P02"] <= Decimal("2.5"),
    "D06 and D07 ≤ 5 % of D03": lambda r: max(r["D06"], r["D07"]) * 20 <= r["D03"],
    "D08 ≤ D09 ≤ 3×D08": lambda r: r["D08"] <= r["D09"] <= 3 * r["D08"],
    "at least 3 members a branch": lambda r: 3 * r["D01"] <= r["D03"],
    "team of 7 or 8": lambda r: r["B01"] in (7, 8),
    "women and young members in every team": lambda r: r["B03"] > 0 and r["B04"] > 0,
    "B06/B01 ≤ 60 %": lambda r: r["B06"] * 10 <= r["B01"] * 6,
    "expenses are not nil": lambda r: r["E04"] > 0 and r["E05"] > 0,
    "surplus is never exactly 20.00": lambda r: r["E06"] != 20,
    "toilets never just reach 80 %": lambda r: not 0 <= 5 * r["W01"] - 4 * r["P01"] < 5,
    "toilets are never 100 %": lambda r: r["W01"] != r["P01"],
    "W02 ≤ 10 % of P01": lambda r: r["W02"] * 10 <= r["P01"],
    "H01 within 15 % of P02": lambda r: abs(r["H01"] - r["P02"]) * 100 <= 15 * r["P02"],
    "medical insurance never just reaches 95 %": lambda r: not 0 <= 20 * r["H02"] - 19 * r["H01"] < 20,
    "V02 ≤ 30": lambda r: r["V02"] <= 30,
    "V03/V02 ≤ V01": lambda r: r["V03"] <= r["V02"] * r["V01"],
    "branch star only with all others": lambda r: r["X02"][0] == "0" or r["X02"] == "11111",
}

MONTH_EDITS = {
    "P01 ±10 %": lambda now, before: abs(now["P01"] - before["P01"]) * 10 <= before["P01"],
    "P02 ±5 %": lambda now, before: abs(now["P02"] - before["P02"]) * 20 <= before["P02"],
    "unchanged": lambda now, before: all(now[item] == before[item] for item in ("P04", "P05", "D08")),
    "D03 ±3 %": lambda now, before: abs(now["D03"] - before["D03"]) * 100 <= 3 * before["D03"],
    "D04 falls only with D07": lambda now, before: now["D04"] >= before["D04"] or now["D07"] > 0,
    "B07 does not fall": lambda now, before: now["B07"] >= before["B07"],
    "W01=W01'+W02": lambda now, before: now["W01"] == before["W01"] + now["W02"],
    "W03, H02 and H04 do not fall": lambda now, before: all(now[i] >= before[i] for i in ("W03", "H02", "H04")),
    "H03 ±10 %": lambda now, before: abs(now["H03"] - before["H03"]) * 10 <= before["H03"],
    "a village plan stays": lambda now, before: now["W04"] == "是" or before["W04"] == "否",
    "volunteers do not double": lambda now, before: now["V01"] < 2 * before["V01"],
    "never idle for long": lambda now, before: now["V02"] + before["V02"] > 0,
    "R01 rises by one at most": lambda now, before: 0 <= now["R01"] - before["R01"] <= 1,
    "X01 is not lowered": lambda now, before: now["X01"] >= before["X01"],
    "surplus is not frozen": lambda now, before: now["E06"] != before["E06"],
}


@pytest.mark.parametrize("edit", ROW_EDITS)
def test_every_community_is_believable_in_every_month(histories, edit):
    assert all(ROW_EDITS[edit](row) for months in histories.values() for row in months)


@pytest.mark.parametrize("edit", MONTH_EDITS)
def test_every_community_changes_believably(histories, edit):
    assert all(MONTH_EDITS[edit](now, before) for months in histories.values() for before, now in pairwise(months))


def test_surplus_stays_within_half_of_the_same_month_last_year(histories):
    pairs = [(months[index + 12]["E06"], months[index]["E06"]) for months in histories.values() for index in range(3)]
    assert all(abs(now - before) * 2 <= abs(before) for now, before in pairs)


def test_no_zero_is_lost_for_less_than_three_months(histories):
    for months in histories.values():
        for item in ("F01", "F02", "F03"):
            flags = "".join(row[item] for row in months)
            assert "是否是" not in flags
            assert "是否否是" not in flags


def test_the_city_is_not_without_incident_for_twelve_months(histories):
    clean = [all(months[index]["F04"] == "是" for months in histories.values()) for index in range(15)]
    assert not any(all(clean[start : start + 12]) for start in range(4))


def test_mean_ages_lie_near_the_middles_of_their_bands(true_books):
    for book in true_books:
        young, middle, old = (sum(book.column(item)) for item in ("B04", "B05", "B06"))
        expected = (young * Decimal("26.5") + middle * Decimal("42.5") + old * Decimal("62.5")) / (young + middle + old)
        assert abs(book.summary["B08"] - expected) <= 4


def test_secretaries_can_have_their_mean_age(true_books):
    for book in true_books:
        counts = [book.summary[item] for item in ("S04", "S05", "S06", "S07")]
        youngest, oldest = (
            sum(count * age for count, age in zip(counts, ages, strict=True))
            for ages in ((18, 35, 50, 60), (35, 50, 60, 75))
        )
        assert youngest <= book.summary["S08"] * book.summary["S01"] <= oldest


def test_means_move_by_a_tenth_a_month(true_books):
    for code in {book.subdistrict for book in true_books}:
        own = [book.summary for book in true_books if book.subdistrict == code]
        for item in ("D05", "B08", "S08"):
            assert all(abs(now[item] - before[item]) <= Decimal("0.1") for before, now in pairwise(own))
