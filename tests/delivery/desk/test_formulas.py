"""Formulas with their items as links."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from delivery.desk.rules.formulas import parts
from expectations.catalogue.cards import read_rulebook

CARDS = read_rulebook(None).cards
PIECES = st.sampled_from(["B02", "X99", "上月", "+", "≤", "0.5×", "AB01", "B021", "Σ", ""])


def test_the_items_of_a_formula_are_found_and_nothing_else() -> None:
    found = parts("去年同月E06≥1时，X02第1位=T24÷100", CARDS)
    assert [part.text for part in found if part.card] == ["E06", "X02", "T24"]


@given(st.lists(PIECES).map("".join))
def test_the_parts_of_a_formula_are_the_formula(formula: str) -> None:
    found = parts(formula, CARDS)
    assert "".join(part.text for part in found) == formula
    assert all(part.card is None or part.card.code == part.text for part in found)
