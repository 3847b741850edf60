"""Rules that look back, over 村改居, mergers and splits of communities."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.catalogue import load_catalogue
from expectations.evaluate import NOTHING, Evaluation, evaluate
from expectations.history import History, Inputs
from ingest.reference import Unit, items
from tests.expectations.support import FEBRUARY, FIRST, UNITS, Month, clean_month, sums, typed, unit

CATALOGUE = load_catalogue(None)
ONE, TWO, THREE, NEW, OTHER = (f"{FIRST[:9]}{number:03}" for number in range(1, 6))
FLOW = "MEMBERS-FLOW"  # D03 = D03[-1] + D06 - D07
ADDITIVE = [item for item in items() if item.sheet == "community" and item.additive]
END, START = "2024-02-29", "2024-03-01"


def register(ended: dict[str, str], begun: tuple[str, ...]) -> tuple[Unit, ...]:
    """The units of ``support``, of which some end in February with the successors given, and others begin."""
    kept = [
        replace(each, valid_to=date.fromisoformat(END), successor_code=ended[each.unit_code])
        if each.unit_code in ended
        else each
        for each in UNITS
    ]
    more = {"community_type": "城中村", "star_scheme": "village", "valid_from": START}
    return (*kept, *(unit(code, f"新{code[-1]}社区", "community", FIRST, **more) for code in begun))


def added(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """One community's row that reports what ``rows`` report together."""
    total = {item.item_code: sum(typed(item, row[item.item_code]) for row in rows) for item in ADDITIVE}
    return {**rows[0], **total}


def march_with(communities: dict[str, dict[str, Any]], gone: tuple[str, ...]) -> Month:
    month = clean_month()
    for code in gone:
        del month.communities[code]
    month.communities = dict(sorted({**month.communities, **communities}.items()))
    month.totals = {code: sums(month, code) for code in month.lists}
    return month


def evaluated(units: tuple[Unit, ...], march: Month, february: Month | None = None) -> Evaluation:
    history = History({FEBRUARY: (february or clean_month(FEBRUARY)).tables()}, march.tables())
    return evaluate(Inputs(march.month, march.tables(), history, units), CATALOGUE, NOTHING)


def of_rule(evaluation: Evaluation, rule: str) -> list[dict[str, Any]]:
    return [row for row in evaluation.findings.to_pylist() if row["rule_code"] == rule]


def cells(evaluation: Evaluation, alert: dict[str, Any]) -> set[tuple[str, str, str, str]]:
    rows = [row for row in evaluation.cells.to_pylist() if row["alert_id"] == alert["alert_id"]]
    return {(f"{row['cell_month']:%m}", row["unit_code"], row["item_code"], row["value"]) for row in rows}


def executions(evaluation: Evaluation, rule: str) -> set[tuple[int, int, str | None]]:
    rows = [r for r in evaluation.executions.to_pylist() if (r["rule_code"], r["subdistrict_code"]) == (rule, FIRST)]
    return {(row["executed"], row["not_executed"], row["reason"]) for row in rows}


