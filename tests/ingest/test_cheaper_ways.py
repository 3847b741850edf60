"""Each cheaper way says the same as the exact one that it stands in for: whatever it cannot say, it leaves to it."""

from __future__ import annotations

import contextlib
import io
import random
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pytest
import python_calamine
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl.utils.exceptions import IllegalCharacterError

from benchmarks.fuzz.mutate import flip_bytes, mutate
from benchmarks.reading.month import write_month
from ingest.data_root import DataRoot
from ingest.files import ooxml
from ingest.files.grid import CellError, Sheet, Value, is_blank, text_of
from ingest.files.look import FileRefused, look
from ingest.files.ooxml import open_package
from ingest.files.parts import unpacked
from ingest.files.plain_sheet import PlainSheet, Styles, read_plain, shared_texts
from ingest.files.pool import FileToRead
from ingest.files.sound import refuse_broken
from ingest.files.workbook_reader import read_by_calamine
from ingest.files.worker import read_content
from ingest.forms.spelling import spell
from ingest.intake import FileTaken, IntakePool
from ingest.raw.block import Block, Record
from ingest.raw.rows import records, table
from ingest.raw.schema import TABLES
from ingest.recognise import read_submission
from ingest.reference import Item, items, read_units
from ingest.submission import Submission
from ingest.units import Register
from ingest.values.cell import read_cell, read_column, readings
from ingest.values.reading import printed, to_wire
from tests.ingest.formats import parts_of
from tests.ingest.support import CLEAN, FILES, NOW, new_root, wired

SHEETS = [content for name, content in parts_of(CLEAN.read_bytes()).items() if "worksheets/sheet" in name]
DAMAGED = (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, EOFError, OSError, zlib.error)
MARKUP = st.sampled_from(
    [b"<", b">", b"&", b"&#0;", b"&#65534;", b"]]>", b"<row ", b' r="A1"', b"</c>", b"<v>", b"\xff", b"\x00", b"<!--"]
)


def _plain(xml: bytes) -> PlainSheet | None:
    return read_plain(xml, shared_texts(b""), Styles())


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


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        (b'<row r="5"', b'<row r="5" r="5"'),
        (b'r="A5"', b'r="A5" r="A6"'),
        (b'r="A6"', b'r="A5"'),
        (b'r="A5"', b'r="AAAA5"'),
        (b'r="B5"', b'r="XFE5"'),
        (b"</sheetData>", b"</sheetData"),
        (b"</row>", b""),
        (b"</c>", b""),
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


def _same_sheets(content: bytes) -> int:
    count = 0
    for plain, exact in _both_ways(content):
        assert _filled(plain) == _filled(exact)
        assert sorted(plain.merged) == sorted(exact.merged)
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


def _unpacked(content: bytes, exact: bool) -> dict[str, bytes] | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return {
                entry.filename: package.read(entry) if exact else unpacked(content, entry)
                for entry in package.infolist()
            }
    except DAMAGED:
        return None


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([CLEAN, *sorted(FILES.glob("*.xlsx"))[:5]]), st.integers(0, 10**9), st.booleans())
@example(FILES / "column_number_row.xlsx", 7916, True)  # says of itself that it is strongly encrypted
def test_a_part_is_unpacked_as_zipfile_would_or_not_at_all(path: Path, seed: int, flips: bool) -> None:
    draw = random.Random(seed)
    content = (flip_bytes if flips else lambda whole, draw: mutate(whole, draw)[1])(path.read_bytes(), draw)
    assert _unpacked(content, exact=False) == _unpacked(content, exact=True)


COLUMNS = [item for item in items() if item.sheet == "community"]
CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([0.0, 1.0, "0", "1", "是", "TRUE", " ", "无", "1.5万", date(2024, 3, 1), CellError("#REF!")]),
    st.integers(0, 999).map(float),
    st.floats(),
)


@settings(deadline=None)
@given(st.sampled_from(COLUMNS), st.lists(CELLS, max_size=6), st.lists(CELLS, max_size=6))
def test_a_column_reads_as_its_cells_one_by_one(item: Item, before: list[Value], cells: list[Value]) -> None:
    read_column(readings(item), before)  # what is kept of one column changes nothing in the next
    read = read_column(readings(item), cells)
    one_by_one = [read_cell(raw, item) for raw in cells]
    texts = [None if is_blank(raw) else text_of(raw) for raw in cells]
    assert list(map(repr, read.values)) == [repr(to_wire(reading.value)) for reading in one_by_one]
    if read.texts is None:
        assert [printed(value) for value in read.values] == texts
        assert not any(reading.kind for reading in one_by_one)
    else:
        assert list(read.texts) == texts
        assert list(map(repr, read.readings)) == list(map(repr, one_by_one))


