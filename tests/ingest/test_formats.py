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
from tests.ingest.formats import WRITERS, as_strict, as_text, as_xls, grids, ods, parts_of, with_macros, zipped
from tests.ingest.support import CLEAN, FILES, NOW, by_community, edited, kinds

DAMAGE = [
    (b"<v>3</v></c>", b"<v>&nothing;</v></c>"),
    (b"<v>3</v></c>", b"<v>3</c>"),
    (b"</row>", b"</row></row>"),
]


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


XML_STYLES = (
    '<Styles><Style ss:ID="p"><NumberFormat ss:Format="0.0%"/></Style>'
    '<Style ss:ID="s"><Font ss:StrikeThrough="1"/></Style></Styles>'
)


def test_an_xml_2003_names_strokes_percentages_sums_links_and_hidden_columns() -> None:
    cells = [
        '<Cell ss:StyleID="p"><Data ss:Type="Number">0.301</Data></Cell>',
        '<Cell ss:StyleID="s"><Data ss:Type="Number">7</Data></Cell>',
        '<Cell ss:Formula="=SUM(R[-2]C:R[-1]C)"><Data ss:Type="Number">9</Data></Cell>',
        '<Cell ss:Formula="=\'[2月报表.xls]表\'!R1C1"><Data ss:Type="Number">5</Data></Cell>',
    ]
    columns = '<Column/><Column ss:Hidden="1" ss:Span="1"/><Column ss:Index="9" ss:Hidden="1"/>'
    content = (
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        f'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">{XML_STYLES}<Worksheet ss:Name="表"><Table>{columns}'
        f'<Row ss:Index="3">{"".join(cells)}</Row></Table></Worksheet></Workbook>'
    )
    (sheet,) = read_content(content.encode(), "a.xml")[0].sheets
    assert sheet.rows[2] == ["30.1%", 7.0, 9.0, 5.0]
    assert (sheet.struck, sheet.hidden_columns) == ([(2, 1)], [1, 2, 8])
    assert (sheet.sums, sheet.external_formulas) == ({(2, 2): (0, 1)}, {(2, 3): "2月报表.xls"})


def test_a_page_names_strokes_notes_and_hidden_rows_and_numbers_its_tables() -> None:
    page = (
        "<html><table><tr><td><del>7</del></td><td><comment>应为 2</comment></td></tr>"
        "<tr style='display:none'><td>8</td></tr></table><table><tr><td>9</td></tr></table></html>"
    )
    first, second = read_content(page.encode(), "a.html")[0].sheets
    assert first.rows == [["7", None], ["8"]]
    assert (first.struck, first.comments, first.hidden_rows) == ([(0, 0)], [(0, 1)], 1)
    assert [first.name, second.name] == ["第1张表", "第2张表"]


def test_a_flat_ods_is_read_like_its_package(units: Register) -> None:
    flat = parts_of(WRITERS["ods"](grids(CLEAN)))["content.xml"].replace(b"office:document-content", b"office:document")
    kind = b'<office:document office:mimetype="application/vnd.oasis.opendocument.spreadsheet" '
    workbook, _ = read_content(flat.replace(b"<office:document ", kind), "a.fods")
    assert by_community(read_submission(workbook, units, NOW.date())) == by_community(
        read_submission(grids(CLEAN), units, NOW.date())
    )


def test_a_sheet_of_macros_in_an_xlsx_is_named_and_refused() -> None:
    parts = parts_of(CLEAN.read_bytes())
    relations = parts["xl/_rels/workbook.xml.rels"].replace(b"worksheets/sheet3", b"macrosheets/sheet3")
    parts["xl/macrosheets/sheet3.xml"] = parts.pop("xl/worksheets/sheet3.xml")
    with pytest.raises(FileRefused) as refused:
        read_content(zipped(parts | {"xl/_rels/workbook.xml.rels": relations}), "a.xlsm")
    assert (refused.value.kind, refused.value.details) == ("macro_sheet", {"sheet": "街道汇总"})


@pytest.mark.parametrize(("macros", "kind"), [(["街道汇总"], None), (["封面", "社区月报", "街道汇总"], "macro_sheet")])
def test_a_sheet_of_macros_in_an_xls_is_neither_run_nor_read(units: Register, macros: list[str], kind: str) -> None:
    content = bytearray(as_xls(grids(CLEAN)))
    for name in macros:
        content[content.index(name.encode("utf-16-le")) - 3] = 1  # the type of sheet, before its name's length
    if kind is None:
        submission = read_submission(read_content(bytes(content), "a.xls")[0], units, NOW.date())
        assert {"macro_sheet_skipped", "item_list_missing"} <= kinds(submission)
    else:
        with pytest.raises(FileRefused) as refused:
            read_content(bytes(content), "a.xls")
        assert refused.value.kind == kind


def test_a_workbook_with_macros_says_that_they_were_not_run(units: Register) -> None:
    submission = read_submission(read_content(written("xlsm"), "a.xlsm")[0], units, NOW.date())
    assert kinds(submission) == {"macros_ignored"}


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (zipped({"xl/workbook.bin": b"", "[Content_Types].xml": b""}), "binary_workbook"),
        (zipped({"OFD.xml": b"", "Doc_0/Document.xml": b""}), "not_a_spreadsheet"),
        (zipped({"Index/Document.iwa": b""}), "not_a_spreadsheet"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n<html><table></table></html>", "web_archive"),
        ('社区名称,户数\n"甲一社区,1\n甲二社区,2\n'.encode(), "quotes_unbalanced"),
        (b"\0\0\0 ftypheic" + bytes(range(256)), "not_a_spreadsheet"),
    ],
)
def test_what_only_resembles_a_spreadsheet_is_refused_by_its_name(content: bytes, kind: str) -> None:
    with pytest.raises(FileRefused) as refused:
        read_content(content, "a.xlsx")
    assert refused.value.kind == kind


def test_text_in_an_encoding_that_hides_its_header_is_refused_with_the_encoding(units: Register) -> None:
    content = as_text(grids(CLEAN), "utf-8").decode().translate(str.maketrans("区总党员", "區總黨員"))
    workbook, _ = read_content(content.encode("big5", "replace"), "a.csv")
    with pytest.raises(FileRefused) as refused:
        read_submission(workbook, units, NOW.date())
    assert (refused.value.kind, refused.value.details) == ("text_form_unknown", {"encoding": "GB18030"})


def test_a_far_cell_of_an_xls_is_named_before_it_is_opened() -> None:
    book: Any = xlwt.Workbook()
    book.add_sheet("表").write(65_535, 255, 1)
    memory = io.BytesIO()
    book.save(memory)
    with pytest.raises(FileRefused) as refused:
        read_content(memory.getvalue(), "a.xls")
    assert refused.value.details == {"sheet": "表", "cell": "IV65536", "count": "1677"}