def halves(row: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two rows that report together what ``row`` reports."""
    first = {i.item_code: typed(i, row[i.item_code]) // 2 for i in ADDITIVE}
    second = {i.item_code: typed(i, row[i.item_code]) - first[i.item_code] for i in ADDITIVE}
    return {**row, **first}, {**row, **second}


RENAMED = register({ONE: NEW}, (NEW,))
MERGED = register({ONE: NEW, TWO: NEW}, (NEW,))
SPLIT = register({ONE: f"{NEW};{OTHER}"}, (NEW, OTHER))
CLEAN = clean_month().communities[ONE]


def test_a_renamed_community_is_measured_against_its_predecessor() -> None:
    clean = evaluated(RENAMED, march_with({NEW: CLEAN}, (ONE,)))
    assert of_rule(clean, FLOW) == []
    assert executions(clean, FLOW) == {(3, 0, None)}
    wrong = evaluated(RENAMED, march_with({NEW: {**CLEAN, "D03": 90}}, (ONE,)))
    [alert] = of_rule(wrong, FLOW)
    assert alert["unit_code"] == NEW
    assert {("02", ONE, "D03", "100"), ("03", NEW, "D03", "90")} <= cells(wrong, alert)
    assert "D03[2024-02]=100" in alert["reported"]


def test_a_merged_community_is_measured_against_the_sum_of_its_predecessors() -> None:
    both = added([CLEAN, CLEAN])
    clean = evaluated(MERGED, march_with({NEW: both}, (ONE, TWO)))
    assert of_rule(clean, FLOW) == []
    wrong = evaluated(MERGED, march_with({NEW: {**both, "D03": 190}}, (ONE, TWO)))
    [alert] = of_rule(wrong, FLOW)
    assert {("02", ONE, "D03", "100"), ("02", TWO, "D03", "100"), ("03", NEW, "D03", "190")} <= cells(wrong, alert)
    assert "D03[2024-02]=200" in alert["reported"]


def test_what_cannot_be_added_up_is_not_known_after_a_merger_and_the_rule_says_why() -> None:
    merged = evaluated(MERGED, march_with({NEW: added([CLEAN, CLEAN])}, (ONE, TWO)))
    assert executions(merged, "TYPE-CHANGE") == {(1, 0, None), (0, 1, "单位撤并分设，没有可比的 P05（2024-02）")}


def test_the_parts_of_a_split_have_no_last_month_and_the_rule_says_why() -> None:
    first, second = halves(CLEAN)
    split = evaluated(SPLIT, march_with({NEW: first, OTHER: second}, (ONE,)))
    assert (0, 2, "单位撤并分设，没有可比的 D03（2024-02）") in executions(split, FLOW)


def test_the_sum_over_a_split_is_measured_against_the_predecessor() -> None:
    first, second = halves(CLEAN)
    conserved = evaluated(SPLIT, march_with({NEW: first, OTHER: second}, (ONE,)))
    assert of_rule(conserved, FLOW) == []
    lost = evaluated(SPLIT, march_with({NEW: first, OTHER: {**second, "D03": second["D03"] - 7}}, (ONE,)))
    [alert] = of_rule(lost, FLOW)
    assert "新4社区、新5社区合计，对照撤并前的子社区" in alert["message"]
    assert {("02", ONE), ("03", NEW), ("03", OTHER)} == {cell[:2] for cell in cells(lost, alert)}
    assert alert["suggested_values"] is None or alert["suggested_values"] == ""


def test_a_copied_report_is_seen_through_a_new_code() -> None:
    february = clean_month(FEBRUARY)
    march = march_with({NEW: february.communities[ONE]}, (ONE,))
    march.communities |= {code: february.communities[code] for code in (TWO, THREE)}
    assert [row["unit_code"] for row in of_rule(evaluated(RENAMED, march), "COPY-OF-LAST-MONTH")] == [FIRST]


def test_a_slip_in_a_renamed_community_gets_the_value_that_its_predecessor_suggests() -> None:
    row = {**CLEAN, "D03": 9900}
    [alert] = of_rule(evaluated(RENAMED, march_with({NEW: row}, (ONE,))), FLOW)
    assert (alert["suspected_items"], alert["suggested_values"]) == ("D03", "D03=99")


@settings(max_examples=15, deadline=None)
@given(
    gone=st.sets(st.sampled_from([ONE, TWO, THREE]), min_size=1).map(lambda codes: tuple(sorted(codes))),
    parts=st.integers(1, 3),
    lost=st.sampled_from([0, 0, 1, 8]),
)
def test_members_are_conserved_over_any_redrawing_and_who_is_lost_is_missed(
    gone: tuple[str, ...], parts: int, lost: int
) -> None:
    begun = tuple(f"{FIRST[:9]}{number:03}" for number in range(10, 10 + parts))
    rest = added([CLEAN] * len(gone))
    rows: dict[str, dict[str, Any]] = {}
    for code in begun[:-1]:
        rows[code], rest = halves(rest)
    rows[begun[-1]] = {**rest, "D03": rest["D03"] - lost}
    units = register(dict.fromkeys(gone, ";".join(begun)), begun)
    found = of_rule(evaluated(units, march_with(rows, gone)), FLOW)
    assert [row["unit_code"] for row in found] == ([begun[0]] if lost else [])
