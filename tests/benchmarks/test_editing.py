"""The bench measures what it says: true months keep the rules, slips change what they name, scoring counts right."""

from __future__ import annotations

from collections import Counter
from datetime import date

import numpy as np
import pytest

from benchmarks.editing import balances, kostra, rollups, samplonia
from benchmarks.editing.form import Generator
from benchmarks.editing.perfect_form import Oracle
from benchmarks.editing.province import CELLS, GROUPS, MONEY, PER_SUBDISTRICT, Years, matrix, month_under_test
from benchmarks.editing.score import tally
from benchmarks.editing.slips import KINDS, MOST_RUN, Slips
from expectations.catalogue import load_catalogue
from expectations.detect import detect
from expectations.history import lags, months_back
from expectations.localise.explain import Explanation

COUNT = 60
JANUARY, MARCH = date(2025, 1, 1), date(2025, 3, 1)
ONE_CELL = set(KINDS) - {
    "swapped",
    "block_in_yuan",
    "part_of_block",
    "shifted",
    "two_digits",
    "months_run",
    "neighbours_run",
}


def drawn(seed: int = 1, month: date = MARCH) -> Years:
    return Years.drawn(COUNT, month, np.random.default_rng(seed))


def broken(years: Years) -> list[str]:
    """The mandatory rules of a community that the month under test breaks."""
    rules = load_catalogue(None).expressions(years.month)
    found = detect(
        years.inputs(years.true), [rule for rule in rules if rule.level == "mandatory" and rule.scope == "community"]
    )
    assert sum(execution.executed for execution in found.executions) > COUNT
    return [violation.rule_code for violation in found.violations]


def test_every_month_of_the_years_keeps_every_mandatory_rule_within_its_rows_and_towards_the_months_before():
    generator = Generator(COUNT, np.random.default_rng(1))
    months = {day: matrix(figures) for day, figures in generator.years(date(2025, 12, 1))}
    assert list(months) == [months_back(date(2025, 12, 1), back) for back in range(23, -1, -1)]
    for day, true in list(months.items())[1:]:
        assert broken(Years(day, true, months, generator.levels)) == []


def test_running_totals_only_grow_within_a_year_and_start_anew_in_january():
    years = drawn(month=JANUARY)
    revenue, year_ago = CELLS.index("E01"), years.earlier[months_back(JANUARY, 12)]
    assert (years.true[:, revenue] < years.last[:, revenue]).all()
    assert (np.abs(np.log(years.true[:, revenue] / year_ago[:, revenue])) < np.log(3.1)).all()  # of the same level


def test_a_year_of_seeds_tests_every_month_and_each_has_what_its_rules_look_back_to():
    months = [month_under_test(seed) for seed in range(1, 13)]
    assert months[0] == JANUARY
    assert {month.month for month in months} == set(range(1, 13))
    for month in (JANUARY, MARCH):
        read = {months_back(month, lag) for lag in lags(load_catalogue(None).rules, month)}
        assert drawn(month=month).earlier.keys() == read
        assert months_back(month, 12) in read


def test_what_was_written_in_a_cell_stands_beside_its_value():
    years = drawn()
    table = years.inputs(years.true).tables["monthly_report_communities"]
    assert table.column("households__text").to_pylist() == [
        str(value) for value in table.column("households").to_pylist()
    ]


def test_only_the_records_that_are_named_are_changed():
    years = drawn()
    typed, kinds = Slips(years.true, years.last, GROUPS, MONEY, np.random.default_rng(3)).plant(0.5)
    assert set(np.flatnonzero((typed != years.true).any(axis=1)).tolist()) == set(kinds)
    assert len(kinds) == COUNT // 2


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_slip_stays_within_the_cells_that_its_kind_may_touch(kind: str):
    years = drawn()
    typed, kinds = Slips(years.true, years.last, GROUPS, MONEY, np.random.default_rng(4)).plant(1.0, [kind])
    assert set(kinds.values()) == {kind}
    for record in kinds:
        changed = np.flatnonzero(typed[record] != years.true[record]).tolist()
        if kind in ONE_CELL:
            assert len(changed) == 1
        elif "block" in kind:
            assert set(changed) <= set(MONEY)
        elif "run" in kind:
            assert changed[-1] - changed[0] < MOST_RUN
        elif kind in ("swapped", "shifted"):
            assert len({CELLS[cell][0] for cell in changed}) == 1
        else:
            assert len(changed) <= 2


def test_scoring_counts_cells_values_and_confidence_of_visible_cells_only():
    meant = np.array([[1, 2, 3], [1, 2, 3], [1, 2, 3]])
    typed = np.array([[9, 2, 3], [9, 2, 3], [9, 8, 3]])
    visible = np.array([[True, True, True], [True, True, True], [True, False, True]])
    found = [
        Explanation(((0, 1),), 0.995, "cells"),  # right
        Explanation(((0, 1), (1, 7)), 0.995, "cells"),  # one cell too many
        Explanation(((0, 4),), 0.6, "cells"),  # the right cell with a wrong value; the other wrong cell is not visible
    ]
    scored = tally(np.array([0, 1, 2]), found, typed, meant, visible, {0: "digit", 1: "digit", 2: "two_digits"})
    assert (scored["all"].records, scored["all"].exact, scored["all"].values) == (3, 2, 2)
    assert (scored["all"].right_cells, scored["all"].named_cells) == (3, 4)
    assert scored["all"].confident(0.99) == (2, 0.5)
    assert (scored["modelled"].records, scored["not modelled"].records) == (2, 1)


