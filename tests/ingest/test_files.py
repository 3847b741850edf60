from __future__ import annotations

import contextlib
import errno
import io
import json
import os
import signal
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.data_root import DataRoot
from ingest.files import look as looking
from ingest.files.grid import CellError, from_wire, to_wire, wire_value
from ingest.files.look import FileRefused, look
from ingest.files.pool import FileToRead, ReaderPool, WorkerError
from ingest.files.text_reader import decode
from ingest.files.worker import read_content
from ingest.intake import IntakePool
from tests.ingest import babbling_worker
from tests.ingest.babbling_worker import ANSWERS
from tests.ingest.formats import as_xls, ods, zipped
from tests.ingest.support import CLEAN, FILES, NOW


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (b"", "a.xlsx", "empty_file"),
        (b"x", "~$a.xlsx", "temporary_file"),
        (b"x", ".~lock.a.xlsx#", "temporary_file"),
        (b"%PDF-1.7", "a.xlsx", "not_a_spreadsheet"),
        (b"\x89PNG\r\n", "a.xlsx", "not_a_spreadsheet"),
        (b"Rar!\x1a\x07", "a.xlsx", "archive_file"),
        (b"PK\x03\x04broken", "a.xlsx", "file_damaged"),
        (zipped({"a.xlsx": b"x"}), "a.xlsx", "archive_file"),
        (zipped({"[Content_Types].xml": b"", "word/document.xml": b""}), "a.xlsx", "not_a_spreadsheet"),
        (zipped({"xl/workbook.xml": b"0" * 30_000_000}), "a.xlsx", "zip_bomb"),
        (looking.OLE_MAGIC + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", "file_encrypted"),
        (looking.OLE_MAGIC + b"WordDocument", "a.xls", "file_damaged"),
    ],
)
def test_a_file_is_refused_before_it_is_opened(content: bytes, name: str, kind: str) -> None:
    with pytest.raises(FileRefused) as refused:
        look(content, name)
    assert refused.value.kind == kind


def test_the_type_comes_from_the_content_not_from_the_name() -> None:
    assert look(CLEAN.read_bytes(), "a.csv") == "xlsx"
    assert look(b"a,b\n1,2\n", "a.xlsx") == "text"
    assert look(b"<html><table><tr><td>1</td></tr></table></html>", "a.xls") == "html"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_is_decoded_from_every_encoding_that_clerks_use(encoding: str) -> None:
    text = "序号,社区代码,社区名称\n1,990101001001,甲一社区\n"
    assert decode(text.encode(encoding))[0] == text


def test_the_tables_of_a_page_are_read_with_their_spans() -> None:
    page = "<table><tr><th colspan=2>甲</th><th rowspan='2'>乙</th></tr><tr><td>1</td><td>2</td></tr></table>"
    workbook, _ = read_content(page.encode(), "a.xls")
    assert workbook.sheets[0].rows == [["甲", None, "乙"], ["1", "2"]]
    assert workbook.sheets[0].merged == [(0, 0, 0, 1), (0, 2, 1, 2)]
    assert workbook.notices == ["extension_differs"]


