"""The clean workbook as grids that a test moves about, and reads."""

from __future__ import annotations

import copy
from dataclasses import replace

from ingest.files.grid import Sheet, Value, Workbook
from ingest.files.worker import read_content
from ingest.recognise import read_submission
from ingest.submission import Submission
from ingest.units import Register
from tests.ingest.support import CLEAN, NOW

FIRST_DATA_ROW = 4  # counted from 0, in the clean sample
LEAF_ROW = 3
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
