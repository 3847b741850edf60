"""Records as arrays: every unit of the tree once, whatever was sent for it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from expectations.catalogue import load_catalogue
from expectations.history import History, Inputs
from expectations.localise.channel import LARGEST
from expectations.localise.compile import compile_sheet
from expectations.localise.frame import Frame, read_frame
from expectations.localise.records import Sheet
from tests.expectations.support import COMMUNITIES, FEBRUARY, MARCH, UNITS, Month, clean_month

ROWS = "monthly_report_communities"


def inputs(month: Month, **tables: Any) -> Inputs:
    earlier = {FEBRUARY: clean_month(FEBRUARY).tables()}
    return Inputs(MARCH, month.tables() | tables, History(earlier), UNITS)


def frame(month: Inputs) -> Frame:
    return read_frame(month, compile_sheet(load_catalogue(None), "community", MARCH), "community")


def cell(name: str) -> int:
    return compile_sheet(load_catalogue(None), "community", MARCH).system.cells.index(name)


def test_records_stand_in_the_order_of_the_codes_with_last_month_beside_them():
    read = frame(inputs(clean_month()))
    assert read.units == tuple(sorted(COMMUNITIES))
    assert read.batch.typed[:, cell("D03")].tolist() == [99] * len(COMMUNITIES)
    assert read.batch.past.last[:, cell("D03")].tolist() == [100.0] * len(COMMUNITIES)


def test_a_unit_that_sent_nothing_has_no_record():
    month = clean_month()
    month.communities = {code: row for code, row in month.communities.items() if code != COMMUNITIES[1]}
    assert COMMUNITIES[1] not in frame(inputs(month)).units


def test_a_unit_that_stands_twice_counts_with_its_first_row():
    rows = clean_month().tables()[ROWS]
    again = rows.set_column(rows.column_names.index("households"), "households", pa.array([1] * len(rows), pa.int64()))
    read = frame(inputs(clean_month(), **{ROWS: pa.concat_tables([rows, again])}))
    assert read.units == tuple(sorted(COMMUNITIES))
    assert set(read.batch.typed[:, cell("P01")].tolist()) == {873}


@pytest.mark.parametrize("value", [10**17, 9 * 10**18, -(9 * 10**18)])
def test_a_number_that_no_community_can_have_is_cut_off_rather_than_overflowing(value: int):
    month = clean_month()
    month.communities[COMMUNITIES[0]]["P01"] = value
    typed = frame(inputs(month)).batch.typed[:, cell("P01")]
    assert sorted(set(typed.tolist())) == sorted({int(np.sign(value)) * LARGEST, 873})


def test_a_record_with_such_a_number_is_explained_by_it():
    month = clean_month()
    month.communities[COMMUNITIES[0]]["B01"] = 7 * 10**18
    readings = Sheet.read(inputs(month), load_catalogue(None), "community").mandatory_readings()
    assert readings[COMMUNITIES[0]][0].changes == ((cell("B01"), 7),)
