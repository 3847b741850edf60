"""The line of a receipt's first sheet that names the stars which a correction moved."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from delivery.returns.opinions import add_opinions
from delivery.returns.originals import Original
from delivery.returns.remarks import Answer, Remark
from delivery.returns.stars import moved_stars
from ingest.data_root import DataRoot
from ingest.opinions import SHEET
from tests.delivery.warehouses import new_root
from tests.ingest.support import CLEAN, read_one
from tests.ingest.support import new_root as root_with_units

MARCH = date(2024, 3, 1)
CORRECTION = "monthly_report-2024-03-990101001000-v2"
STARS = tuple(f"甲{number}社区“生态宜居”达标 → 未达标" for number in range(1, 11))


@pytest.fixture
def released(tmp_path: Path) -> DataRoot:
    """A release with the moves of one correction and of another one that came with it."""
    root = new_root(tmp_path / "data")
    both = f"monthly_report-2024-02-990101001000-v2、{CORRECTION}"
    with duckdb.connect(str(root.released_database)) as release:
        release.execute("create schema marts")
        release.execute(
            "create table marts.star_moves as select * from (values "
            f"(date '2024-03-01', 'a', 'medical', 'not_met', 'met', '{CORRECTION}'), "
            f"(date '2024-03-01', 'a', 'pension', 'not_met', 'met', '{CORRECTION}'), "
            f"(date '2024-03-01', 'b', 'toilets', 'met', 'met', '{CORRECTION}'), "
            f"(date '2024-04-01', 'b', 'toilets', 'met', 'unknown', '{both}')"
            ") as moves(month, community_code, criterion_code, star_before, star_after, caused_by)"
        )
        release.execute(
            "create table marts.dim_star_criterion as "
            "select *, date '2020-01-01' as valid_from, null::date as valid_to from (values "
            "('medical', '文明幸福', 3), ('pension', '文明幸福', 3), ('toilets', '生态宜居', 2)) "
            "as criteria(criterion_code, star_name_zh, star_order)"
        )
        release.execute(
            "create table marts.dim_community as select 'a' as community_code, '甲一社区' as community_name, "
            "date '2020-01-01' as valid_from, null::date as valid_to"
        )
    return root


def test_a_star_is_named_once_whatever_criteria_moved_it_and_later_months_with_their_month(released: DataRoot) -> None:
    assert moved_stars(released, MARCH)[CORRECTION] == (
        "甲一社区“文明幸福”未达标 → 达标",
        "2024年4月b“生态宜居”达标 → 无法判定",
    )


def test_before_anything_is_published_no_star_has_moved(tmp_path: Path) -> None:
    assert moved_stars(new_root(tmp_path), MARCH) == {}


def first_sheet(stars: tuple[str, ...], *, is_twin: bool = False) -> Any:
    receipt = {"month": MARCH, "form": "monthly_report", "workbook": "甲.xlsx", "version": 2}
    remark = Remark("verification", "甲一社区", "问题", "建议", "接受条件", ())
    original = Original(openpyxl.load_workbook(CLEAN), is_twin=is_twin)
    add_opinions(original, Answer(receipt, "甲街道", (remark,), stars))
    return original.book


def test_the_first_sheet_names_the_stars_and_counts_those_that_it_does_not_list() -> None:
    sheet = first_sheet(STARS)[SHEET]
    assert sheet["A3"].value == f"与上一版本相比，星级变动 10 处：{'；'.join(STARS[:8])}等。"
    assert sheet.row_dimensions[3].height > sheet.row_dimensions[2].height


def test_without_a_star_that_moved_there_is_no_line() -> None:
    assert not any("星级变动" in str(row[0].value) for row in first_sheet(())[SHEET].iter_rows())


@pytest.mark.parametrize("is_twin", [False, True])
def test_the_list_follows_below_whatever_is_said_above_it(is_twin: bool, tmp_path: Path) -> None:
    book = first_sheet(STARS[:1], is_twin=is_twin)
    sheet = book[SHEET]
    head = next(row[0].row for row in sheet.iter_rows() if row[0].value == "序号")
    assert sheet.freeze_panes == f"A{head + 1}"
    assert sheet.cell(head - 1, 1).value
    assert sheet.cell(head + 1, 6).value == "问题"
    sheet.cell(head + 1, 9).value = "新建小区集中入住"
    book.save(tmp_path / "甲_回执.xlsx")
    said = {
        problem.kind for problem in read_one(root_with_units(tmp_path / "data"), tmp_path / "甲_回执.xlsx").problems
    }
    assert "explanations_sent" in said
