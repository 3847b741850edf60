import zipfile

import openpyxl
import pytest

from examples.source_report.write import FIGURES, WORKBOOK, read_figures, write_workbook
from ingest.reference import profile_figures


@pytest.fixture(scope="module")
def sheet():
    return openpyxl.load_workbook(WORKBOOK)["概况表"]


def test_the_committed_workbook_is_what_the_script_writes(tmp_path):
    assert write_workbook(tmp_path / "again.xlsx").read_bytes() == WORKBOOK.read_bytes()


def test_every_figure_has_a_row_in_the_order_of_the_reference_table(sheet):
    labels = [row[1] for row in sheet.iter_rows(min_row=4, values_only=True)]
    assert labels == [figure.name_zh for figure in profile_figures()]
    assert list(read_figures(FIGURES)) == [figure.figure_code for figure in profile_figures()]


def test_what_is_printed_as_words_stays_text_and_bare_numbers_are_numbers(sheet):
    cells = {row[1]: row[3:] for row in sheet.iter_rows(min_row=4, values_only=True)}
    assert cells["占全市面积比重"] == (None, "近二分之一", None)
    assert cells["人口"] == (28905, "1.9万", None)
    assert cells["书记任职10年以上"] == (5, 5, 11)
    assert cells["书记大专及以上占比"] == ("40%", "23%", None)
    assert cells["拟创五星"] == ("—", 1, None)
    assert cells["每个社区干部数"] == (None, None, "7–8")
    assert cells["投入工程资金"] == (None, None, "1600余")


def test_the_workbook_names_nobody_and_no_clock():
    with zipfile.ZipFile(WORKBOOK) as archive:
        core = archive.read("docProps/core.xml").decode()
        assert {entry.date_time for entry in archive.infolist()} == {(2024, 4, 1, 0, 0, 0)}
    assert "creator" not in core
    assert "lastModifiedBy" not in core
