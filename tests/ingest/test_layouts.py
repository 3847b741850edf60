"""The monthly report in the layouts that clerks give it: whatever they move, the same values are read."""

from __future__ import annotations

import copy
import csv
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.data_root import DataRoot
from ingest.files.grid import Sheet, Value, Workbook, is_blank
from ingest.files.look import FileRefused
from ingest.files.worker import read_content
from ingest.forms.load import monthly_report_form
from ingest.forms.spelling import header_names
from ingest.recognise import read_submission
from ingest.reference import items
from ingest.submission import Submission
from ingest.units import Register
from tests.ingest.support import CLEAN, FILES, NOW, by_community, edited, kinds, new_root, read_one, register, rows_of

NAMES = header_names(monthly_report_form().communities, [item for item in items() if item.sheet == "community"])
FIRST_DATA_ROW = 4  # counted from 0, in the clean sample
LEAF_ROW = 3


@pytest.fixture(scope="module")
def units(tmp_path_factory: pytest.TempPathFactory) -> Register:
    return register(new_root(tmp_path_factory.mktemp("root")))


CLEAN_GRIDS, _ = read_content(CLEAN.read_bytes(), CLEAN.name)


def grids() -> Workbook:
    return copy.deepcopy(CLEAN_GRIDS)


def table(workbook: Workbook) -> Sheet:
    return workbook.sheets[1]


def read(workbook: Workbook, units: Register) -> Submission:
    edited_after_reading = [replace(sheet) for sheet in workbook.sheets]  # without what a sheet keeps of its cells
    return read_submission(replace(workbook, sheets=edited_after_reading), units, NOW.date())


def spread_groups(sheet: Sheet) -> None:
    """Write each group's name over each of its columns, so that columns can be moved one by one."""
    current: Value = None
    for column in range(3, len(sheet.rows[LEAF_ROW])):
        current = sheet.rows[2][column] or current
        sheet.rows[2][column] = current
    sheet.merged = []


def reorder(sheet: Sheet, order: list[int]) -> None:
    sheet.rows = [row if number < 2 else [row[column] for column in order] for number, row in enumerate(sheet.rows)]


def flatten(sheet: Sheet) -> None:
    for column in range(3):
        sheet.rows[LEAF_ROW][column] = sheet.rows[2][column]
    del sheet.rows[2]
    sheet.merged = []


@settings(max_examples=25, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_the_columns_does_not_matter(units: Register, randomness: random.Random) -> None:
    workbook = grids()
    order = list(range(len(table(workbook).rows[LEAF_ROW])))
    randomness.shuffle(order)
    spread_groups(table(workbook))
    reorder(table(workbook), order)
    moved, clean = read(workbook, units), read(grids(), units)
    assert by_community(moved) == by_community(clean)
    assert moved.counts == clean.counts


def test_a_page_saved_under_a_workbooks_name_is_read_like_the_text(root: DataRoot, tmp_path: Path) -> None:
    text = (FILES / "csv_utf8_bom.csv").read_text(encoding="utf-8-sig")
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in line)}</tr>" for line in csv.reader(text.splitlines()))
    page = tmp_path / "甲街道.xls"
    page.write_bytes(f"<html><meta charset=gbk><table>{rows}</table></html>".encode("gb18030"))
    submission = read_one(root, page)
    assert by_community(submission) == by_community(read_one(root, FILES / "csv_utf8_bom.csv"))
    assert "extension_differs" in kinds(submission)


def test_a_flat_header_without_groups_is_recognised(units: Register) -> None:
    workbook = grids()
    flatten(table(workbook))
    assert by_community(read(workbook, units)) == by_community(read(grids(), units))


def test_the_same_word_under_two_groups_means_two_items(units: Register) -> None:
    workbook = grids()
    leaf = table(workbook).rows[LEAF_ROW]
    leaf[leaf.index("大专及以上党员（人）")] = "大专及以上"
    assert by_community(read(workbook, units)) == by_community(read(grids(), units))


