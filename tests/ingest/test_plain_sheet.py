"""A sheet that is read plain holds what python-calamine and a parser say of it; all else is left to them."""

from __future__ import annotations

import contextlib
import io
import itertools
import random
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import python_calamine
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl.utils.exceptions import IllegalCharacterError

from benchmarks.fuzz.mutate import mutate
from ingest.files import ooxml
from ingest.files.grid import Sheet, Value, is_blank, parse_address
from ingest.files.look import FileRefused, look
from ingest.files.ooxml import open_package
from ingest.files.plain_cells import Styles
from ingest.files.plain_sheet import PlainSheet, read_plain
from ingest.files.plain_values import NotPlainError, reader_of_shared, refuse, shared_texts
from ingest.files.plain_workbook import RELATIONS
from ingest.files.sound import refuse_broken
from ingest.files.workbook_reader import read_by_calamine
from tests.ingest.formats import parts_of, zipped
from tests.ingest.support import CLEAN, FILES

SHEETS = [content for name, content in parts_of(CLEAN.read_bytes()).items() if "worksheets/sheet" in name]
DAMAGED = (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, EOFError, OSError, zlib.error)
WORDS = b'< > & &#0; &#65534; ]]> </c> <v> \xff \x00 <!-- ">< v/> <v/> </v> <f>A1</f> <f/>< </row>'.split()
MARKUP = st.sampled_from([*WORDS, b"<row ", b"<c ", b' r="A1"'])


def _plain(xml: bytes) -> PlainSheet | None:
    return read_plain(xml, refuse, Styles())


def test_a_sheet_as_programs_write_it_is_read_plain() -> None:
    assert SHEETS
    assert all(map(_plain, SHEETS))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(SHEETS), st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 9), MARKUP), max_size=3))
def test_a_sheet_that_is_read_plain_is_sound_to_the_parser(xml: bytes, edits: list[tuple[int, int, bytes]]) -> None:
    for at, cut, put in edits:
        place = at % len(xml)
        xml = xml[:place] + put + xml[place + cut :]
    if _plain(xml):
        refuse_broken(xml)


@settings(max_examples=200, deadline=None)
@example(xml=SHEETS[0], at=SHEETS[0].index(b'<c r="C6"'), cut=len(b'<c r="C6" t="inlineStr"><'), put=b"")
@given(st.sampled_from(SHEETS), st.integers(0, 10**6), st.integers(0, 60), st.sampled_from([b"", b"9", b"12345678901"]))
def test_what_is_known_of_other_sheets_changes_nothing_in_a_sheet(xml: bytes, at: int, cut: int, put: bytes) -> None:
    place = at % len(xml)
    edited = xml[:place] + put + xml[place + cut :]
    fresh = Styles(unknown=frozenset({b"x%d" % at, b"x" + put}))  # no sheet was read with these
    _plain(xml)
    known = _plain(edited)
    assert known == read_plain(edited, refuse, fresh)
    assert known == _plain(edited)


def test_a_cell_may_be_blank_in_each_way_and_place() -> None:
    xml = next(xml for xml in SHEETS if xml.count(b"<v>") > 100)
    cells = list(re.finditer(rb'(<c r="([A-Z]+[0-9]+)"[^>]*)><v>[^<]+</v></c>', xml))[:90]
    for blank, written in itertools.product(cells, [b"/>", b"></c>", b"><v/></c>"]):
        edited = xml[: blank.start()] + blank[1] + written + xml[blank.end() :]
        row, column = parse_address(blank[2].decode())
        before, after = _plain(xml), _plain(edited)
        assert before is not None
        assert after is not None
        assert after.rows[row][column] is None
        assert after.filled[row] == before.filled[row] - 1


