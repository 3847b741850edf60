from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment

from delivery.returns import Returns, write_returns
from delivery.returns.palette import COLOURS
from delivery.returns.record import Record
from delivery.spreadsheet.save import to_bytes
from delivery.spreadsheet.text import put_text
from expectations.recorded import read, recorded
from expectations.run import evaluate_month
from ingest.data_root import DataRoot
from ingest.inbox import ingest_inbox
from ingest.opinions import MARK, SHEET
from ingest.raw.read import load_month
from tests.ingest.support import CLEAN, FILES, NOW, OTHER, new_root

MARCH = date(2024, 3, 1)
NAME = "2024-03/990101001000/甲街道2024年3月_回执.xlsx"
LATER = datetime(2024, 4, 9, 9, 30, tzinfo=UTC)
TABLE = "社区月报"


def spoil(book: Any) -> None:
    """Two slips in two communities, and what a receipt has to keep: a formula, a note and a print area."""
    sheet = book[TABLE]
    sheet["R5"], sheet["R15"] = 9, 52  # 其中男 5 → 9, with its total
    sheet["AN6"], sheet["AN15"] = 1700, 20867  # 基本医保已参保 more than eligible
    sheet["Q5"].comment = Comment("人数已核对", "甲某")
    sheet["AC5"] = "=X5+Y5+Z5-AA5-AB5"
    sheet.print_area = "A1:AV17"


def mend(book: Any) -> None:
    sheet = book[TABLE]
    sheet["R5"], sheet["R15"] = 5, 48
    sheet["AN6"], sheet["AN15"] = 1519, 20686


def spoilt(folder: Path) -> Path:
    """The clean sample with slips, and a formula with the result that its author's program had stored."""
    book = openpyxl.load_workbook(CLEAN)
    spoil(book)
    path = folder / CLEAN.name
    path.write_bytes(to_bytes(book, date(2024, 4, 2), {TABLE: {"AC5": 40.32}}))
    return path


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> DataRoot:
    """March with two slips of 甲街道, evaluated, its receipts written. Tests work on copies."""
    folder = tmp_path_factory.mktemp("answered")
    root = new_root(folder / "data")
    for path in (spoilt(folder), OTHER, *sorted(FILES.glob("*2024年2月.xlsx"))):
        shutil.copy(path, root.inbox)
    ingest_inbox(root, NOW)
    evaluate_month(root, MARCH)
    write_returns(root, [MARCH])
    return root


@pytest.fixture
def root(answered: DataRoot, tmp_path: Path) -> DataRoot:
    shutil.copytree(answered.path, tmp_path / "data")
    return DataRoot(tmp_path / "data")


def open_alerts(root: DataRoot) -> dict[str, dict[str, Any]]:
    latest = recorded(root, MARCH)[-1].evaluation_id
    rows = read(root, "findings", MARCH, latest).to_pylist()
    return {row["alert_id"]: row for row in rows if row["channel"] == "alert" and not row["suppressed_by"]}


def receipt(root: DataRoot) -> Any:
    return openpyxl.load_workbook(root.returns / NAME)


def send_receipt(root: DataRoot, edit: Callable[[Any], None]) -> None:
    """Correct the receipt as a spreadsheet program would, which keeps formulas' results, and drop it into the inbox."""
    book = receipt(root)
    edit(book)
    (root.inbox / Path(NAME).name).write_bytes(to_bytes(book, LATER.date(), {TABLE: {"AC5": 40.32}}))
    ingest_inbox(root, LATER)


def answer_again(root: DataRoot) -> Returns:
    """What a refresh does with it, up to the receipts."""
    evaluate_month(root, MARCH)
    return write_returns(root, [MARCH])


def test_the_wrong_cells_are_coloured_and_each_has_a_note(root: DataRoot) -> None:
    sheet = receipt(root)[TABLE]
    assert {sheet[cell].fill.fgColor.rgb for cell in ("R5", "AN6")} == {COLOURS["mandatory"][0]}
    note = sheet["R5"].comment.text
    assert note.startswith(MARK)
    assert "9+2≠7" in note
    assert "建议：" in note
    assert "接受：" in note
    assert sheet["R7"].comment is None


def test_a_note_of_the_sender_stays_before_ours(root: DataRoot) -> None:
    comment = receipt(root)[TABLE]["Q5"].comment
    assert comment.text.startswith("人数已核对\n\n" + MARK)
    assert comment.author == "甲某"


def test_the_first_sheet_lists_every_finding_with_a_link_to_its_cell(root: DataRoot) -> None:
    book = receipt(root)
    sheet = book.worksheets[0]
    assert sheet.title == SHEET
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=7)]
    own = [alert for alert in open_alerts(root).values() if alert["subdistrict_code"] == "990101001000"]
    assert [row[0] for row in rows] == list(range(1, len(own) + 1))
    assert rows[0][1] == "强制性"
    assert {alert["message"].partition("：")[2] for alert in own} == {row[5] for row in rows}
    assert sheet["D7"].hyperlink.location.startswith(f"'{TABLE}'!")


