"""Each kind of rule, at its edges."""

import pytest
from pydantic import ValidationError

from expectations.printed import parse_rule


def rule(kind, **fields):
    return parse_rule({"id": "X", "level": "mandatory", "kind": kind, "title_zh": "试验规则"} | fields)


def details(outcome):
    return [violation.detail for violation in outcome.violations]


def reasons(outcome):
    return {e.reason for e in outcome.executions if e.not_executed}


PLAN = rule("balance", addends=["T50", "T51"], total="T03", blank_is_zero=True)
SHARE = rule("ratio", figure="T24", numerator="T23", denominator="T15")
AGES = rule("bands", shares=["T35", "T36", "T37"], base="T31")
TEAM_MEAN = rule(
    "mean_in_bands",
    mean="T18",
    bands=[{"figure": "T19", "low": 18, "high": 35}, {"figure": "T20", "low": 35, "high": 50}],
)
WHOLE = rule("part_of_whole", part="T01", share="T02")


def test_a_blank_level_counts_as_zero_only_once_another_is_filled(evaluate):
    assert details(evaluate({("T50", "甲"): "9", ("T03", "甲"): "10"}, [PLAN]))
    nothing = evaluate({("T03", "甲"): "10"}, [PLAN])
    assert not details(nothing)
    assert "缺少甲街道的拟创五星（T50）" in reasons(nothing)


def test_a_blank_addend_is_no_zero_where_the_rule_does_not_say_so(evaluate):
    sex = rule("balance", addends=["T16", "T17"], total="T15")
    outcome = evaluate({("T16", "甲"): "9", ("T15", "甲"): "10"}, [sex])
    assert not details(outcome)
    assert "缺少甲街道的书记女（T17）" in reasons(outcome)


@pytest.mark.parametrize("share", ["12%", "13%"])
def test_a_half_may_be_printed_up_or_down(evaluate, share):
    texts = {("T24", "甲"): share, ("T23", "甲"): "1", ("T15", "甲"): "8"}
    assert not details(evaluate(texts, [SHARE]))


def test_a_truncated_share_needs_a_rule_that_says_so(evaluate):
    texts = {("T24", "甲"): "23%", ("T23", "甲"): "19", ("T15", "甲"): "80"}
    truncated = SHARE.model_copy(update={"rounding": "truncated"})
    assert details(evaluate(texts, [SHARE]))
    assert not details(evaluate(texts, [truncated]))


def test_no_share_is_above_its_base(evaluate):
    (detail,) = details(evaluate({("T24", "甲"): "110%", ("T15", "甲"): "10"}, [SHARE]))
    assert "9人＝90%，10人＝100%" in detail


def test_a_share_of_nobody_is_not_asked(evaluate):
    outcome = evaluate({("T24", "甲"): "0%", ("T15", "甲"): "0"}, [SHARE])
    assert not details(outcome)
    assert "甲街道的书记人数0不大于0，不能作分母" in reasons(outcome)


def test_a_rough_base_cannot_say_which_shares_are_achievable(evaluate):
    outcome = evaluate({("T24", "甲"): "23%", ("T15", "甲"): "1.9万"}, [SHARE])
    assert not details(outcome)
    assert "甲街道的书记人数1.9万不是确切的正整数，不能核对占比" in reasons(outcome)


def test_shares_that_add_up_need_whole_numbers_that_do_too(evaluate):
    thirds = {("T35", "甲"): "33%", ("T36", "甲"): "33%", ("T37", "甲"): "33%"}
    assert not details(evaluate(thirds | {("T31", "甲"): "6"}, [AGES]))
    (detail,) = details(evaluate(thirds | {("T31", "甲"): "7"}, [AGES]))
    assert detail.endswith("班子成员数7，没有相加等于7的整数能得出这些占比")


