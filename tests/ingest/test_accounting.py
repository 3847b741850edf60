"""Every cell is accounted for, and nothing stops the reading, whatever stands in the sheets."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.files.grid import Sheet, Value, Workbook, is_blank
from ingest.files.look import FileRefused
from ingest.units import Register
from tests.ingest.layouts import grids, read

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
