"""The true workbooks keep every mandatory edit of items.csv, checked in plain Python over rows, levels and months."""

from __future__ import annotations

from itertools import pairwise

import pytest

ROW_EDITS = {
    "P01 > 0": lambda r: r["P01"] > 0,
    "P02 ≥ P01": lambda r: r["P02"] >= r["P01"],
    "P03 ≥ 0": lambda r: r["P03"] >= 0,
    "P04 ≥ 1": lambda r: r["P04"] >= 1,
    "P05 in list": lambda r: r["P05"] in ("城中村", "城郊村", "其他"),
    "D01 ≥ 1": lambda r: r["D01"] >= 1,
    "D02 ≤ D01": lambda r: r["D02"] <= r["D01"],
    "D04 ≤ D03": lambda r: r["D04"] <= r["D03"],
    "D08 ≥ 1": lambda r: r["D08"] >= 1,
    "B02+B03=B01": lambda r: r["B02"] + r["B03"] == r["B01"] >= 1,
    "B04+B05+B06=B01": lambda r: r["B04"] + r["B05"] + r["B06"] == r["B01"],
    "B07 ≤ B01": lambda r: r["B07"] <= r["B01"],
    "E06=E01+E02+E03−E04−E05": lambda r: r["E06"] == r["E01"] + r["E02"] + r["E03"] - r["E04"] - r["E05"],
    "W01 ≤ P01": lambda r: r["W01"] <= r["P01"],
    "W03 ≤ P01": lambda r: r["W03"] <= r["P01"],
    "flags in list": lambda r: all(r[item] in ("是", "否") for item in ("W04", "F01", "F02", "F03", "F04")),
    "F04=F01∧F02∧F03": lambda r: (r["F04"] == "是") == all(r[item] == "是" for item in ("F01", "F02", "F03")),
    "H02 ≤ H01": lambda r: 0 < r["H02"] <= r["H01"],
    "H03 ≤ P02": lambda r: r["H03"] <= r["P02"],
    "H04 ≤ H03": lambda r: r["H04"] <= r["H03"],
    "V01 ≤ P03": lambda r: r["V01"] <= r["P03"],
    "V02=0 ⇔ V03=0": lambda r: (r["V02"] == 0) == (r["V03"] == 0),
    "X01 in 0–5": lambda r: 0 <= r["X01"] <= 5,
    "Σ bits = X01": lambda r: len(r["X02"]) == 5 and r["X02"].count("1") == r["X01"],
    "no count is negative": lambda r: all(
        r[item] >= 0 for item in ("D06", "D07", "D09", "B03", "B04", "B05", "W02", "V02", "V03", "R01")
    ),
}

LEVEL_EDITS = {
    "S01 ≤ G01": lambda s, _: s["S01"] <= s["G01"],
    "S02+S03=S01": lambda s, _: s["S02"] + s["S03"] == s["S01"],
    "S02 ≤ ΣB02": lambda s, b: s["S02"] <= sum(b.column("B02")),
    "S03 ≤ ΣB03": lambda s, b: s["S03"] <= sum(b.column("B03")),
    "S04+…+S07=S01": lambda s, _: s["S04"] + s["S05"] + s["S06"] + s["S07"] == s["S01"],
    "S04 ≤ ΣB04": lambda s, b: s["S04"] <= sum(b.column("B04")),
    "S06+S07 ≤ ΣB06": lambda s, b: s["S06"] + s["S07"] <= sum(b.column("B06")),
    "S09 ≤ S01": lambda s, _: s["S09"] <= s["S01"],
    "S09 ≤ ΣB07": lambda s, b: s["S09"] <= sum(b.column("B07")),
    "S10+S11+S12=S01": lambda s, _: s["S10"] + s["S11"] + s["S12"] == s["S01"],
    "G01 = communities": lambda s, b: s["G01"] == len(b.communities),
    "18 ≤ D05 ≤ 90": lambda s, _: 18 <= s["D05"] <= 90,
    "18 ≤ B08 ≤ 75": lambda s, _: 18 <= s["B08"] <= 75,
}

MONTH_EDITS = {
    "D03=D03'+D06−D07": lambda now, before: now["D03"] == before["D03"] + now["D06"] - now["D07"],
    "D07 ≤ D03'": lambda now, before: now["D07"] <= before["D03"],
    "year to date rises": lambda now, before: (
        now["month"].month == 1 or all(now[item] >= before[item] for item in ("E01", "E02", "E04", "E05", "E07"))
    ),
    "January starts anew": lambda now, before: now["month"].month != 1 or now["E01"] < before["E01"],
}


@pytest.mark.parametrize("edit", ROW_EDITS)
def test_every_community_keeps_the_row_edit_in_every_month(histories, edit):
    kept = [ROW_EDITS[edit](row) for months in histories.values() for row in months]
    assert len(kept) == 20 * 15
    assert all(kept)


@pytest.mark.parametrize("edit", LEVEL_EDITS)
def test_every_subdistrict_keeps_the_level_edit_in_every_month(true_books, edit):
    kept = [LEVEL_EDITS[edit](book.summary, book) for book in true_books]
    assert len(kept) == 2 * 15
    assert all(kept)


@pytest.mark.parametrize("edit", MONTH_EDITS)
def test_every_community_keeps_the_edit_between_months(histories, edit):
    kept = [MONTH_EDITS[edit](now, before) for months in histories.values() for before, now in pairwise(months)]
    assert len(kept) == 20 * 14
    assert all(kept)


def test_the_total_row_is_the_sum_of_the_rows(true_books):
    for book in true_books:
        for item, total in book.totals.items():
            expected = None if total is None else sum(book.column(item))
            assert total == expected, (book.path.name, item)


def test_planned_stars_add_up_to_the_levels_times_communities(true_books):
    for book in true_books:
        assert sum(stars.count("1") for stars in book.column("X02")) == sum(book.column("X01"))
