"""The vectorised engine against a slow one, on records that were spoiled at random."""

import random
from collections import Counter
from typing import Any

import pytest

from expectations.catalogue import load_catalogue
from expectations.detect import detect
from expectations.history import History, Inputs
from ingest.reference import items
from tests.expectations.detect.slow import World, states
from tests.expectations.support import FEBRUARY, JANUARY, MARCH, UNITS, YEAR_AGO, Month, clean_month

RULES = load_catalogue(None).expressions(MARCH)
TYPES = {item.item_code: item for item in items()}


def spoiled_value(rng: random.Random, code: str, value: Any) -> Any:
    kind = TYPES[code].value_type
    if rng.random() < 0.15:
        return None
    if kind == "yes_no":
        return rng.random() < 0.5
    if kind == "choice":
        return rng.choice(TYPES[code].choices)
    if kind == "bits":
        return rng.choice(["00000", "11111", "10000", "0101"])
    if kind in ("money", "mean"):
        return f"{rng.choice([-1, 1]) * rng.randrange(0, 10 ** rng.randrange(1, 9)) / 100:.2f}"
    return rng.choice([0, 1, value + 1, value - 1, value * 10, rng.randrange(0, 5000), 10**17, -3])


def spoil(rng: random.Random, month: Month) -> Month:
    for rows in (month.communities, month.lists, month.totals):
        for row in rows.values():
            for code in rng.sample(sorted(row), k=rng.randrange(0, 12)):
                row[code] = spoiled_value(rng, code, row[code])
    return month


@pytest.mark.parametrize("seed", range(4))
def test_the_engine_agrees_with_exact_arithmetic_on_any_record(seed: int) -> None:
    rng = random.Random(seed)
    months = {0: clean_month(), 1: clean_month(FEBRUARY), 2: clean_month(JANUARY), 12: clean_month(YEAR_AGO)}
    months = {lag: spoil(rng, month) for lag, month in months.items()}
    first = spoil(rng, clean_month())
    history = History({months[lag].month: months[lag].tables() for lag in (1, 2, 12)}, first.tables())
    outcome = detect(Inputs(MARCH, months[0].tables(), history, UNITS), RULES)
    expected = states(World({**months, "first": first}), RULES)

    found = Counter((violation.rule_code, violation.unit_code) for violation in outcome.violations)
    wanted = Counter({key: row.count("violated") for key, row in expected.items() if "violated" in row})
    assert found == wanted
    missing: Counter[str] = Counter()
    for execution in outcome.executions:
        missing[execution.rule_code] += execution.not_executed
    assert +missing == +_missing(expected)


def _missing(expected: dict[tuple[str, str], list[str]]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for (rule, _), row in expected.items():
        counted[rule] += row.count("missing")
    return counted