OTHERWISE = [
    b'<c r="%b" s="1"/>',
    b'<c r="%b" />',
    b'<c r="%b" s="1"></c>',
    b'<c r="%b" t="n"><v/></c>',
    b'<c r="%b"><v>7</v></c>',
    b'<c r="%b" s="1"><v>12345678901</v></c>',
    b'<c r="%b" t="b"><v>1</v></c>',
    b'<c r="%b" t="e"><v>#REF!</v></c>',
    b'<c r="%b" t="str"><f>A1</f><v>a</v></c>',
    b'<c r="%b" t="inlineStr"><is><t>a</t></is></c>',
    b'<c r="%b" t="inlineStr"><is><t xml:space="preserve"> </t></is></c>',
    b"",
]
TABLE = "xl/worksheets/sheet2.xml"
ANY_CELL = re.compile(rb'<c r="([A-Z]+[0-9]+)"[^>]*?(?:/>|>.*?</c>)')
ONE_CELL = st.tuples(st.integers(0, 2_000), st.sampled_from(OTHERWISE))


@settings(max_examples=120, deadline=None)
@given(st.lists(st.lists(ONE_CELL, max_size=30), min_size=1, max_size=3), st.lists(st.integers(0, 40), max_size=2))
def test_cells_written_otherwise_than_in_the_rows_known_so_far_are_read_as_by_python_calamine(
    sheets: list[list[tuple[int, bytes]]], ended: list[int]
) -> None:
    parts = parts_of(CLEAN.read_bytes())
    for edits in sheets:
        places = list(ANY_CELL.finditer(parts[TABLE]))
        others = {number % len(places): written for number, written in edits}
        numbers = iter(range(len(places)))

        def cell(match: re.Match[bytes], others: dict[int, bytes] = others, numbers: Iterator[int] = numbers) -> bytes:
            written = others.get(next(numbers))
            return match[0] if written is None else written % match[1] if written else b""

        rows = ANY_CELL.sub(cell, parts[TABLE]).split(b"</row>")
        for row in ended:  # blank cells behind the last one
            number = row % (len(rows) - 1)
            rows[number] += b'<c r="ZY%d"/><c r="ZZ%d" s="1"/>' % (number + 1, number + 1)
        assert _same_sheets(zipped(parts | {TABLE: b"</row>".join(rows)})) >= 2


@pytest.mark.parametrize(
    "written",
    [
        b'<c r="D5"><v/><c r="E5"><v>3</v></c>',
        b'<c r="D5"/></c><c r="E5"><v>3</v></c>',
        b'<c r="D5"><v/><c r="E5"/></c>',
        b'<c r="D5"/>\0</c><c r="E5"><v>3</v></c>',
        b'<c r="D5"/>x<c r="E5"><v>3</v></c>',
        b'<c r="E5"/><c r="D5"><v>3</v></c>',
    ],
)
def test_cells_that_are_not_closed_as_they_are_opened_are_not_plain(written: bytes) -> None:
    xml = parts_of(CLEAN.read_bytes())[TABLE]
    cells = re.compile(rb'<c r="D5".*?<c r="E5".*?</c>')
    assert _plain(cells.sub(lambda match: b'<c r="D5"/><c r="E5"><v>3</v></c>', xml))
    assert _plain(cells.sub(lambda match: written, xml)) is None


@pytest.mark.parametrize("row", [b'<row r="900" hidden="1"/>', b'<row r="900" ht="12" hidden="true"></row>'])
def test_a_hidden_row_without_cells_is_counted(row: bytes) -> None:
    sheets = [_plain(xml.replace(b"</sheetData>", row + b"</sheetData>")) for xml in SHEETS]
    assert all(sheet is not None and sheet.hidden_rows == 1 for sheet in sheets)


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        (b'<row r="5"', b'<row r="5" r="5"'),
        (b'r="A5"', b'r="A5" r="A6"'),
        (b'r="A6"', b'r="A5"'),
        (b'r="A5"', b'r="AAAA5"'),
        (b'r="B5"', b'r="XFE5"'),
        (b'r="B5" s="', b'r="B5" s="0'),
        (b"<sheetData>", b"<!-- --><sheetData>"),
        (b"</sheetData>", b"</sheetData><?a b?>"),
        (b"<sheetData>", b"<a:sheetData/><sheetData>"),
        (b"</sheetData>", b'<row r="9999999"></row></sheetData>'),
        (b"</sheetData>", b"</sheetData"),
        (b"</row>", b""),
        (b"</c>", b""),
        (b"</c>", b"<</c>"),
        (b'"><v>', b'"><</c><c r="ZZ9"><v>'),
        (b"</v>", b"</v><"),
        (b"<v>", b"<f>A1</f><</c><c><v>"),
        (b'<c r="C6" t="inlineStr"><', b""),
        (b"</v>", b""),
        (b"<v>", b"<v>1e999"),
        (b"<t>", b"<t>&nbsp;"),
        (b"<t>", b"<t>\xff"),
        (b"<t>", b"<t>_x000D_"),
        (b"<is>", b"<is><r>"),
    ],
)
def test_a_broken_or_odd_sheet_is_not_plain(good: bytes, bad: bytes) -> None:
    assert any(good in xml for xml in SHEETS)
    assert not any(_plain(xml.replace(good, bad, 1)) for xml in SHEETS if good in xml)