def test_a_band_under_a_foreign_group_is_not_taken_for_the_team(units: Register) -> None:
    workbook = grids()
    sheet = table(workbook)
    sheet.rows[2] += ["书记队伍"]
    sheet.rows[LEAF_ROW] += ["35岁以下（人）"]
    sheet.rows[FIRST_DATA_ROW] += [7.0]
    submission = read(workbook, units)
    assert [problem.cell for problem in submission.problems if problem.kind == "column_unknown"] == ["AW5:AW5"]
    assert by_community(submission) == by_community(read(grids(), units))


def test_a_column_that_stands_twice_is_taken_from_neither_place(units: Register) -> None:
    workbook = grids()
    for row in table(workbook).rows:
        row.append(row[3] if len(row) > 3 else None)
    submission = read(workbook, units)
    assert "column_duplicate" in kinds(submission)
    assert all(row["households"] is None for row in rows_of(submission, "monthly_report_communities"))
    assert submission.counts.rejected == 22


def test_a_unit_row_below_the_header_counts_where_the_header_names_no_unit(units: Register) -> None:
    workbook = grids()
    sheet = table(workbook)
    row: list[Value] = ["计量单位", None, None]
    for column in range(3, len(sheet.rows[LEAF_ROW])):
        name, _, unit = str(sheet.rows[LEAF_ROW][column]).rpartition("（")
        sheet.rows[LEAF_ROW][column] = name
        row.append("元" if unit == "万元）" else unit.rstrip("）"))
    for cells in sheet.rows[FIRST_DATA_ROW:15]:
        for column in range(23, 30):
            value = cells[column]
            assert isinstance(value, float)
            cells[column] = round(value * 10_000) * 1.0
    sheet.rows.insert(FIRST_DATA_ROW, row)
    submission = read(workbook, units)
    clean = read(grids(), units)
    surplus = {code: cells["operating_surplus"] for code, cells in by_community(submission).items()}
    assert surplus == {code: cells["operating_surplus"] for code, cells in by_community(clean).items()}
    assert sum(problem.kind == "column_unit_differs" for problem in submission.problems) == 7


def test_the_money_unit_above_the_table_counts_where_the_header_names_none(units: Register) -> None:
    workbook = grids()
    sheet = table(workbook)
    sheet.rows[1][0] = "填报单位：甲街道    报告期：2024年3月    金额单位：元"
    sheet.rows[LEAF_ROW] = [cell and str(cell).replace("（万元）", "") for cell in sheet.rows[LEAF_ROW]]
    row = by_community(read(workbook, units))["990101001001"]
    assert str(row["operating_surplus"]) == "0.00"
    assert row["operating_surplus__text"] == "40.32"


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


def test_a_value_merged_over_two_communities_is_asked_about(units: Register) -> None:
    workbook = grids()
    sheet = table(workbook)
    sheet.rows[FIRST_DATA_ROW + 1][3] = None
    sheet.merged.append((FIRST_DATA_ROW, 3, FIRST_DATA_ROW + 1, 3))
    submission = read(workbook, units)
    assert [problem.cell for problem in submission.problems if problem.kind == "merged_cells"] == ["D5:D6"]
    assert by_community(submission)["990101001002"]["households"] is None


def test_a_header_repeated_on_the_second_page_is_no_community(units: Register) -> None:
    workbook = grids()
    rows = table(workbook).rows
    rows[9:9] = [list(rows[2]), list(rows[LEAF_ROW])]
    submission = read(workbook, units)
    assert by_community(submission).keys() == by_community(read(grids(), units)).keys()


