"""No edit of items.csv stands only on paper, and no rule cites one that is not there."""

from expectations.catalogue import CompletenessRule, PresenceRule, UniquenessRule, load_catalogue
from expectations.catalogue.edits import known_edits
from ingest.reference import items

RULES = load_catalogue(None).rules
CITED = {edit for rule in RULES for edit in rule.edits}


def test_every_edit_of_the_item_list_is_cited_by_a_rule() -> None:
    assert known_edits() - CITED == set()


def test_no_rule_cites_an_edit_that_does_not_exist() -> None:
    assert CITED - known_edits() == set()


def test_the_item_list_has_as_many_edits_as_were_counted_by_hand() -> None:
    assert len(known_edits()) == 131


def test_a_rule_reads_the_items_whose_edits_it_cites() -> None:
    for rule in RULES:
        if rule.form == "monthly_report":
            assert {edit[:3] for edit in rule.edits} <= set(rule.item_codes), rule.id


def test_a_rule_that_cites_a_mandatory_edit_is_mandatory() -> None:
    softer = {rule.id for rule in RULES for edit in rule.edits if " mandatory: " in edit and rule.level != "mandatory"}
    assert softer == {"JANUARY-HIGH"}  # JANUARY-RESET is the mandatory half of that edit


def test_a_rule_that_only_cites_verification_edits_is_none_that_blocks() -> None:
    for rule in RULES:
        if rule.edits and all(" verification: " in edit for edit in rule.edits):
            assert rule.level != "mandatory", rule.id


def test_every_item_that_is_asked_must_be_answered() -> None:
    asked = {code for rule in RULES if isinstance(rule, PresenceRule) for code in rule.items}
    assert asked == {item.item_code for item in items()}


def test_missing_and_repeated_communities_have_a_rule() -> None:
    assert any(isinstance(rule, CompletenessRule) for rule in RULES)
    assert any(isinstance(rule, UniquenessRule) for rule in RULES)


def test_signals_go_to_the_private_list_and_accuse_nobody() -> None:
    for rule in RULES:
        if rule.kind == "signal":
            assert rule.channel == "review", rule.id
        assert "造假" not in rule.title_zh
        assert "虚报" not in rule.title_zh
