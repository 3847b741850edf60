"""What the cards say of items and rules, in the words of those who fill the workbook."""

from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.catalogue.cards import Card, read_rulebook
from expectations.catalogue.cards.rule import RuleCard, rule_card
from expectations.catalogue.cards.words import RULE_KINDS
from expectations.catalogue.kinds import ContentRule, ExpressionRule, StructureRule
from expectations.printed.models import AnyPrintedRule
from ingest.data_root import DataRoot

BOOK = read_rulebook(None)


def facts(card: Card) -> dict[str, str]:
    return {fact.label: fact.text for fact in card.facts}


def rule(**different: Any) -> RuleCard:
    written = {"id": "OWN", "level": "verification", "kind": "balance", "scope": "community"}
    written |= {"title_zh": "男女之和应等于总数", "expression": "B02 + B03 = B01"}
    return rule_card(ExpressionRule.model_validate(written | different))


def test_an_items_card_says_where_it_stands_and_how_its_header_may_be_spelled() -> None:
    card = facts(BOOK.cards["B02"])
    assert card["位置"] == "社区月报 › 班子队伍"
    assert card["表头也可写"] == "班子男、班子成员男"
    assert card["在“班子队伍”下也可写"] == "其中男、男、男性"
    assert facts(BOOK.cards["S01"])["位置"] == "街道汇总"


def test_an_items_card_says_what_may_be_written_and_which_star_reads_it() -> None:
    assert facts(BOOK.cards["P05"])["可填"] == "城中村、城郊村、其他"
    assert facts(BOOK.cards["B02"])["留空"] == "不可，没有的填0"
    assert facts(BOOK.cards["W01"])["星级标准"] == "卫生户厕普及率≥80%（示例口径）：卫生户厕户数占户数的比重"


def test_a_formula_is_written_for_the_item_that_is_asked() -> None:
    toilets = BOOK.rule_cards["TOILETS"]
    assert toilets.formulas_of("W01") == ["W01≤P01"]
    assert toilets.formulas_of("P01") == ["W01≤P01", "W03≤P01"]
    assert BOOK.rule_cards["MONEY-UNIT"].formulas_of("E04") == ["E04<1000×上月E04"]
    assert BOOK.rule_cards["AT-LEAST-ONE"].formulas_of("P01") == ["1≤P01"]
    assert BOOK.rule_cards["BLANK-COMMUNITY"].formulas_of("P01") == ["非空"]


def test_every_formula_names_its_items_by_code_and_no_x_is_left() -> None:
    for card in BOOK.rules:
        assert card.formulas
        assert not any("x" in formula.text for formula in card.formulas), card.code
        assert {item for formula in card.formulas for item in formula.items} == set(card.items)


def test_a_rule_says_when_it_is_asked_how_exact_it_is_and_what_answers_it() -> None:
    shown = rule(valid_from=date(2024, 1, 1), valid_to=date(2024, 12, 31), in_year_months=(3, 1), tolerance="0.50")
    assert shown.valid == "2024-01-01起至2024-12-31，1、3月"
    assert (shown.tolerance, shown.answer) == ("±0.5", "须改正或写明原因")
    assert rule(explanation_required=False).answer == "须改正或核实"
    assert rule(level="mandatory").answer == "须改正"
    assert BOOK.rule_cards["T24-SHARE"].tolerance == "占比、平均数按末位四舍五入核对"


def test_a_disabled_rule_keeps_its_reason_and_a_private_one_says_so() -> None:
    assert rule(enabled=False, disabled_reason="口径有变").disabled_reason == "口径有变"
    private = rule(channel="review")
    assert (private.severity, private.answer) == ("核实性（研判）", "不发给填报人")


def test_every_kind_of_rule_has_a_name_for_readers() -> None:
    models = (ExpressionRule, ContentRule, *get_args(StructureRule), *get_args(get_args(AnyPrintedRule)[0]))
    kinds = {kind for model in models for kind in get_args(model.model_fields["kind"].annotation)}
    assert kinds == set(RULE_KINDS)


@given(st.sampled_from(sorted(BOOK.cards)))
def test_a_cards_rules_are_those_that_read_it_the_most_severe_first(code: str) -> None:
    rules = BOOK.cards[code].rules
    assert {one.code for one in rules} == {one.code for one in BOOK.rules if code in one.items}
    levels = [["mandatory", "verification", "hint"].index(one.level) for one in rules]
    assert levels == sorted(levels)


@pytest.fixture
def root(tmp_path: Path) -> DataRoot:
    return DataRoot(tmp_path).create()


def test_a_deployments_own_rules_items_and_criteria_stand_on_its_cards(root: DataRoot) -> None:
    from ingest.reference.load import SHIPPED

    for name, ours, theirs in (("items", "其中男", "男成员"), ("star_criteria", "示例口径", "本县口径")):
        text = (SHIPPED / f"{name}.csv").read_text(encoding="utf-8")
        (root.reference / f"{name}.csv").write_text(text.replace(ours, theirs), encoding="utf-8")
    (root.reference / "rules").mkdir()
    own = '  - {id: OWN, level: hint, kind: inequality, scope: community, title_zh: 男成员应有, expression: "B02 > 0"}'
    (root.reference / "rules" / "own.yml").write_text(f"form: monthly_report\nrules:\n{own}\n", encoding="utf-8")
    book = read_rulebook(root)
    assert book.cards["B02"].name == "男成员"
    assert "OWN" in {one.code for one in book.cards["B02"].rules}
    assert "（本县口径）" in facts(book.cards["W01"])["星级标准"]
    assert book.version != BOOK.version