def test_errors_and_formulas_without_result_are_not_blank(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "=1+1"
    book.active["B1"] = "#REF!"
    book.active["B1"].data_type = "e"
    book.active["C1"] = 0.301
    book.active["C1"].number_format = "0.0%"
    book.save(tmp_path / "a.xlsx")
    workbook, _ = read_content((tmp_path / "a.xlsx").read_bytes(), "a.xlsx")
    assert workbook.sheets[0].rows == [[CellError("公式没有结果"), CellError("#REF!"), "30.1%"]]


def test_a_workbook_survives_the_way_from_the_worker() -> None:
    workbook, _ = read_content((FILES / "month_date_1904.xlsx").read_bytes(), "a.xlsx")
    assert from_wire(json.loads(json.dumps(to_wire(workbook), default=wire_value))) == workbook


def test_thousands_of_styled_blank_rows_are_cut_off(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(CLEAN)
    side = openpyxl.styles.Side(style="thin")
    for row in range(18, 1500):
        book["社区月报"].cell(row, 1).border = openpyxl.styles.Border(left=side)
    book.save(tmp_path / "a.xlsx")
    workbook, _ = read_content((tmp_path / "a.xlsx").read_bytes(), "a.xlsx")
    assert len(workbook.sheets[1].rows) == 17


def deadly(folder: Path) -> Path:
    """An .xls without the end of its last sector: python-calamine panics, and its process dies."""
    content = as_xls(read_content(CLEAN.read_bytes(), CLEAN.name)[0])
    (folder / "deadly.xls").write_bytes(content[:-124])
    return folder / "deadly.xls"


def test_a_file_that_kills_its_reader_is_refused_and_the_next_one_is_read(tmp_path: Path) -> None:
    files = [deadly(tmp_path), CLEAN, deadly(tmp_path), CLEAN]
    with ReaderPool(workers=1) as pool:
        reads = list(pool.read([FileToRead(path, path.name) for path in files]))
    assert [read.refused for read in reads] == ["reader_died", None, "reader_died", None]


def test_an_answer_that_is_none_is_that_files_refusal(root: DataRoot) -> None:
    names = [*ANSWERS, "agreed"]
    pool = IntakePool(root, NOW.date(), workers=1)
    pool.command[pool.command.index("ingest.intake_worker")] = babbling_worker.__name__
    with pool:
        taken = list(pool.take([FileToRead(CLEAN, name) for name in names]))
    assert [each.refused for each in taken] == ["reader_died"] * len(ANSWERS) + ["no_cells"]


def _start_workers_after(statement: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the workers' program run ``statement`` first."""
    program = f"from ingest.files import forks, worker; {statement}; worker.main()"
    python = folder / "python"
    python.write_text(f'#!/bin/sh\nshift 2\nexec {sys.executable} -c "{program}" "$@"\n')
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))


def test_a_file_that_needs_too_much_memory_is_refused_and_the_next_one_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _start_workers_after(f"forks.MEMORY = {120 * 1024**2}", tmp_path, monkeypatch)
    row = "<table:table-row>" + '<table:table-cell office:value-type="float" office:value="7"/>' * 400
    greedy = tmp_path / "greedy.ods"
    greedy.write_bytes(ods(f"{row}</table:table-row>" * 1_000))
    with ReaderPool(workers=1) as pool:
        reads = list(pool.read([FileToRead(path, path.name) for path in (greedy, CLEAN)]))
    assert [read.refused for read in reads] == ["reader_died", None]


def test_a_worker_that_has_grown_is_renewed_and_only_deadly_files_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _start_workers_after("forks.RENEWED_AT = 0", tmp_path, monkeypatch)  # so after each file
    paths = [CLEAN, CLEAN, deadly(tmp_path), CLEAN] * 5
    with ReaderPool(workers=2) as pool:
        reads = list(pool.read([FileToRead(path, path.name) for path in paths]))
    assert [read.refused for read in reads] == [None, None, "reader_died", None] * 5


def test_a_file_that_takes_too_long_is_refused() -> None:
    with ReaderPool(workers=1, wall_seconds=0.0) as pool:
        assert [read.refused for read in pool.read([FileToRead(CLEAN, CLEAN.name)])] == ["reader_died"]


def test_workers_that_do_not_start_refuse_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with ReaderPool(workers=1) as pool, pytest.raises(WorkerError, match="没有文件受影响"):
        next(pool.read([FileToRead(CLEAN, CLEAN.name)]))


def _refused_by_the_kernel(process: int) -> int:
    raise OSError(errno.ENOSYS, "Function not implemented")


@pytest.mark.parametrize("known", [True, False])
def test_a_pool_that_is_left_in_the_middle_leaves_no_process_behind(
    monkeypatch: pytest.MonkeyPatch, known: bool
) -> None:
    if not known:
        monkeypatch.setattr(os, "pidfd_open", _refused_by_the_kernel, raising=False)
    pool = ReaderPool(workers=2)
    with contextlib.suppress(KeyError), pool:
        pool.answers([FileToRead(CLEAN, CLEAN.name)] * 40)
        raise KeyError
    with pytest.raises(ProcessLookupError):
        os.killpg(pool.process.pid, 0)


def test_a_pool_whose_first_process_was_killed_is_left_without_a_word() -> None:
    with ReaderPool(workers=2) as pool:
        next(pool.read([FileToRead(CLEAN, CLEAN.name)]))
        os.kill(pool.process.pid, signal.SIGKILL)
    assert pool.process.returncode == -signal.SIGKILL


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2, zipfile.ZIP_DEFLATED])
def test_a_damaged_package_is_refused_however_it_is_packed(method: int) -> None:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", method) as archive:
        archive.writestr("mimetype", b"application/vnd.oasis.opendocument.spreadsheet" * 9)
        archive.writestr("xl/workbook.xml", bytes(range(256)) * 40)
    content = bytearray(memory.getvalue())
    for place in range(40, len(content) - 200, 7):
        content[place] ^= 0xFF
    with pytest.raises(FileRefused):
        read_content(bytes(content), "a.xlsx")


def test_the_answers_come_in_the_order_of_the_files() -> None:
    paths = sorted(FILES.glob("csv_*.csv"))
    with ReaderPool(workers=3) as pool:
        alone = [next(pool.read([FileToRead(path, path.name)])).sha256 for path in paths]
        assert [read.sha256 for read in pool.read([FileToRead(path, path.name) for path in paths])] == alone


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_file_is_read_or_refused_but_never_an_error(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["csv_ragged.csv", "甲街道2024年3月.xlsx"]))
    content = bytearray((FILES / name).read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(FileRefused):
        workbook, _ = read_content(bytes(content), name)
        assert workbook.sheets