def test_an_unknown_value_states_nothing_wrong_and_is_no_right_value():
    found = [Explanation(((0, None),), 0.995, "copied")]
    scored = tally(np.array([0]), found, np.array([[9]]), np.array([[1]]), np.array([[True]]), {0: "neighbours_run"})
    assert (scored["all"].exact, scored["all"].values, scored["all"].confident(0.99)) == (1, 0, (1, 1.0))


def test_a_record_without_an_answer_counts_as_not_found():
    scored = tally(np.array([0]), [None], np.array([[9]]), np.array([[1]]), np.array([[True]]), {0: "digit"})
    assert (scored["all"].exact, scored["all"].values, scored["all"].answers) == (0, 0, [])


def test_the_form_with_a_dozen_balances_is_kept_by_its_true_months():
    system = balances.form()
    assert int(system.rules.equal.sum()) == 12
    for month in balances.months(COUNT, np.random.default_rng(1)):
        assert not system.violated(month, np.zeros((COUNT, len(system.rules.equal)), dtype=np.int64)).any()


def test_a_figure_that_breaks_a_roll_up_breaks_no_rule_of_its_own_row():
    years = drawn()
    tamperer = rollups.Tamperer(years, np.random.default_rng(5))
    planted = dict(tamperer.plant())
    assert planted
    assert not rollups.Sheet.read(years.inputs(tamperer.typed), load_catalogue(None), "community").broken.any()
    sums = tamperer.typed.reshape(-1, PER_SUBDISTRICT, len(CELLS)).sum(axis=1)
    assert {place for place, _ in np.argwhere(sums != tamperer.totals).tolist()} == set(planted)


@pytest.mark.parametrize("month", [JANUARY, MARCH])
def test_perfect_knowledge_finds_every_slip_that_leaves_no_doubt(month: date):
    years = drawn(month=month)
    slips = Slips(years.true, years.last, GROUPS, MONEY, np.random.default_rng(6))
    typed, kinds = slips.plant(1.0, ["yuan_in_a_cell", "ten_times", "months_run", "two_digits"])
    oracle = Oracle.of(
        years, rollups.Sheet.read(years.inputs(typed), load_catalogue(None), "community").compiled.system, slips.copied
    )
    reads = oracle.system.rules.coefficients != 0
    violated = oracle.system.violated(typed, oracle.constants)
    right = Counter[str]()
    asked = Counter[str]()
    for record, kind in kinds.items():
        visible = reads[violated[record]].any(axis=0)
        if visible.any():
            found = {
                cell for cell, _ in oracle.explanation(record, typed[record], visible, kind).changes if visible[cell]
            }
            asked[kind] += 1
            right[kind] += found == {*np.flatnonzero((typed[record] != years.true[record]) & visible).tolist()}
    assert asked["yuan_in_a_cell"] == right["yuan_in_a_cell"] > 0
    assert asked["ten_times"] == right["ten_times"] > 0
    assert right.total() > 0.8 * asked.total()


def test_samplonia_is_mended_from_its_own_balances():
    system = samplonia.form()
    true = dict.fromkeys(samplonia.CELLS, 0)
    for part in ("Wheaton", "Greenham", "Newbay", "Smokely", "Mudwater", "Crowdon", "Oakdale"):
        for quarter in samplonia.QUARTERS:
            figures = {"gdp": 500, "import": 70, "export": 90, "balance": 20}
            for measure, value in figures.items():
                for region in (part, "Agria" if part in samplonia.PARTS["Agria"] else "Induston", "Samplonia"):
                    true[f"{region} {quarter} {measure}"] += value
                    true[f"{region}  {measure}"] += value
    record = np.array([[true[cell] for cell in samplonia.CELLS]])
    assert not system.violated(record, np.zeros((1, len(system.rules.equal)), dtype=np.int64)).any()
    dirty = {cell: value for cell, value in true.items() if cell != "Wheaton Q2 import"}
    clean_years = {"2018": dict(true), "2019": dict(true)}
    [(cell, given, meant, suggested, _)] = samplonia.measure(clean_years, {"2018": dict(true), "2019": dirty})
    assert (cell, given, meant, suggested) == ("2019 Wheaton Q2 import", None, 70, 70)


def test_the_public_account_keeps_the_totals_that_are_added_to_it():
    cells = kostra.account()
    system = kostra.form(tuple(cells))
    record = np.array([list(cells.values())])
    assert not system.violated(record, np.zeros((1, len(system.rules.equal)), dtype=np.int64)).any()
    assert cells["all/all"] == sum(value for cell, value in cells.items() if "all" not in cell)


def test_errors_in_the_public_account_localise_themselves():
    found = kostra.measure(20, np.random.default_rng(1))["all"]
    assert found.exact == found.records == 20
