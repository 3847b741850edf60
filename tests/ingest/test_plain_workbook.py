"""The sheets listed by the parts of a workbook are those that python-calamine lists; all else is left to it."""

from __future__ import annotations

import io

import pytest
import python_calamine
from hypothesis import example, given, settings
from hypothesis import strategies as st

from benchmarks.reading.as_excel import with_shared_texts
from ingest.files.look import FileRefused, look
from ingest.files.ooxml import open_package
from ingest.files.plain_workbook import RELATIONS, ROOT, SHARED_STRINGS, STYLES, WORKBOOK, plain_sheets
from ingest.files.worker import read_content
from tests.ingest.formats import parts_of, zipped
from tests.ingest.support import CLEAN, FILES
from tests.ingest.test_plain_sheet import DAMAGED, XLSX

PARTS = parts_of(CLEAN.read_bytes())
SAYING = (ROOT, WORKBOOK, RELATIONS, STYLES)
WORKSHEET = python_calamine.SheetTypeEnum.WorkSheet
VISIBLE = python_calamine.SheetVisibleEnum.Visible
WORDS = b"""
    < > & &amp; &#65534; \xff \x00 <!-- --> <?a?> <!DOCTYPE "/> ' = <sheet <sheets> </sheets> <Relationship hidden
    veryHidden rId1 rId2 sheet2.xml worksheets/ chartsheets/ /xl/ ../ TargetMode="External" xmlns:r=" state="hidden"
""".split()


def _listed(content: bytes) -> list[tuple[str, bool]] | None:
    """The sheets, None where they are python-calamine's to list, or the file is refused before."""
    try:
        look(content, "a.xlsx")
        sheets = plain_sheets(open_package(content).parts)
    except (*DAMAGED, FileRefused):
        return None
    return sheets and [(sheet.name, sheet.hidden) for sheet in sheets]


def _by_calamine(content: bytes) -> list[tuple[str, bool]]:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert all(sheet.typ == WORKSHEET for sheet in book.sheets_metadata)
    return [(sheet.name, sheet.visible != VISIBLE) for sheet in book.sheets_metadata]


def test_the_sheets_of_the_samples_are_those_that_python_calamine_lists() -> None:
    listed = {path.name: found for path in XLSX if (found := _listed(path.read_bytes()))}
    assert listed == {name: _by_calamine((FILES / name).read_bytes()) for name in listed}
    assert len(listed) > len(XLSX) / 2


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(SAYING),
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 9), st.sampled_from(WORDS)), min_size=1, max_size=3),
)
@example(WORKBOOK, [(PARTS[WORKBOOK].index(b'"visible"') + 1, 7, b"hidden")])
def test_what_is_listed_of_an_edited_workbook_is_what_python_calamine_lists(
    name: str, edits: list[tuple[int, int, bytes]]
) -> None:
    part = PARTS[name]
    for at, cut, put in edits:
        place = at % len(part)
        part = part[:place] + put + part[place + cut :]
    content = zipped(PARTS | {name: part})
    listed = _listed(content)
    if listed is not None:
        assert listed == _by_calamine(content)


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        (WORKBOOK, b"<sheets>", b"<!-- <sheets> --><sheets>"),
        (WORKBOOK, b'state="visible"', b'state="gone"'),
        (WORKBOOK, b'name="', b'name="a&amp;b'),
        (WORKBOOK, b'r:id="rId1"', b'r:id="rId2"'),
        (WORKBOOK, b'r:id="rId1"', b'r:id="rId9"'),
        (WORKBOOK, b"</workbook>", b""),
        (RELATIONS, b"/xl/worksheets/sheet1.xml", b"/xl/chartsheets/sheet1.xml"),
        (RELATIONS, b"/xl/worksheets/sheet1.xml", b"/xl/worksheets/sheet9.xml"),
        (RELATIONS, b'Id="rId1"', b'Id="rId1" TargetMode="External"'),
        (RELATIONS, b'Id="rId5"', b'Id="rId1"'),
        (RELATIONS, b"</Relationships>", b'<x:Relationship xmlns:x="a" Id="rId1"/></Relationships>'),
        (WORKBOOK, b"</sheets>", b'</sheets><x:sheets xmlns:x="a"><x:sheet name="b"/></x:sheets>'),
        (WORKBOOK, b"</sheets>", b'</sheets><sheet\nname="b"/>'),
        (WORKBOOK, b"<workbook ", b"<a><workbook "),
        (WORKBOOK, b"<sheets>", b"<workbook/><sheets>"),
        (ROOT, b"xl/workbook.xml", b"other/workbook.xml"),
        (ROOT, b"</Relationships>", b""),
        (STYLES, b"</styleSheet>", b""),
    ],
)
def test_a_broken_or_odd_workbook_is_python_calamines_to_list(name: str, good: bytes, bad: bytes) -> None:
    assert good in PARTS[name]
    assert plain_sheets(PARTS)
    assert plain_sheets(PARTS | {name: PARTS[name].replace(good, bad, 1)}) is None


def test_a_plain_workbook_with_a_sheet_that_is_not_keeps_their_order() -> None:
    name = "xl/worksheets/sheet1.xml"
    content = zipped(PARTS | {name: PARTS[name].replace(b"<sheetData>", b"<!-- odd --><sheetData>", 1)})
    assert _listed(content)
    whole, odd = read_content(CLEAN.read_bytes(), "a.xlsx")[0], read_content(content, "a.xlsx")[0]
    assert [sheet.rows for sheet in odd.sheets] == [sheet.rows for sheet in whole.sheets]


def test_a_workbook_with_shared_texts_reads_like_one_without() -> None:
    content = zipped(with_shared_texts(PARTS))
    assert _listed(content)
    whole, shared = read_content(CLEAN.read_bytes(), "a.xlsx")[0], read_content(content, "a.xlsx")[0]
    assert [sheet.rows for sheet in shared.sheets] == [sheet.rows for sheet in whole.sheets]


@pytest.mark.parametrize("bad", [b"</s'i>", b"</t></x>", b"</si", b"<t></si>"])
def test_a_broken_table_of_shared_texts_is_refused(bad: bytes) -> None:
    parts = with_shared_texts(PARTS)
    broken = parts[SHARED_STRINGS].replace(b"</si>", bad, 1)
    with pytest.raises(FileRefused, match="file_damaged"):
        read_content(zipped(parts | {SHARED_STRINGS: broken}), "a.xlsx")


def test_two_sheets_of_one_name_are_refused() -> None:
    workbook = PARTS[WORKBOOK].replace("社区月报".encode(), "封面".encode())
    with pytest.raises(FileRefused, match="file_damaged"):
        read_content(zipped(PARTS | {WORKBOOK: workbook}), "a.xlsx")


def test_two_parts_whose_names_differ_in_case_alone_are_refused() -> None:
    with pytest.raises(FileRefused, match="file_damaged"):
        read_content(zipped(PARTS | {"xl/Workbook.xml": PARTS[WORKBOOK]}), "a.xlsx")
