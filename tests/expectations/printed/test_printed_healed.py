"""Planted slips on a consistent 概况表: each violated rule gets explanations that heal it."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from expectations.localise.printed import read_printed
from expectations.printed.sheet import Sheet
from tests.expectations.printed.conftest import COLUMNS, MONTH, table_of
from tests.expectations.printed.test_printed_properties import sheet, subdistricts

COUNTS = ("T15", "T16", "T19", "T23", "T25", "T31", "T32", "T38", "T40", "T44")
SHARES = ("T24", "T26", "T30", "T35", "T39", "T41")
figures = st.sampled_from([*COUNTS, *SHARES, "T18", "T34"])
slips = st.tuples(figures, st.sampled_from(("甲", "乙", "合计")), st.integers(1, 9), st.booleans())
Texts = dict[tuple[str, str], str]
bounded = settings(
    max_examples=8,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # to shrink two towns of people takes minutes
    suppress_health_check=[HealthCheck.filter_too_much],
)


def slipped(texts: Texts, slip: tuple[str, str, int, bool]) -> Texts:
    """One digit wrong: the last one or the first; never down to 0, which would leave shares without a base."""
    code, name, digit, last = slip
    number = texts[code, name].removesuffix("%")
    wrong = number[:-1] + str(digit) if last else str(digit) + number[1:]
    return {(code, name): str(int(wrong)) + "%" * texts[code, name].endswith("%")}


@pytest.fixture(scope="session")
def explain(units, rules):
    def explain(texts: Texts):
        [printed] = Sheet.read_all(table_of(texts), units, MONTH)
        return read_printed(printed, rules)

    return explain


def violated(outcome) -> set[tuple[str, str]]:
    return {(violation.rule_code, violation.unit_code) for violation in outcome.violations}


def mended(texts: Texts, changes) -> Texts:
    names = {unit: name for name, unit in COLUMNS.items()}
    return texts | {(figure, names[unit]): text for (figure, unit), text in changes}


@bounded
@given(first=subdistricts, second=subdistricts, slip=slips)
def test_the_true_figure_is_among_the_explanations_of_every_rule_that_its_slip_breaks(
    evaluate, explain, first, second, slip
):
    texts = sheet(first, second)
    wrong = slipped(texts, slip)
    found = explain(texts | wrong)
    assert set(found) == violated(evaluate(texts | wrong))
    code, name = slip[:2]
    for ways in found.values():
        assert (((code, COLUMNS[name]), texts[code, name]),) in [way.changes for way in ways]


@pytest.mark.parametrize("seed", range(4))
def test_of_two_slips_every_violated_rule_has_an_explanation_and_the_first_one_heals_it(evaluate, explain, seed):
    draw = random.Random(seed)
    texts = county(draw)
    two = [(draw.choice(COUNTS + SHARES), draw.choice("甲乙"), draw.randint(1, 9), True) for _ in range(2)]
    wrong = slipped(texts, two[0]) | slipped(texts, two[1])
    for key, ways in explain(texts | wrong).items():
        assert ways, key
        assert key not in violated(evaluate(mended(texts | wrong, ways[0].changes)))


def test_two_wrong_parts_of_a_sum_are_named_together_where_neither_alone_would_do(explain):
    ages = {"T15": "10", "T19": "2", "T20": "5", "T21": "2", "T22": "1"}
    texts = {(code, name): text for name in ("甲", "乙") for code, text in ages.items()}
    texts |= {(code, "合计"): str(2 * int(text)) for code, text in ages.items()}
    found = explain(texts | {("T19", "甲"): "7", ("T20", "甲"): "3"})  # 7 + 3 + 2 + 1 = 13, for 2 + 5 + 2 + 1 = 10
    place = COLUMNS["甲"]
    [first, *_] = found["T15-AGE", place]
    assert first.changes == ((("T19", place), "2"), (("T20", place), "5"))
    assert found["T19-ROLLUP", COLUMNS["合计"]][0].changes[0] == (("T19", place), "2")


def test_shares_that_only_fit_their_base_together_are_named_together(explain):
    texts = {("T15", "甲"): "10", ("T26", "甲"): "23%", ("T28", "甲"): "44%", ("T30", "甲"): "30%"}
    found = explain(texts)[("T15-TENURE-SHARES", COLUMNS["甲"])]
    assert {"T26", "T28"} in [{figure for (figure, _), _ in way.changes} for way in found]
    assert {len(way.changes) for way in found} == {2}
    assert found[0].probability < 0.5  # 20 % or 30 % of ten, 40 % or 50 %, or a wrong base: nobody can know


def test_where_nothing_can_be_tried_no_explanation_is_made_up(explain):
    ranges = {("T58", "甲"): "7–8", ("T31", "甲"): "99余", ("T03", "甲"): "20余"}
    found = explain(ranges)
    assert set(found) == {("T58-QUOTIENT", COLUMNS["甲"])}
    assert found["T58-QUOTIENT", COLUMNS["甲"]] == []


def county(draw: random.Random) -> Texts:
    """A consistent sheet of twenty-one communities."""

    def person() -> dict:
        return {"age": draw.randint(18, 74), "female": draw.random() < 0.4, "college": draw.random() < 0.5}

    def community() -> dict:
        others = [person() for _ in range(7)]
        met = [draw.random() < 0.7 for _ in range(5)]
        return {"secretary": person(), "tenure": draw.randint(0, 30), "others": others, "stars": 1, "met": met}

    return sheet([community() for _ in range(10)], [community() for _ in range(11)])


def test_a_slip_in_a_part_of_any_roll_up_is_among_its_explanations(explain, rules):
    texts = county(random.Random(5))
    rollups = [rule for rule in rules if rule.kind in ("rollup_sum", "rollup_mean")]
    asked = [rule for rule in rollups if all((code, name) in texts for code in rule.item_codes for name in COLUMNS)]
    seen = 0
    for rule in asked:
        digit = (int(texts[rule.figure, "甲"].removesuffix("%")) + 5) % 10
        found = explain(texts | slipped(texts, (rule.figure, "甲", digit, True)))
        if ways := found.get((rule.id, COLUMNS["合计"])):
            seen += 1
            assert (((rule.figure, COLUMNS["甲"]), texts[rule.figure, "甲"]),) in [way.changes for way in ways], rule.id
    assert seen > 25
