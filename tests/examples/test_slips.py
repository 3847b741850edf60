"""Slips stand exactly where slips.yml says, and nowhere else."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from examples.synthetic.history import history
from examples.synthetic.model import MONTHS, subdistricts
from examples.synthetic.report import report
from examples.synthetic.slips import Cell, Slip, SlipOutOfDateError, plant, read_slips
from expectations.catalogue.load import load_catalogue
from tests.examples.reading import ADDITIVE, Book

LAST_MONTH = MONTHS[-1]
CRITERION_ITEMS = {"R01", "E06", "W01", "P01", "F01", "F02", "F03", "F04", "H01", "H02", "H03", "H04"}


def cells(book: Book) -> dict[tuple[str, str], object]:
    """(unit, 合计 or 街道汇总; item) → value."""
    rows = {**book.communities, "total": book.totals, "summary": book.summary}
    return {(row, item): value for row, values in rows.items() for item, value in values.items()}


def differences(true: Book, sent: Book) -> dict[tuple[str, str], tuple[object, object]]:
    before, after = cells(true), cells(sent)
    assert before.keys() == after.keys()
    return {key: (before[key], after[key]) for key in before if before[key] != after[key]}


def planted(book: Book, corrected: bool) -> dict[tuple[str, str], tuple[object, object]]:
    own = [slip for slip in read_slips() if (slip.month, slip.subdistrict_code) == (book.month, book.subdistrict)]
    return {
        (slip.unit_code if slip.row == "community" else slip.row, item): (value(cell.truth), value(cell.sent))
        for slip in own
        for item, cell in slip.cells.items()
        if not (corrected and slip.corrected)
    }


def value(written: int | str | None) -> object:
    """As read back: numbers, also quoted ones, are decimals."""
    if isinstance(written, str) and not written.replace(".", "").replace("-", "").isdigit():
        return written
    return None if written is None else Decimal(written)


def is_a_renewed_total(key: tuple[str, str], expected: dict) -> bool:
    """A spreadsheet's sum follows the cells that were sent."""
    return key[0] == "total" and key[1] in ADDITIVE and any(item == key[1] for _, item in expected)


def test_each_workbook_differs_from_the_truth_just_where_a_slip_says(true_books, slipped_books):
    truth = {(book.month, book.subdistrict): book for book in true_books}
    for book in slipped_books:
        expected = planted(book, corrected="更正" in book.path.name)
        found = differences(truth[(book.month, book.subdistrict)], book)
        kept = {key: pair for key, pair in found.items() if key in expected or not is_a_renewed_total(key, expected)}
        assert kept == expected, book.path.name


def test_totals_add_up_what_was_sent_unless_the_slip_is_the_total(slipped_books):
    stale = {
        (slip.month, slip.subdistrict_code, item) for slip in read_slips() if slip.row == "total" for item in slip.cells
    }
    for book in slipped_books:
        for item in ADDITIVE & book.totals.keys():
            numbers = [cell for cell in book.column(item) if isinstance(cell, Decimal)]
            assert (book.totals[item] == sum(numbers)) is ((book.month, book.subdistrict, item) not in stale)


def test_a_correction_follows_its_first_version(slipped_paths, true_paths):
    names = [path.name for path in slipped_paths]
    assert len(names) == len(true_paths) + 1
    assert names.index("甲街道2023年9月（更正）.xlsx") == names.index("甲街道2023年9月.xlsx") + 1


def test_the_correction_equals_the_truth(slipped_paths, true_paths):
    corrected = next(path for path in slipped_paths if "更正" in path.name)
    true = next(path for path in true_paths if path.name == "甲街道2023年9月.xlsx")
    assert corrected.read_bytes() == true.read_bytes()


def test_slips_of_the_last_month_touch_no_star_and_no_cadre_figure():
    items = {item for slip in read_slips() if slip.month == LAST_MONTH for item in slip.cells}
    assert items
    assert not items & CRITERION_ITEMS
    assert not [item for item in items if item[0] in "BDS"]


def test_there_are_a_dozen_slips_of_different_kinds_from_june_2023_on():
    assert len(read_slips()) >= 12
    assert len({slip.kind for slip in read_slips()}) >= 12
    assert all(MONTHS[5] <= slip.month <= LAST_MONTH for slip in read_slips())
    assert len({slip.slip_id for slip in read_slips()}) == len(read_slips())


def test_each_slip_names_rules_of_the_catalogue():
    known = {rule.id for rule in load_catalogue(None).rules} | {"ingest"}
    assert {rule for slip in read_slips() for rule in slip.seen_by} <= known


def test_a_slip_whose_truth_has_changed_is_refused():
    sent = history(subdistricts()[0])
    outdated = Slip(
        slip_id="outdated", month=LAST_MONTH, subdistrict_code=sent.subdistrict.code, row="community",
        unit_code=sent.subdistrict.communities[0].code, kind="blank", cells={"P01": Cell(truth=1, sent=None)},
        why="", seen_by=["BLANK-COMMUNITY"],
    )  # fmt: skip
    with pytest.raises(SlipOutOfDateError, match="outdated: P01 is"):
        plant(outdated, report(sent, LAST_MONTH))


def test_without_slips_no_file_is_a_correction(true_paths: list[Path]):
    assert not [path for path in true_paths if "更正" in path.name]
