"""The workbooks as files: how many, labelled, naming nobody, the same bytes each time."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from datetime import date

import openpyxl

from examples.synthetic import write_workbooks

LAYOUT_LABELS = ["序号", "社区代码", "社区名称"]


def test_there_is_one_workbook_per_subdistrict_and_month(true_books):
    months = [date(2023, month, 1) for month in range(1, 13)] + [date(2024, month, 1) for month in (1, 2, 3)]
    codes = ["990101001000", "990101002000"]
    assert [(book.month, book.subdistrict) for book in true_books] == [(m, code) for m in months for code in codes]
    assert all(len(book.communities) == 10 for book in true_books)


def test_writing_twice_gives_the_same_bytes(slipped_paths, tmp_path):
    again = write_workbooks(tmp_path / "made" / "if missing")
    assert [path.name for path in again] == [path.name for path in slipped_paths]
    assert all(one.read_bytes() == two.read_bytes() for one, two in zip(again, slipped_paths, strict=True))


def test_no_clock_is_in_the_file(slipped_paths):
    with zipfile.ZipFile(slipped_paths[0]) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2023, 2, 2, 9, 0, 0)}
        assert archive.read("docProps/core.xml").count(b"2023-02-02T09:00:00Z") == 2


def test_cover_and_footer_say_that_the_data_are_synthetic(slipped_paths):
    for path in slipped_paths:
        book = openpyxl.load_workbook(path)
        assert book["封面"]["B10"].value.startswith("合成数据")
        assert "合成数据" in book["社区月报"]["A16"].value


def test_nobody_is_named(slipped_paths):
    for path in slipped_paths:
        book = openpyxl.load_workbook(path)
        footer = book["社区月报"]["A16"].value
        assert "填表人：  " in footer
        assert "审核人：  " in footer
        assert book.properties.creator == "synthetic"
        assert book.properties.lastModifiedBy is None


def test_the_layout_is_the_monthly_form(slipped_paths):
    book = openpyxl.load_workbook(slipped_paths[-1])
    sheet = book["社区月报"]
    merged = {str(cells) for cells in sheet.merged_cells.ranges}
    assert book.sheetnames == ["封面", "社区月报", "街道汇总"]
    assert [sheet.cell(3, column).value for column in (1, 2, 3)] == LAYOUT_LABELS
    assert {"A1:AV1", "A3:A4", "D3:H3", "I3:P3", "X3:AD3", "AU3:AV3", "A15:C15"} <= merged
    assert (sheet["D3"].value, sheet["D4"].value) == ("基本情况", "户数（户）")
    assert "金额单位：万元" in sheet["A2"].value


def test_the_module_can_be_called_from_the_command_line(tmp_path):
    folder = tmp_path / "inbox"
    command = [sys.executable, "-m", "examples.synthetic", str(folder), "--without-slips"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "30 个合成月报" in done.stdout
    assert len(list(folder.glob("*.xlsx"))) == 30