@pytest.mark.parametrize("odd", [b"<!-- </si><si> -->", b"<?a </si><si>?>"])
def test_a_comment_among_shared_texts_does_not_shift_their_numbers(odd: bytes) -> None:
    part = b'<?xml version="1.0"?><sst><si><r>%b<t>a</t></r></si><si><t>b</t></si></sst>'
    assert reader_of_shared(shared_texts(part % b""))(b"v>1</v>") == "b"
    with pytest.raises(NotPlainError):
        reader_of_shared(shared_texts(part % odd))(b"v>1</v>")


ITEMS = [
    b"<si><t>a</t></si>",
    b"<si><t>\xe7\xa4\xbe &amp; b</t></si>",
    b'<si><t xml:space="preserve"> c </t></si>',
    b"<si><r><t>d</t></r><r><t>e</t></r></si>",
    b'<si><t>f</t><phoneticPr fontId="1" type="noConversion"/></si>',
    b"<si><t/></si>",
    b"<si><t></t></si>",
    b"<si/>",
    b"<si></si>",
    b"<si ><t>g</t></si>",
    b"\n<si><t>h</t></si>",
]


@given(st.lists(st.sampled_from(ITEMS), min_size=1, max_size=8), st.sampled_from([b"", b"<extLst/>", b"\n"]))
def test_shared_texts_have_the_numbers_that_python_calamine_counts(items: list[bytes], behind: bytes) -> None:
    cells = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>%d</v></c></row>' % (n + 1, n + 1, n) for n in range(len(items)))
    parts = parts_of(CLEAN.read_bytes())
    before, _, _ = parts[TABLE].partition(b"<sheetData>")
    documents = b"http://schemas.openxmlformats.org/"
    relation = b'<Relationship Id="rId99" Type="%bofficeDocument/2006/relationships/sharedStrings" Target="%b"/>'
    related = relation % (documents, b"sharedStrings.xml") + b"</Relationships>"
    texts = b'<sst xmlns="%bspreadsheetml/2006/main">%b%b</sst>' % (documents, b"".join(items), behind)
    changed = {
        TABLE: before + b"<sheetData>" + cells + b"</sheetData></worksheet>",
        "xl/sharedStrings.xml": b'<?xml version="1.0"?>' + texts,
        RELATIONS: parts[RELATIONS].replace(b"</Relationships>", related),
    }
    plain = set(items) <= {ITEMS[0], ITEMS[1], ITEMS[4]} and not behind
    assert _same_sheets(zipped(parts | changed)) == 3 or not plain


XLSX = [path for path in sorted(FILES.iterdir()) if path.suffix in (".xlsx", ".xlsm", ".et")]


def _both_ways(content: bytes) -> Iterator[tuple[Sheet, Sheet]]:
    """Each sheet that is read plain, beside what python-calamine says of it."""
    try:
        look(content, "a.xlsx")
        package, book = open_package(content), python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    except (*DAMAGED, FileRefused, python_calamine.CalamineError):
        return
    for name in book.sheet_names if package.sheet_parts else ():
        read = ooxml.read_sheet(package, name)
        if read is not None:
            with contextlib.suppress(python_calamine.CalamineError):  # what stands around the cells is damaged
                yield read[0], read_by_calamine(book, name)


