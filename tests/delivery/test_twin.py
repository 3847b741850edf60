"""The xlsx twin of what no xlsx writer can keep: the same text in the same cells, and sent back it reads the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from delivery.returns.originals import open_original
from delivery.returns.twin import twin_of
from ingest.data_root import DataRoot
from ingest.files.grid import Sheet, Workbook, text_of
from ingest.files.pool import FileToRead, ReaderPool
from tests.ingest.formats import WRITERS, grids
from tests.ingest.support import CLEAN, FILES, by_community, kinds, new_root, read_one


@pytest.fixture
def root(tmp_path: Path) -> DataRoot:
    return new_root(tmp_path / "data")


def twin(path: Path) -> Any:
    with ReaderPool(workers=1) as pool:
        original = open_original(path, pool)
    assert original.is_twin
    return original.book


def shown(value: object) -> str:
    return text_of(float(value) if isinstance(value, int) else value)


@pytest.mark.parametrize("name", ["csv_utf16be.csv", "csv_quoted_newlines.csv"])
def test_the_twin_has_the_same_text_in_the_same_cells(name: str) -> None:
    with ReaderPool(workers=1) as pool:
        [sheet] = next(pool.read([FileToRead(FILES / name, name)])).workbook.sheets
    [copy] = twin(FILES / name).worksheets
    for row, cells in enumerate(sheet.rows, start=1):
        for column, value in enumerate(cells, start=1):
            assert shown(copy.cell(row, column).value) == (value or "")


@pytest.mark.parametrize("extension", ["xls", "ods", "html.xls", "gb18030.csv"])
def test_a_twin_that_is_sent_back_reads_like_its_original(root: DataRoot, tmp_path: Path, extension: str) -> None:
    path = tmp_path / f"甲街道.{extension}"
    path.write_bytes(WRITERS[extension](grids(CLEAN)))
    twin(path).save(tmp_path / "回执.xlsx")
    before, after = read_one(root, path), read_one(root, tmp_path / "回执.xlsx")
    assert by_community(after) == by_community(before)
    assert not {problem.kind for problem in after.problems if problem.severity != "note"} - kinds(before)


def test_a_row_that_is_too_long_is_laid_under_the_header_with_the_rest_behind_it() -> None:
    [sheet] = twin(FILES / "csv_ragged.csv").worksheets
    row = [cell.value for cell in sheet[8]]
    assert row[2] == "西渠社区"
    assert row[48] == "多出的内容：多余，列"
    assert set(row[49:]) <= {None}
    assert [cell.value for cell in sheet[4]][47] == "拟创各星（五位 0/1）（code）"


def test_numbers_of_a_text_file_are_numbers_and_nothing_else_is() -> None:
    texts = ["-1.2", "873", "17.92", "0", "01101", "11101", "990101001001", "1.20", "+5", "-", "=1+1", "1e5", ""]
    [sheet] = twin_of(Workbook([Sheet("表", [list(texts)], delimited=True)])).worksheets
    assert [cell.value for cell in sheet[1]][:4] == [-1.2, 873, 17.92, 0]
    assert [cell.value for cell in sheet[1]][4:] == [*texts[4:-1], None][: len(sheet[1]) - 4]
    assert {cell.data_type for cell in sheet[1][4:]} <= {"s", "n"}
    assert sheet["K1"].quotePrefix