def test_without_a_base_shares_add_up_to_a_hundred_within_rounding(evaluate):
    thirds = {("T35", "甲"): "33%", ("T36", "甲"): "33%", ("T37", "甲"): "33%"}
    assert not details(evaluate(thirds, [AGES]))
    (detail,) = details(evaluate(thirds | {("T37", "甲"): "30%"}, [AGES]))
    assert "合计94.5–97.5%≠100%" in detail


@pytest.mark.parametrize(("mean", "possible"), [("25", False), ("26", True), ("42", True), ("43", False)])
def test_a_mean_lies_between_the_edges_of_its_bands(evaluate, mean, possible):
    # one of 18–35 and one of 35–50: from 26.5 up to, but not, 42.5; 26 can be 26.5 printed half-even, 43 needs 42.5
    outcome = evaluate({("T18", "甲"): mean, ("T19", "甲"): "1", ("T20", "甲"): "1"}, [TEAM_MEAN])
    assert bool(details(outcome)) is not possible


def test_bands_of_nobody_say_nothing_of_a_mean(evaluate):
    outcome = evaluate({("T18", "甲"): "40", ("T19", "甲"): "0", ("T20", "甲"): "0"}, [TEAM_MEAN])
    assert "甲街道各段合计不是正数，不能核对书记平均年龄" in reasons(outcome)


def test_a_part_fits_a_whole_with_room_for_the_others(evaluate):
    small = {("T01", "甲"): "50", ("T01", "乙"): "47", ("T02", "乙"): "近二分之一"}
    assert not details(evaluate(small, [WHOLE]))


def test_a_missing_subdistrict_keeps_a_roll_up_from_being_asked(evaluate):
    outcome = evaluate({("T03", "甲"): "30", ("T03", "合计"): "20"}, [rule("rollup_sum", figure="T03")])
    assert not details(outcome)
    assert reasons(outcome) == {"缺少乙街道的社区数（T03）"}


def test_a_rough_count_leaves_room_in_its_sum(evaluate):
    sums = rule("rollup_sum", figure="T08")
    texts = {("T08", "甲"): "28905", ("T08", "乙"): "1.9万"}
    assert not details(evaluate(texts | {("T08", "合计"): "48000"}, [sums]))
    assert details(evaluate(texts | {("T08", "合计"): "49000"}, [sums]))


def test_means_without_anybody_to_weigh_them_are_not_asked(evaluate):
    means = rule("rollup_mean", figure="T18", weight="T15")
    texts = {(code, column): "0" for code in ("T18", "T15") for column in ("甲", "乙", "合计")}
    assert reasons(evaluate(texts, [means])) == {"各街道书记人数合计不大于0，不能加权"}


def test_equal_neighbours_are_no_hint_while_nothing_else_is_wrong(evaluate):
    copied = rule("same_value", figure="T24", neighbour="T39")
    texts = {("T24", "甲"): "40%", ("T39", "甲"): "40%", ("T15", "甲"): "10"}
    assert not details(evaluate(texts, [SHARE, copied]))
    wrong = texts | {("T24", "甲"): "23%", ("T39", "甲"): "23%"}
    assert len(details(evaluate(wrong, [SHARE, copied]))) == 2


def test_a_month_without_a_sheet_asks_nothing(evaluate):
    assert not evaluate({}).executions


def test_a_rule_that_does_not_hold_in_the_month_is_not_asked(evaluate):
    later = SHARE.model_copy(update={"valid_from": SHARE.valid_from.replace(year=2030)})
    assert not evaluate({("T24", "甲"): "23%", ("T15", "甲"): "10"}, [later]).executions


@pytest.mark.parametrize(
    "fields", [{"figure": "T99"}, {"figure": "T24", "oops": 1}, {"figure": "T24", "scale": 10}], ids=str
)
def test_a_wrong_rule_is_refused(fields):
    with pytest.raises(ValidationError):
        rule("ratio", **({"numerator": "T23", "denominator": "T15"} | fields))


def test_every_rule_knows_its_figures_and_its_formula(rules):
    for each in rules:
        assert each.item_codes == tuple(sorted(set(each.item_codes)))
        assert all(code in each.formula for code in each.item_codes)
