"""The catalogue looked at without data: what contradicts, what repeats, what cannot be told apart."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from expectations.catalogue import Catalogue, load_catalogue
from expectations.catalogue.load import read_rules
from expectations.lint import Report, lint
from expectations.lint.report import regimes
from ingest.reference import items

ALL_ITEMS = {item.item_code for item in items()}


def rule(code: str, expression: str, **more: Any) -> dict[str, Any]:
    common = {"level": "mandatory", "kind": "inequality", "scope": "community", "title_zh": "应当成立"}
    return {"id": code, **common, "expression": expression, **more}


@pytest.fixture
def made(tmp_path: Path) -> Any:
    def make(*rules: dict[str, Any]) -> Catalogue:
        path = tmp_path / "rules.yml"
        path.write_text(yaml.safe_dump({"form": "monthly_report", "rules": list(rules)}), encoding="utf-8")
        return Catalogue(tuple(found for _, found in read_rules(path)))

    return make


@pytest.fixture(scope="module")
def shipped() -> Report:
    return lint(load_catalogue(None), set())


def test_the_shipped_rules_do_not_contradict_one_another(shipped: Report) -> None:
    assert shipped.contradictions == []


def test_every_shipped_item_has_a_consumer_and_a_rule(shipped: Report) -> None:
    assert (shipped.without_consumer, shipped.without_rule) == ([], [])


def test_shipped_items_that_only_last_month_can_tell_apart(shipped: Report) -> None:
    assert ("E04", "E05") in shipped.twins
    assert ("S10", "S11", "S12") in shipped.twins
    assert not any({"B02", "B01"} <= set(group) for group in shipped.twins)


def test_rules_that_cannot_hold_together_are_named_without_the_innocent(made: Any) -> None:
    catalogue = made(
        rule("A", "P02 >= P01 + 1"), rule("B", "P03 >= P02"), rule("C", "P01 >= P03"), rule("D", "H02 <= H01")
    )
    assert lint(catalogue, ALL_ITEMS).contradictions == [("A", "B", "C")]


def test_two_independent_contradictions_are_two(made: Any) -> None:
    catalogue = made(rule("A", "P01 > P02"), rule("B", "P02 > P01"), rule("C", "H01 > H02"), rule("D", "H02 > H01"))
    assert sorted(lint(catalogue, ALL_ITEMS).contradictions) == [("A", "B"), ("C", "D")]


def test_last_month_and_sums_of_others_can_be_anything_so_they_contradict_nothing(made: Any) -> None:
    assert lint(made(rule("A", "D03 >= D03[-1] + 1"), rule("B", "D03 <= 5")), ALL_ITEMS).contradictions == []


def test_rules_that_never_hold_in_the_same_month_do_not_contradict(made: Any) -> None:
    early = rule("A", "P01 > P02", valid_to=date(2023, 12, 31))
    late = rule("B", "P02 > P01", valid_from=date(2024, 1, 1))
    assert lint(made(early, late), ALL_ITEMS).contradictions == []
    assert len(regimes(made(early, late))) == 2


def test_a_tolerance_can_make_rules_hold_together(made: Any) -> None:
    exact, loose = (
        made(rule("A", "E06 = E01", tolerance=slack), rule("B", "E06 >= E01 + 0.01")) for slack in ("0", "0.01")
    )
    assert lint(exact, ALL_ITEMS).contradictions == [("A", "B")]
    assert lint(loose, ALL_ITEMS).contradictions == []


def test_a_rule_that_follows_from_others_is_redundant_and_they_are_named(made: Any) -> None:
    catalogue = made(rule("A", "P02 >= P01"), rule("B", "P03 >= P02"), rule("C", "P03 >= P01"))
    [found] = lint(catalogue, ALL_ITEMS).redundancies
    assert (found.rule_code, found.items, found.implied_by) == ("C", (), ("A", "B"))


def test_a_bound_of_one_item_can_be_redundant_alone(shipped: Report) -> None:
    found = {(one.rule_code, one.items): one.implied_by for one in shipped.redundancies}
    assert found["NOT-NEGATIVE", ("P02",)] == ("AT-LEAST-ONE", "HOUSEHOLDS-POPULATION")


def test_an_item_that_a_rule_treats_otherwise_is_told_apart(made: Any) -> None:
    balance = rule("A", "B02 + B03 = B01", kind="balance")
    assert lint(made(balance), ALL_ITEMS).twins == [("B02", "B03")]
    assert lint(made(balance, rule("B", "B02 <= D03")), ALL_ITEMS).twins == []


def test_a_rule_that_a_matrix_cannot_say_is_named_as_not_looked_at(made: Any) -> None:
    assert lint(made(rule("A", "E01 != E01[-1]")), ALL_ITEMS).left_out == ["A"]


def test_an_item_that_no_rule_reads_is_without_rule(made: Any) -> None:
    assert set(lint(made(rule("A", "P02 >= P01")), ALL_ITEMS).without_rule) == ALL_ITEMS - {"P01", "P02"}
