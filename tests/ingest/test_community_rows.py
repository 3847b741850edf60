"""Rows of the community table: which community each is, and which is none."""

from __future__ import annotations

import pytest

from ingest.files.look import FileRefused
from ingest.units import Register
from tests.ingest.layouts import FIRST_DATA_ROW, grids, read, table
from tests.ingest.support import by_community, kinds, rows_of


def test_a_value_merged_over_two_communities_is_asked_about(units: Register) -> None:
    workbook = grids()
    sheet = table(workbook)
    sheet.rows[FIRST_DATA_ROW + 1][3] = None
    sheet.merged.append((FIRST_DATA_ROW, 3, FIRST_DATA_ROW + 1, 3))
    submission = read(workbook, units)
    assert [problem.cell for problem in submission.problems if problem.kind == "merged_cells"] == ["D5:D6"]
    assert by_community(submission)["990101001002"]["households"] is None


def test_a_total_row_is_kept_apart_and_never_a_community(units: Register) -> None:
    submission = read(grids(), units)
    (total,) = rows_of(submission, "monthly_report_totals")
    assert (total["row_number"], total["party_members"]) == (15, 1071)
    assert len(rows_of(submission, "monthly_report_communities")) == 10


def test_a_row_with_the_code_and_the_name_of_a_community_is_that_community_whatever_else_it_says(
    units: Register,
) -> None:
    workbook = grids()
    table(workbook).rows[FIRST_DATA_ROW][0] = "合计"
    assert "990101001001" in by_community(read(workbook, units))


def test_a_community_that_sent_nothing_is_named(units: Register) -> None:
    workbook = grids()
    del table(workbook).rows[7]
    submission = read(workbook, units)
    missing = [problem.unit_code for problem in submission.problems if problem.kind == "community_missing"]
    assert missing == ["990101001004"]


def test_a_community_without_code_is_found_by_its_name_or_an_old_one(units: Register) -> None:
    workbook = grids()
    table(workbook).rows[9][1] = None
    table(workbook).rows[9][2] = "河湾村"
    submission = read(workbook, units)
    assert "990101001006" in by_community(submission)
    assert "code_missing" in kinds(submission)


def test_a_code_of_one_community_with_the_name_of_another_loads_neither(units: Register) -> None:
    workbook = grids()
    table(workbook).rows[FIRST_DATA_ROW][2] = "北桥社区"
    submission = read(workbook, units)
    assert "990101001001" not in by_community(submission)
    assert "code_and_name_differ" in kinds(submission)


def test_an_identical_second_row_is_left_out(units: Register) -> None:
    workbook = grids()
    rows = table(workbook).rows
    rows.insert(FIRST_DATA_ROW, list(rows[FIRST_DATA_ROW]))
    submission = read(workbook, units)
    assert "duplicate_row" in kinds(submission)
    assert by_community(submission) == by_community(read(grids(), units))


def test_a_slip_in_a_name_is_suggested_and_never_assumed(units: Register) -> None:
    workbook = grids()
    rows = table(workbook).rows
    for row, name in ((6, "冬渠社区"), (8, "甲街道北桥社区"), (9, "未名社区")):
        rows[row][1], rows[row][2] = None, name
    submission = read(workbook, units)
    said = [problem.message for problem in submission.problems if problem.kind == "community_unknown"]
    assert "是否为“东渠社区”（990101001003）" in said[0]
    assert "是否为“北桥社区”（990101001005）" in said[1]
    assert "是否" not in said[2]
    assert len(by_community(submission)) == 7


def test_a_row_without_a_name_is_told_apart_from_an_unknown_one(units: Register) -> None:
    workbook = grids()
    table(workbook).rows[14][0] = None
    said = [problem for problem in read(workbook, units).problems if problem.kind == "row_nameless"]
    assert [problem.cell for problem in said] == ["A15:AV15"]


def test_a_report_none_of_whose_rows_is_loaded_says_why(units: Register) -> None:
    workbook = grids()
    for row in table(workbook).rows[FIRST_DATA_ROW:14]:
        row[1], row[2] = "", "未名社区"
    with pytest.raises(FileRefused) as refused:
        read(workbook, units)
    assert refused.value.kind == "no_rows_loaded"
    assert "A5:AV5" in refused.value.details["first"]
