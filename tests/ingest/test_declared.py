"""Month and sub-district, as the workbook itself declares them."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from ingest.data_root import DataRoot
from ingest.files.look import FileRefused
from ingest.units import Register
from tests.ingest.layouts import FIRST_DATA_ROW, grids, read, table
from tests.ingest.support import by_community, edited, read_one


def test_of_two_months_in_a_workbook_the_covers_is_read(units: Register) -> None:
    workbook = grids()
    last = copy.deepcopy(table(workbook))
    last.name, last.rows[0][0] = "2月", "甲街道2024年2月社区月报表"
    last.rows[1][0] = "填报单位：甲街道  报告期：2024年2月"
    last.rows[FIRST_DATA_ROW][3] = 1.0
    workbook.sheets.insert(1, last)
    submission = read(workbook, units)
    assert by_community(submission) == by_community(read(grids(), units))
    assert [problem.sheet for problem in submission.problems if problem.kind == "sheet_extra"] == ["2月"]


def test_a_month_that_the_cover_alone_claims_is_refused(units: Register) -> None:
    workbook = grids()
    workbook.sheets[0].rows[5][2] = "2024年2月"
    with pytest.raises(FileRefused) as refused:
        read(workbook, units)
    assert refused.value.kind == "month_contradicts"


def test_a_workbook_without_a_month_is_refused_even_if_its_name_has_one(root: DataRoot, tmp_path: Path) -> None:
    def without_month(book: Any) -> None:
        book["封面"]["C6"] = None
        book["社区月报"]["A1"] = book["街道汇总"]["A1"] = "社区月报表"
        book["社区月报"]["A2"] = "填报单位：甲街道"

    path = edited(tmp_path / "甲街道2024年3月.xlsx", without_month)
    with pytest.raises(FileRefused) as refused:
        read_one(root, path)
    assert refused.value.kind == "month_unknown"


def test_a_unit_that_the_register_does_not_know_is_refused(units: Register) -> None:
    workbook = grids()
    workbook.sheets[0].rows[3][2], workbook.sheets[0].rows[4][2] = "丙街道", "990101009000"
    table(workbook).rows[0][0], table(workbook).rows[1][0] = "2024年3月社区月报表", "报告期：2024年3月"
    workbook.sheets[2].rows[0][0] = "汇总表（2024年3月）"
    with pytest.raises(FileRefused) as refused:
        read(workbook, units)
    assert refused.value.kind == "unit_unknown"


def test_a_month_that_cannot_be_read_on_the_cover_is_asked_about(units: Register) -> None:
    workbook = grids()
    workbook.sheets[0].rows[5][2] = "2024年13月"
    (said,) = read(workbook, units).problems
    assert (said.kind, said.cell, said.value) == ("month_unreadable", "C6", "2024-03")
