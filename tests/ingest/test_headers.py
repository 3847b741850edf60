"""Headers as clerks make them: whatever is moved, flattened or decorated, the same values are read."""

from __future__ import annotations

import csv
import random
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.data_root import DataRoot
from ingest.files.grid import Value
from ingest.forms.load import monthly_report_form
from ingest.forms.spelling import header_names
from ingest.reference import items
from ingest.units import Register
from tests.ingest.layouts import FIRST_DATA_ROW, LEAF_ROW, flatten, grids, read, reorder, spread_groups, table
from tests.ingest.support import FILES, by_community, kinds, read_one, rows_of

NAMES = header_names(monthly_report_form().communities, [item for item in items() if item.sheet == "community"])


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


def test_a_header_repeated_on_the_second_page_is_no_community(units: Register) -> None:
    workbook = grids()
    rows = table(workbook).rows
    rows[9:9] = [list(rows[2]), list(rows[LEAF_ROW])]
    submission = read(workbook, units)
    assert by_community(submission).keys() == by_community(read(grids(), units)).keys()


def test_a_row_of_item_codes_below_the_header_is_no_community(units: Register) -> None:
    workbook = grids()
    codes = [item.item_code for item in items() if item.sheet == "community"]
    table(workbook).rows.insert(FIRST_DATA_ROW, [None, None, None, *codes])
    assert by_community(read(workbook, units)).keys() == by_community(read(grids(), units)).keys()


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