VALUES = {
    "households": st.integers(-(10**14), 10**14),
    "operating_revenue": st.decimals(-(10**9), 10**9, places=2).map(to_wire),
    "zero_cases": st.booleans(),
    "community_type": st.text(max_size=3),
}


@settings(deadline=None)
@given(st.lists(st.fixed_dictionaries({name: st.none() | values for name, values in VALUES.items()}), max_size=4))
def test_a_text_that_no_block_gives_is_what_the_value_prints_as(values: list[Record]) -> None:
    for row in records("monthly_report_communities", [Block.of(values)]):
        for name in VALUES:
            assert row[f"{name}__text"] == printed(to_wire(row[name]))


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=6))
def test_a_name_of_ideographs_is_spelled_as_it_stands(name: str) -> None:
    assert spell(name) == spell(f" {name}①")  # the space and the footnote make it go the long way


RECORDS = st.lists(
    st.fixed_dictionaries(
        {"row_number": st.integers(1, 99), "households": st.integers(0, 9), "households__text": st.text(max_size=3)},
        optional={"unknown": st.none()},
    ),
    max_size=4,
)


@settings(deadline=None)
@given(st.lists(RECORDS, max_size=4))
def test_blocks_make_the_table_that_their_records_make(batches: list[list[Record]]) -> None:
    schema = TABLES["monthly_report_communities"]
    same: list[dict[str, Any]] = [{"workbook": f"{number}.xlsx"} for number in range(len(batches))]
    blocks = [
        Block(made.count, made.columns, common) for made, common in zip(map(Block.of, batches), same, strict=True)
    ]
    records = [common | record for batch, common in zip(batches, same, strict=True) for record in batch]
    assert table(schema, blocks).equals(pa.Table.from_pylist(records, schema=schema))


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> DataRoot:
    root = DataRoot(tmp_path_factory.mktemp("month")).create()
    write_month(root.inbox, 12).replace(root.units_file)
    return root


def _taken(root: DataRoot, paths: list[Path]) -> list[FileTaken]:
    with IntakePool(root, NOW.date(), workers=2) as pool:
        return list(pool.take([FileToRead(path, path.name) for path in paths]))


def _tables(rows: dict[str, list[Block]]) -> dict[str, pa.Table]:
    return {name: table(TABLES[name], blocks) for name, blocks in rows.items()}


def _in_this_process(path: Path, register: Register) -> Submission | FileRefused | None:
    """The submission, the refusal, or None where the file holds personal data."""
    try:
        workbook, findings = read_content(path.read_bytes(), path.name)
        return None if findings else read_submission(workbook, register, NOW.date())
    except FileRefused as refused:
        return refused


def _same(root: DataRoot, paths: list[Path]) -> None:
    register = Register(read_units(root))
    for path, taken in zip(paths, _taken(root, paths), strict=True):
        read = _in_this_process(path, register)
        if isinstance(read, FileRefused):
            assert (taken.refused, taken.details) == (read.kind, read.details)
        elif read is None:
            assert taken.personal
        else:
            assert _tables(taken.rows) == _tables(wired(read))
            assert taken.submission is not None
            assert vars(taken.submission) == vars(read) | {"rows": {}, "blocks": {}}


def test_the_workers_take_each_sample_as_one_process_reads_it(tmp_path: Path) -> None:
    _same(new_root(tmp_path), sorted(path for path in FILES.iterdir() if path.stat().st_size))


def test_workbooks_of_one_layout_do_not_mix(month: DataRoot) -> None:
    """What is kept of one workbook for the next (layouts, readings, parts) never carries its content over."""
    _same(month, sorted(month.inbox.iterdir()))


def test_a_package_of_one_layout_holds_its_own_sheets(month: DataRoot) -> None:
    paths = sorted(month.inbox.iterdir())
    for path in [*paths, *paths]:
        assert open_package(path.read_bytes()).parts == parts_of(path.read_bytes())
