"""What breaks several rules is asked once, under the finding that says most."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.catalogue import load_catalogue
from expectations.findings.model import Finding
from expectations.findings.repeats import said_once
from expectations.localise.suggestion import Change, Reading, Suggestion
from tests.expectations.support import COMMUNITIES, MARCH

RULES = load_catalogue(None).by_id
ONE, TWO = COMMUNITIES[:2]
SOURCES = ("HOUSEHOLD-SIZE", "POPULATION-CHANGE", "RESIDENTS-POPULATION", "TEAM-SEX", "TEAM-AGES")


def suggests(confidence: float = 0.9, **values: str) -> Suggestion:
    changes = tuple(Change(item, text, Decimal(text)) for item, text in values.items())
    return Suggestion(tuple(values), (Reading("cells", confidence, confidence, changes, True),), confidence, "")


def look_at(*items: str) -> Suggestion:
    return Suggestion(items, (), 0.3, "")


def finding(rule: str, suggestion: Suggestion | None, unit: str = ONE) -> Finding:
    said = f"{rule}："
    return Finding(MARCH, "monthly_report", unit, rule, RULES[rule].level, "alert", said, (), "", suggestion=suggestion)


def hidden(*findings: Finding) -> dict[str, str]:
    """Rule → the rule that it is hidden under."""
    after = said_once(list(findings), RULES)
    rule_of = {f.alert_id: f.rule_code for f in after}
    return {f.rule_code: rule_of[f.suppressed_by] for f in after if f.suppressed_by}


def test_rules_that_suggest_the_same_value_are_one_question_that_names_the_others() -> None:
    found = [finding(rule, suggests(P02="2851")) for rule in SOURCES[:3]]
    assert hidden(*found) == dict.fromkeys(SOURCES[1:3], "HOUSEHOLD-SIZE")
    speaker = next(f for f in said_once(found, RULES) if not f.suppressed_by)
    assert all(RULES[rule].title_zh in speaker.message for rule in SOURCES[1:3])


def test_another_value_another_cell_or_another_unit_is_a_question_of_its_own() -> None:
    first = finding("HOUSEHOLD-SIZE", suggests(P02="2851"))
    assert hidden(first, finding("POPULATION-CHANGE", suggests(P02="2850"))) == {}
    assert hidden(first, finding("POPULATION-CHANGE", suggests(P02="2851", P01="9"))) == {
        "HOUSEHOLD-SIZE": "POPULATION-CHANGE"
    }
    assert hidden(first, finding("POPULATION-CHANGE", suggests(P02="2851"), TWO)) == {}
    assert hidden(first, finding("POPULATION-CHANGE", None)) == {}


def test_a_place_to_look_at_is_covered_by_a_value_for_it_and_not_the_other_way_round() -> None:
    value, look = finding("POPULATION-CHANGE", suggests(0.6, P02="2851")), finding("HOUSEHOLD-SIZE", look_at("P02"))
    assert hidden(value, look) == {"HOUSEHOLD-SIZE": "POPULATION-CHANGE"}
    assert hidden(value, finding("HOUSEHOLD-SIZE", look_at("P02", "P01"))) == {}


def test_mandatory_findings_are_never_hidden_but_speak_for_questions() -> None:
    team, ages = finding("TEAM-SEX", suggests(B02="5")), finding("TEAM-AGES", suggests(B02="5"))
    assert hidden(team, ages, finding("HOUSEHOLD-SIZE", suggests(B02="5"))) == {"HOUSEHOLD-SIZE": "TEAM-AGES"}


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(SOURCES), st.sets(st.sampled_from(["P01", "P02", "B02"]))), max_size=5))
def test_whatever_is_hidden_stands_under_one_that_is_not(drawn: list[tuple[str, set[str]]]) -> None:
    by_rule = dict(drawn)
    found = [finding(rule, suggests(**dict.fromkeys(items, "1"))) for rule, items in by_rule.items() if items]
    after = {f.alert_id: f for f in said_once(found, RULES)}
    for one in after.values():
        if one.suppressed_by:
            assert one.severity != "mandatory"
            assert after[one.suppressed_by].suppressed_by is None
    assert [f.alert_id for f in found] == list(after)