def _filled(sheet: Sheet) -> dict[tuple[int, int], Value]:
    cells = ((row, column, value) for row, line in enumerate(sheet.rows) for column, value in enumerate(line))
    return {(row, column): value for row, column, value in cells if value is not None}


def _knows_its_cells(sheet: Sheet) -> None:
    anew = replace(sheet)  # without what a sheet keeps of its cells
    assert (sheet.texts, sheet.filled, sheet.long_numbers) == (anew.texts, anew.filled, anew.long_numbers)


def _same_sheets(content: bytes) -> int:
    count = 0
    for plain, exact in _both_ways(content):
        assert _filled(plain) == _filled(exact)
        assert sorted(plain.merged) == sorted(exact.merged)
        _knows_its_cells(plain)
        count += 1
    return count


def test_the_sheets_of_the_samples_are_read_plain_as_python_calamine_reads_them() -> None:
    assert sum(_same_sheets(path.read_bytes()) for path in XLSX) > 100


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(XLSX), st.integers(0, 2**32))
def test_a_damaged_sheet_is_read_plain_as_python_calamine_reads_it_or_not_at_all(path: Path, seed: int) -> None:
    try:
        mutant = mutate(path.read_bytes(), random.Random(seed))[1]
    except DAMAGED:  # a sample that is no package, or an empty one
        return
    _same_sheets(mutant)


@pytest.mark.parametrize("text", ["<t> a</t>", "<t>a&#10;</t>", "<t>\n</t>", '<t xml:space="preserve"> a\n</t>'])
def test_white_space_around_a_text_is_kept_or_taken_off_as_by_python_calamine(text: str) -> None:
    parts = parts_of(CLEAN.read_bytes())
    name = "xl/worksheets/sheet1.xml"
    changed = re.sub(rb"<t>[^<]+</t>", lambda match: text.encode(), parts[name], count=1)
    assert changed != parts[name]
    _same_sheets(zipped(parts | {name: changed}))


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"), max_size=12)
NUMBERS = st.one_of(st.integers(-(10**17), 10**17), st.floats(allow_nan=False, allow_infinity=False))


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.integers(1, 12), st.integers(1, 30)), st.one_of(TEXT, NUMBERS, st.booleans()), max_size=40
    )
)
def test_any_values_are_read_plain_as_python_calamine_reads_them(cells: dict[tuple[int, int], Any]) -> None:
    book = openpyxl.Workbook()
    for (row, column), value in cells.items():
        with contextlib.suppress(IllegalCharacterError):
            book.active.cell(row, column, value).data_type = "s" if isinstance(value, str) else "n"
    memory = io.BytesIO()
    book.save(memory)
    _same_sheets(memory.getvalue())


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 60), st.one_of(TEXT, NUMBERS.map(float))), max_size=4))
def test_a_sheet_knows_its_cells_after_they_were_changed(puts: list[tuple[int, int, Value]]) -> None:
    for sheet, _ in _both_ways(CLEAN.read_bytes()):
        for row, column, value in puts:
            sheet.put(row, column, value)
        sheet.trim()
        assert not sheet.rows or any(not is_blank(value) for value in sheet.rows[-1])
        _knows_its_cells(sheet)


@pytest.mark.parametrize("text", ["", " ", "　", "名"])
@pytest.mark.parametrize("preserved", [True, False])
def test_a_text_of_white_space_is_no_filled_cell(text: str, preserved: bool) -> None:
    parts = parts_of(CLEAN.read_bytes())
    name = "xl/worksheets/sheet2.xml"
    tag = '<t xml:space="preserve">' if preserved else "<t>"
    changed = re.sub(rb"<t>[^<]+</t>", lambda match: f"{tag}{text}</t>".encode(), parts[name], count=3)
    assert changed != parts[name]
    _same_sheets(zipped(parts | {name: changed}))