def test_layout_and_figures_are_the_senders(root: DataRoot) -> None:
    original = root.inbox / CLEAN.name
    before, after = openpyxl.load_workbook(original), receipt(root)
    assert after.sheetnames == [SHEET, *before.sheetnames]
    for sheet in before.worksheets:
        again = after[sheet.title]
        assert {c.coordinate: c.value for r in sheet for c in r} == {c.coordinate: c.value for r in again for c in r}
        assert again.merged_cells.ranges == sheet.merged_cells.ranges
        assert (again.print_area, again.freeze_panes) == (sheet.print_area, sheet.freeze_panes)
        assert (again.print_title_rows, again.page_setup) == (sheet.print_title_rows, sheet.page_setup)
        assert widths(again) == widths(sheet)
        assert {row: again.row_dimensions[row].height for row in sheet.row_dimensions} == {
            row: sheet.row_dimensions[row].height for row in sheet.row_dimensions
        }
        for cell in (cell for row in sheet for cell in row):
            other = again[cell.coordinate]
            assert look_of(other) == look_of(cell)


def look_of(cell: Any) -> tuple[str, str, str, str]:
    return cell.number_format, repr(cell.font), repr(cell.border), repr(cell.alignment)


def widths(sheet: Any) -> dict[str, float]:
    return {letter: dimension.width for letter, dimension in sheet.column_dimensions.items()}


def test_the_same_findings_touch_nothing_and_give_the_same_bytes(root: DataRoot) -> None:
    path = root.returns / NAME
    before = (path.read_bytes(), path.stat().st_mtime_ns)
    again = write_returns(root, [MARCH])
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert NAME in again.unchanged
    shutil.rmtree(root.returns)
    write_returns(root, [MARCH])
    assert path.read_bytes() == before[0]


def test_a_corrected_receipt_closes_exactly_its_alerts(root: DataRoot) -> None:
    before = open_alerts(root)
    send_receipt(root, mend)
    done = answer_again(root)
    after = open_alerts(root)
    closed = before.keys() - after.keys()
    assert closed == {
        alert for alert, row in before.items() if row["subdistrict_code"] == "990101001000" and
        row["severity"] == "mandatory"
    }  # fmt: skip
    assert {after[alert]["rule_code"] for alert in after.keys() - before.keys()} == {"INGEST-corrected"}
    assert done.written == [NAME]


def test_a_receipt_corrected_in_libreoffice_closes_exactly_its_alerts(root: DataRoot) -> None:
    before = open_alerts(root)
    shutil.copy(Path(__file__).parent / "libreoffice" / Path(NAME).name, root.inbox)
    [accepted] = ingest_inbox(root, LATER).accepted
    answer_again(root)
    after = open_alerts(root)
    own = {alert for alert, row in before.items() if row["subdistrict_code"] == "990101001000"}
    assert accepted.version == 2
    assert before.keys() - after.keys() == {alert for alert in own if before[alert]["severity"] == "mandatory"}
    assert {after[alert]["rule_code"] for alert in after.keys() - before.keys()} == {"INGEST-corrected"}


def test_a_receipt_reads_like_the_workbook_it_was_made_from(root: DataRoot) -> None:
    before = load_month(root, MARCH)
    shutil.copy(root.returns / NAME, root.inbox)
    ingest_inbox(root, LATER)
    after = load_month(root, MARCH)
    assert set(after["receipts"].column("version").to_pylist()) == {1, 2}
    for name in ("monthly_report_communities", "monthly_report_subdistricts", "headers"):
        plain = [n for n in before[name].column_names if n not in ("batch_id", "submission_id", "workbook")]
        assert before[name].select(plain).equals(after[name].select(plain))
    said = {row["kind"] for row in after["problems"].to_pylist()}
    assert said == {row["kind"] for row in before["problems"].to_pylist()} | {"corrected"}


def test_a_receipt_of_a_receipt_has_one_list_and_only_its_own_notes(root: DataRoot) -> None:
    send_receipt(root, lambda book: book[TABLE].__setitem__("R5", 5))
    answer_again(root)
    sheet = receipt(root)[TABLE]
    assert receipt(root).sheetnames.count(SHEET) == 1
    assert sheet["AN6"].comment.text.count(MARK) == 1
    assert sheet["B5"].fill.fill_type is None
    assert sheet["Q6"].comment is None


def test_explanations_in_a_receipt_are_noted_not_lost(root: DataRoot) -> None:
    send_receipt(root, lambda book: book[SHEET].__setitem__("I8", "新建小区集中入住"))
    said = [row for row in load_month(root, MARCH)["problems"].to_pylist() if row["kind"] == "explanations_sent"]
    assert [row["severity"] for row in said] == ["note"]
    assert "1 条说明" in said[0]["message"]


def test_an_edited_receipt_is_neither_overwritten_nor_withdrawn(tmp_path: Path) -> None:
    root = new_root(tmp_path / "data")
    record = Record(root)
    record.put("2024-03/1/a.xlsx", "inputs", b"ours")
    record.put("2024-03/1/b.xlsx", "inputs", b"ours")
    record.save()
    (root.returns / "2024-03/1/a.xlsx").write_bytes(b"edited")
    again = Record(root)
    assert [again.is_edited(f"2024-03/1/{name}.xlsx") for name in "ab"] == [True, False]
    assert again.withdraw("2024-03", kept=set()) == 1
    assert [path.name for path in root.returns.rglob("*.xlsx")] == ["a.xlsx"]


def test_what_looks_like_a_formula_is_written_as_text() -> None:
    sheet = openpyxl.Workbook().active
    for row, text in enumerate(("=1+1", "+1", "-1", "@a", "\t=1", "\r=1", "甲"), start=1):
        put_text(sheet.cell(row, 1), text)
    assert {cell.data_type for (cell,) in sheet.iter_rows()} == {"s"}
    assert [cell.quotePrefix for (cell,) in sheet.iter_rows()] == [True] * 6 + [False]