def test_a_total_row_is_kept_apart_and_never_a_community(units: Register) -> None:
    submission = read(grids(), units)
    (total,) = rows_of(submission, "monthly_report_totals")
    assert (total["row_number"], total["party_members"]) == (15, 1071)
    assert len(rows_of(submission, "monthly_report_communities")) == 10


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


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(),
    st.dates(),
    st.text(max_size=12),
    st.sampled_from(["合计", "填表人", "序号", "甲一社区", "—"]),
)


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_every_cell_is_accounted_for_whatever_is_written_over_a_workbook(units: Register, data: st.DataObject) -> None:
    workbook = grids()
    for _ in range(data.draw(st.integers(1, 25))):
        sheet = data.draw(st.sampled_from(workbook.sheets))
        row = data.draw(st.integers(0, len(sheet.rows) - 1))
        column = data.draw(st.integers(0, len(sheet.rows[row])))
        sheet.put(row, column, data.draw(JUNK))
    try:
        submission = read(workbook, units)
    except FileRefused:
        return
    filled = sum(not is_blank(value) for sheet in workbook.sheets for row in sheet.rows for value in row)
    counts = submission.counts
    assert counts.found == counts.loaded + counts.blank + counts.rejected
    assert counts.filled + submission.cells_label == filled
    assert counts.loaded + counts.rejected <= counts.filled


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(
            st.one_of(JUNK, st.sampled_from(["社区名称", "户数", "指标", "单位", "甲街道", "2024年3月"])), max_size=9
        ),
        max_size=12,
    )
)
def test_no_sheet_whatever_stops_the_reading(units: Register, rows: list[list[Value]]) -> None:
    with pytest.raises(FileRefused):
        read(Workbook([Sheet("表", rows)]), units)


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_a_header_is_known_however_it_is_decorated(data: st.DataObject) -> None:
    group = data.draw(st.sampled_from(monthly_report_form().communities.groups))
    code = data.draw(st.sampled_from(sorted(group.items)))
    item = next(item for item in items() if item.item_code == code)
    text = data.draw(st.sampled_from([item.name_zh, *group.items[code].names, *group.items[code].short]))
    before = data.draw(
        st.sampled_from(["", " ", "（3）", *(["1.", "12、", f"{code} "] if not text[0].isdigit() else [])])
    )
    behind = data.draw(st.sampled_from(["", "①", "※", "*", " ", "\n"]))
    unit = data.draw(st.sampled_from(["", f"（{item.unit}）", f"({item.unit})", f"\n（{item.unit}）"]))
    place = data.draw(st.integers(0, len(text)))
    gap = data.draw(st.sampled_from(["", "\n", " ", "　"]))
    found = NAMES.match(before + text[:place] + gap + text[place:] + behind + unit, [group.name])
    assert found is not None
    assert found[0] == code


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


def test_a_month_that_cannot_be_read_on_the_cover_is_asked_about(units: Register) -> None:
    workbook = grids()
    workbook.sheets[0].rows[5][2] = "2024年13月"
    (said,) = read(workbook, units).problems
    assert (said.kind, said.cell, said.value) == ("month_unreadable", "C6", "2024-03")


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


def test_a_report_none_of_whose_rows_is_loaded_says_why(units: Register) -> None:
    workbook = grids()
    for row in table(workbook).rows[FIRST_DATA_ROW:14]:
        row[1], row[2] = "", "未名社区"
    with pytest.raises(FileRefused) as refused:
        read(workbook, units)
    assert refused.value.kind == "no_rows_loaded"
    assert "A5:AV5" in refused.value.details["first"]


def test_a_workbook_without_its_main_table_is_asked_for_it(units: Register) -> None:
    workbook = grids()
    del workbook.sheets[1]
    with pytest.raises(FileRefused) as refused:
        read(workbook, units)
    assert refused.value.kind == "communities_missing"


def test_a_row_of_item_codes_below_the_header_is_no_community(units: Register) -> None:
    workbook = grids()
    codes = [item.item_code for item in items() if item.sheet == "community"]
    table(workbook).rows.insert(FIRST_DATA_ROW, [None, None, None, *codes])
    assert by_community(read(workbook, units)).keys() == by_community(read(grids(), units)).keys()
