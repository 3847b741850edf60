"""The clean sample in every format that clerks send, and the ways in which such files are broken or hostile."""

from __future__ import annotations

import io
import struct
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwt

from ingest.data_root import DataRoot
from ingest.files.grid import CellError, Sheet, Workbook
from ingest.files.look import OLE_MAGIC, FileRefused, look
from ingest.files.worker import read_content
from ingest.recognise import read_submission
from ingest.units import Register
from tests.ingest.formats import ODS_NAMES, WRITERS, as_strict, as_text, as_xls, grids, parts_of, with_macros, zipped
from tests.ingest.support import CLEAN, FILES, NOW, by_community, edited, kinds, new_root, register

DAMAGE = [
    (b"<v>3</v></c>", b"<v>&nothing;</v></c>"),
    (b"<v>3</v></c>", b"<v>3</c>"),
    (b"</row>", b"</row></row>"),
]


@pytest.fixture(scope="module")
def units(tmp_path_factory: pytest.TempPathFactory) -> Register:
    return register(new_root(tmp_path_factory.mktemp("root")))


def written(extension: str) -> bytes:
    if extension in WRITERS:
        return WRITERS[extension](grids(CLEAN))
    return {"strict.xlsx": as_strict, "xlsm": with_macros}[extension](CLEAN.read_bytes())


@pytest.mark.parametrize("extension", [*WRITERS, "strict.xlsx", "xlsm"])
def test_a_workbook_gives_the_same_values_in_every_format(units: Register, extension: str) -> None:
    workbook, findings = read_content(written(extension), f"甲街道.{extension}")
    submission = read_submission(workbook, units, NOW.date())
    assert findings == []
    assert by_community(submission) == by_community(read_submission(grids(CLEAN), units, NOW.date()))
    assert submission.counts.found == submission.counts.loaded


@pytest.mark.parametrize("extension", ["xls", "ods", "xml.xls", "strict.xlsx"])
def test_a_format_under_a_wrong_extension_is_read_and_said(units: Register, extension: str) -> None:
    workbook, _ = read_content(written(extension), "甲街道.csv")
    submission = read_submission(workbook, units, NOW.date())
    assert "extension_differs" in kinds(submission)
    assert len(by_community(submission)) == 10


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "gb18030", "utf-8"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_is_read_whatever_its_encoding_and_delimiter(units: Register, encoding: str, delimiter: str) -> None:
    workbook, _ = read_content(as_text(grids(CLEAN), encoding, delimiter), "甲街道.csv")
    assert len(by_community(read_submission(workbook, units, NOW.date()))) == 10


def test_an_xls_names_its_errors_lost_results_and_percentages() -> None:
    book: Any = xlwt.Workbook()
    sheet = book.add_sheet("表")
    sheet.write(0, 0, 0.301, xlwt.easyxf(num_format_str="0.0%"))
    sheet.row(0).set_cell_error(1, "#REF!")
    sheet.write(0, 2, 5.0)
    sheet.row(1).hidden = 1
    sheet.write(1, 0, "x")
    memory = io.BytesIO()
    book.save(memory)
    workbook, _ = read_content(memory.getvalue(), "a.xls")
    assert workbook.sheets[0].rows[0] == ["30.1%", CellError("#REF!"), 5.0]
    assert workbook.sheets[0].hidden_rows == 1


def test_an_xls_whose_texts_are_lost_does_not_pass_for_blank() -> None:
    content = as_xls(Workbook([Sheet("表", [["甲一社区", "乙"]])]))
    record = content.index(struct.pack("<HHHHH", 0xFD, 10, 0, 1, 17))
    broken = content[: record + 10] + struct.pack("<I", 999) + content[record + 14 :]
    workbook, _ = read_content(broken, "a.xls")
    assert workbook.sheets[0].rows == [["甲一社区", CellError("（文字缺失）")]]


def test_an_xls_with_a_chain_that_loops_is_refused_before_it_is_opened() -> None:
    content = bytearray(as_xls(grids(CLEAN)))
    directory = struct.unpack_from("<I", content, 48)[0]
    table = (struct.unpack_from("<I", content, 76)[0] + 1) * 512
    struct.pack_into("<I", content, table + 4 * directory, directory)
    with pytest.raises(FileRefused) as refused:
        look(bytes(content), "a.xls")
    assert refused.value.kind == "file_damaged"


def ods(rows: str) -> bytes:
    table = f'<table:table table:name="表">{rows}</table:table>'
    body = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    content = f"<office:document-content {ODS_NAMES}>{body}</office:document-content>"
    return zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": content.encode()})


def test_an_ods_names_its_errors_and_repeats_its_cells() -> None:
    error = '<table:table-cell table:formula="of:=[.A1]"><text:p>#REF!</text:p></table:table-cell>'
    number = '<table:table-cell table:number-columns-repeated="2" office:value-type="float" office:value="7"/>'
    blank = '<table:table-cell table:number-columns-repeated="16000"/>'
    rows = f"<table:table-row>{error}{number}{blank}</table:table-row>"
    rows += f'<table:table-row table:number-rows-repeated="1048575">{blank}</table:table-row>'
    workbook, _ = read_content(ods(rows), "a.ods")
    assert workbook.sheets[0].rows == [[CellError("#REF!"), 7.0, 7.0]]


