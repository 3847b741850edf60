"""Which sheet is which: the item list beside or below the communities, tables that are split or missing."""

from __future__ import annotations

import copy

import pytest

from ingest.files.look import FileRefused
from ingest.units import Register
from tests.ingest.layouts import FIRST_DATA_ROW, grids, read, table
from tests.ingest.support import kinds, rows_of


def test_the_item_list_is_read_without_header_and_with_other_spellings(units: Register) -> None:
    workbook = grids()
    sheet = workbook.sheets[2]
    del sheet.rows[1]
    sheet.rows[6][1] = "书记35岁以下（人）"
    (row,) = rows_of(read(workbook, units), "monthly_report_subdistricts")
    (clean,) = rows_of(read(grids(), units), "monthly_report_subdistricts")
    assert {**row, "row_number": 0} == {**clean, "row_number": 0}


def test_an_unknown_item_and_a_missing_one_are_both_named(units: Register) -> None:
    workbook = grids()
    workbook.sheets[2].rows[2][1] = "党员幸福指数"
    submission = read(workbook, units)
    assert {"item_unknown", "item_missing"} <= kinds(submission)


def test_an_item_list_below_the_communities_is_read(units: Register) -> None:
    workbook = grids()
    rows = table(workbook).rows
    rows += [[], [], *workbook.sheets.pop().rows]
    submission = read(workbook, units)
    assert rows_of(submission, "monthly_report_subdistricts")[0]["secretaries"] == 10
    assert kinds(submission) == set()


def test_communities_that_are_split_over_two_sheets_are_asked_to_be_joined(units: Register) -> None:
    workbook = grids()
    second = copy.deepcopy(table(workbook))
    second.name = "村"
    del second.rows[FIRST_DATA_ROW : FIRST_DATA_ROW + 5], table(workbook).rows[FIRST_DATA_ROW + 5 : 14]
    workbook.sheets.append(second)
    submission = read(workbook, units)
    (said,) = [problem for problem in submission.problems if problem.kind == "sheet_extra"]
    assert "“村”有用的请并入" in said.message
    assert sum(problem.kind == "community_missing" for problem in submission.problems) == 5


def test_a_workbook_without_its_main_table_is_asked_for_it(units: Register) -> None:
    workbook = grids()
    del workbook.sheets[1]
    with pytest.raises(FileRefused) as refused:
        read(workbook, units)
    assert refused.value.kind == "communities_missing"
