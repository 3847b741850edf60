"""Each cheaper way says the same as the exact one that it stands in for: whatever it cannot say, it leaves to it."""

from __future__ import annotations

import io
import random
import sys
import zipfile
import zlib
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic_core import from_json, to_json

from benchmarks.fuzz.mutate import flip_bytes, mutate
from benchmarks.reading.month import write_month
from ingest.data_root import DataRoot
from ingest.files.grid import CellError, Value, is_blank, text_of
from ingest.files.look import FileRefused
from ingest.files.ooxml import open_package
from ingest.files.parts import directory, entries_of, plain_directory, unpacked
from ingest.files.pool import FileToRead
from ingest.files.worker import read_content
from ingest.forms.spelling import spell
from ingest.intake import FileTaken, IntakePool
from ingest.raw.block import Block, Record, from_wire
from ingest.raw.block import to_wire as block_wire
from ingest.raw.rows import records, table
from ingest.raw.schema import TABLES
from ingest.recognise import read_submission
from ingest.reference import Item, items, read_units
from ingest.submission import Submission
from ingest.units import Register
from ingest.values.cell import read_cell, read_column, readings
from ingest.values.counts import BLANK, COUNT, packed
from ingest.values.reading import printed, to_wire
from tests.ingest.formats import parts_of
from tests.ingest.support import CLEAN, FILES, NOW, new_root, wired

DAMAGED = (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, EOFError, OSError, zlib.error)


def _unpacked(content: bytes) -> dict[str, bytes] | None:
    try:
        return {entry.filename: unpacked(content, entry) for entry in directory(content)}
    except DAMAGED:
        return None


def _by_zipfile(content: bytes) -> dict[str, bytes] | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return {entry.filename: package.read(entry) for entry in package.infolist()}
    except DAMAGED:
        return None


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([CLEAN, *sorted(FILES.glob("*.xlsx"))[:5]]), st.integers(0, 10**9), st.booleans())
@example(FILES / "column_number_row.xlsx", 7916, True)  # says of itself that it is strongly encrypted
def test_a_part_is_unpacked_as_zipfile_would_or_not_at_all(path: Path, seed: int, flips: bool) -> None:
    draw = random.Random(seed)
    content = (flip_bytes if flips else lambda whole, draw: mutate(whole, draw)[1])(path.read_bytes(), draw)
    assert _unpacked(content) == _by_zipfile(content)


@settings(max_examples=400, deadline=None)
@given(st.integers(0, 10**9), st.lists(st.integers(0, 255), min_size=1, max_size=4), st.booleans())
def test_a_directory_is_the_one_that_zipfile_reads(place: int, written: list[int], at_end: bool) -> None:
    content = CLEAN.read_bytes()
    start = content.index(b"PK\x01\x02")
    place = start + place % (len(content) - start) if not at_end else len(content) - 1 - place % 50
    edited = content[:place] + bytes(written) + content[place + len(written) :]
    _same_directory(edited)
    _same_directory(content[:place] + bytes(written) + content[place:])


def _same_directory(content: bytes) -> None:
    """What is read without zipfile is what zipfile reads."""
    plain = plain_directory(content)
    if plain is not None:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            assert plain == entries_of(package)


@pytest.mark.parametrize("path", [CLEAN, FILES / "column_number_row.xlsx"])
def test_the_directory_of_a_workbook_is_read_without_zipfile(path: Path) -> None:
    content = path.read_bytes()
    assert plain_directory(content)
    _same_directory(content)
    for odd in (content + b"x", content[:-1], b"x" + content, content[:-22], content[-22:], b""):
        assert plain_directory(odd) is None


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


MARK = int.from_bytes(BLANK, sys.byteorder, signed=True)
LARGE = st.one_of(st.integers(-(10**17), 10**17), st.sampled_from([MARK, 2**31 - 1, 2**31, -1])).map(float)
COUNTS = [item for item in COLUMNS if readings(item).counts]


def _counts(sent: bytes | None) -> list[int | None] | None:
    if sent is None:
        return None
    blank = COUNT.unpack(BLANK)
    return [None if count == blank else count[0] for count in COUNT.iter_unpack(sent)]


@given(
    st.sampled_from(COUNTS),
    st.lists(st.one_of(CELLS, LARGE, LARGE.map(lambda value: value // 2**20), st.just(-0.0)), max_size=4),
)
def test_counts_read_together_read_as_one_by_one_or_not_at_all(item: Item, cells: list[Value]) -> None:
    sent = packed(cells)
    found = _counts(sent)
    if found is not None:
        one_by_one = [read_cell(raw, item) for raw in cells]
        assert list(map(repr, found)) == [repr(reading.value) for reading in one_by_one]
        assert not any(reading.kind for reading in one_by_one)
        assert sent is not None
        assert sent.count(BLANK) == found.count(None)
        assert list(map(printed, found)) == [None if raw is None else text_of(raw) for raw in cells]


def test_plain_counts_and_blanks_are_read_together() -> None:
    assert _counts(packed([3.0, None, 0.0])) == [3, None, 0]


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


COUNTED = ["households", "registered_population", "resident_population"]
SENT = st.lists(
    st.lists(
        st.fixed_dictionaries({}, optional={name: st.none() | st.integers(0, 999) for name in COUNTED})
        | st.fixed_dictionaries({name: st.sampled_from([None, 0, 2**31 - 1]) for name in COUNTED}),
        max_size=3,
    ),
    max_size=4,
)


@settings(deadline=None)
@given(SENT)
def test_packed_counts_make_the_table_that_their_columns_make(batches: list[list[Record]]) -> None:
    schema = TABLES["monthly_report_communities"]
    columns = [Block.of(batch) for batch in batches]
    counted = [Block(block.count, {}) for block in columns]
    for each, block in zip(counted, columns, strict=True):
        counts = [None if count is None else float(count) for count in chain.from_iterable(block.columns.values())]
        sent = packed(counts)
        assert sent is not None
        each.packed[tuple(block.columns)] = sent
    received = from_wire(from_json(to_json(block_wire({"sent": counted}))))["sent"]
    assert table(schema, received).equals(table(schema, columns))


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