@pytest.mark.parametrize("content", [b"<office", ods('<table:table-row table:number-rows-repeated="x"/>')])
def test_a_broken_ods_is_refused(content: bytes) -> None:
    if not content.startswith(b"PK"):
        content = zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": content})
    with pytest.raises(FileRefused) as refused:
        read_content(content, "a.ods")
    assert refused.value.kind == "file_damaged"


@pytest.mark.parametrize("cell", ["XFD1048576", "AV1000000"])
def test_a_stray_cell_in_the_far_corner_is_named_and_refused(tmp_path: Path, cell: str) -> None:
    def stray(book: Any) -> None:
        book["社区月报"][cell] = 1

    with pytest.raises(FileRefused) as refused:
        read_content(edited(tmp_path / "a.xlsx", stray).read_bytes(), "a.xlsx")
    assert refused.value.kind == "far_cell"
    assert refused.value.details["cell"] == cell


def test_a_dimension_that_claims_the_whole_sheet_is_not_believed(units: Register) -> None:
    parts = parts_of(CLEAN.read_bytes())
    name = "xl/worksheets/sheet2.xml"
    before, _, after = parts[name].partition(b'<dimension ref="')
    parts[name] = before + b'<dimension ref="A1:XFD1048576"' + after[after.index(b'"') + 1 :]
    workbook, _ = read_content(zipped(parts), "a.xlsx")
    assert len(by_community(read_submission(workbook, units, NOW.date()))) == 10


@pytest.mark.parametrize("part", ["xl/worksheets/sheet2.xml", "xl/workbook.xml", "docProps/core.xml"])
def test_a_billion_laughs_is_refused_wherever_it_stands(part: str) -> None:
    parts = parts_of(CLEAN.read_bytes())
    laughs = b'<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">]>'
    with pytest.raises(FileRefused) as refused:
        read_content(zipped(parts | {part: laughs + parts[part]}), "a.xlsx")
    assert refused.value.kind == "xml_entities"


@pytest.mark.parametrize(("good", "bad"), DAMAGE)
def test_a_sheet_that_is_no_xml_is_refused_and_never_read_in_part(good: bytes, bad: bytes) -> None:
    parts = parts_of(CLEAN.read_bytes())
    name = "xl/worksheets/sheet2.xml"
    assert good in parts[name]
    with pytest.raises(FileRefused) as refused:
        read_content(zipped(parts | {name: parts[name].replace(good, bad, 1)}), "a.xlsx")
    assert refused.value.kind == "file_damaged"


def test_a_cell_that_is_written_twice_is_said(units: Register) -> None:
    parts = parts_of(CLEAN.read_bytes())
    name = "xl/worksheets/sheet2.xml"
    parts[name] = parts[name].replace(b'r="D6"', b'r="E6"', 1)
    workbook, _ = read_content(zipped(parts), "a.xlsx")
    assert "cells_repeated" in kinds(read_submission(workbook, units, NOW.date()))


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (OLE_MAGIC + bytes(600) + "Workbook".encode("utf-16-le"), "file_damaged"),
        (OLE_MAGIC + "EncryptionInfo EncryptedPackage".encode("utf-16-le"), "file_encrypted"),
        (zipped({"[Content_Types].xml": b"", "word/document.xml": b""}), "not_a_spreadsheet"),
        (b"%PDF-1.7", "not_a_spreadsheet"),
        (b"<?xml version='1.0'?><invoice/>", "not_a_spreadsheet"),
        (b"<html><table><tr><td>1</td><td>2</tr></table></html>", "file_damaged"),
        (b"<html><table><tr><td>1</td><tq>2</tq></tr></table></html>", "file_damaged"),
    ],
)
def test_what_is_no_whole_spreadsheet_is_refused(content: bytes, kind: str) -> None:
    with pytest.raises(FileRefused) as refused:
        read_content(content, "甲街道.xls")
    assert refused.value.kind == kind


def test_a_table_may_start_anywhere(root: DataRoot, tmp_path: Path, units: Register) -> None:
    def push(book: Any) -> None:
        old = book["社区月报"]
        moved = book.create_sheet("月报", index=1)
        for row in old.iter_rows():
            for cell in row:
                if not isinstance(cell, openpyxl.cell.cell.MergedCell) and cell.value is not None:
                    moved.cell(cell.row + 7, cell.column + 5).value = cell.value
        del book["社区月报"]

    workbook, _ = read_content(edited(tmp_path / "a.xlsx", push).read_bytes(), "a.xlsx")
    moved, clean = (by_community(read_submission(each, units, NOW.date())) for each in (workbook, grids(CLEAN)))
    assert moved == clean


def test_a_total_whose_formula_leaves_out_a_community_is_named_with_its_rows(units: Register) -> None:
    content = (FILES / "total_formula_too_short.xlsx").read_bytes()
    submission = read_submission(read_content(content, "a.xlsx")[0], units, NOW.date())
    (said,) = [problem for problem in submission.problems if problem.kind == "total_range_short"]
    assert said.item_code == "D03"
    assert "沙塘村" in said.message


def test_a_value_that_is_struck_through_is_read_and_asked_about(tmp_path: Path, units: Register) -> None:
    def strike(book: Any) -> None:
        book["社区月报"]["D5"].font = openpyxl.styles.Font(strike=True)

    workbook, _ = read_content(edited(tmp_path / "a.xlsx", strike).read_bytes(), "a.xlsx")
    submission = read_submission(workbook, units, NOW.date())
    struck = [(problem.cell, problem.item_code) for problem in submission.problems if problem.kind == "struck_through"]
    assert struck == [("D5", "P01")]
