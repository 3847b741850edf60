from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.comments import Comment

from ingest.batch import Refused, refusal
from ingest.data_root import DataRoot
from ingest.files.ooxml import Package
from ingest.files.personal import find_in_parts, kinds_in
from ingest.files.plain_workbook import SHARED_STRINGS
from ingest.files.pool import FileToRead, ReaderPool
from tests.ingest.support import edited, send

PHONE = "13800138000"  # a service line of a network operator
IDENTITY = "990101199111052076"  # of an unassigned county


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (IDENTITY, "identity_number"),
        ("９９０１０１ １９９１１１０５ ２０７６", "identity_number"),
        ("身份证99010119911105207X。", "identity_number"),
        ("电话138-0013-8000", "phone_number"),
        ("+86 13800138000", "phone_number"),
        ("8613800138000", "phone_number"),
        ("13800138000 13800138000", "phone_number"),
        ("甲一社区 990101001001 138 0013 8000 2024", "phone_number"),
        ("1 3 8 0 0 1 3 8 0 0 0", "phone_number"),
        ("990101001001 990101199111052076", "identity_number"),
        ("6222 0000 0000 0000 6", None),
        ("4111 1111 1111 1111", "bank_card"),
    ],
)
def test_personal_numbers_are_found_however_they_are_written(text: str, kind: str | None) -> None:
    assert kinds_in(text) == ({kind} if kind else set())


@pytest.mark.parametrize(
    "text",
    [
        "990101001001",
        "990101-001-001",
        "130101001001",
        "1301 0100 1001",
        "0.30000000000000004",
        "2024-03-01 2024-04-05",
        "12345678",
    ],
)
def test_codes_figures_and_dates_are_no_hit(text: str) -> None:
    assert kinds_in(text) == set()


def _comment(book: Any) -> None:
    book["社区月报"]["D5"].comment = Comment(f"请联系{PHONE}", "审核")


def _header(book: Any) -> None:
    book["封面"].oddHeader.center.text = f"联系电话{PHONE}"


def _property(book: Any) -> None:
    book.properties.description = IDENTITY


def _number(book: Any) -> None:
    book["社区月报"]["AX5"] = int(PHONE)


def _hidden_list(book: Any) -> None:
    sheet = book.create_sheet("底册")
    sheet.sheet_state = "veryHidden"
    for row in (["序号", "姓名"], [1, "样本零"], [2, "样本壹"]):
        sheet.append(row)


def _sheet_name(book: Any) -> None:
    book["社区月报"].title = PHONE


@pytest.mark.parametrize("edit", [_comment, _header, _property, _number, _hidden_list, _sheet_name])
def test_personal_data_anywhere_in_a_workbook_are_found(edit: Any, tmp_path: Path) -> None:
    path = edited(tmp_path / "一月.xlsx", edit)
    with ReaderPool(workers=1) as pool:
        read = next(pool.read([FileToRead(path, path.name)]))
    assert read.workbook is None
    answer = refusal(read, path.name)
    assert isinstance(answer, Refused)
    assert answer.quarantined


def test_the_clean_workbook_with_its_signature_line_is_no_hit(root: DataRoot, tmp_path: Path) -> None:
    path = edited(tmp_path / "签名.xlsx", lambda book: book["社区月报"].cell(18, 1, "审核人：甲某  联系电话：示例"))
    assert not send(root, path).refused


def test_labels_of_a_cover_are_no_list_of_names(root: DataRoot, tmp_path: Path) -> None:
    def sign(book: Any) -> None:
        for row, (label, value) in enumerate(
            [("填报人姓名", "甲某"), ("联系电话", None), ("填报日期", None)], start=12
        ):
            book["封面"].cell(row, 2, label)
            book["封面"].cell(row, 3, value)

    assert not send(root, edited(tmp_path / "封面.xlsx", sign)).refused


def test_nothing_of_a_quarantined_file_reaches_raw_archive_or_reason(root: DataRoot, tmp_path: Path) -> None:
    path = edited(tmp_path / f"王某{PHONE}.xlsx", _comment)
    report = send(root, path)
    assert [refused.quarantined for refused in report.refused] == [True]
    assert PHONE not in report.refused[0].message
    assert PHONE not in report.refused[0].workbook
    assert not list(root.archive.iterdir())
    for kept in (*root.raw.rglob("*.parquet"), *root.quarantine.glob("*.reason.txt")):
        assert PHONE.encode() not in kept.read_bytes()
        assert PHONE not in kept.name
    assert PHONE not in "".join(file.name for file in root.quarantine.iterdir())


def test_a_quarantined_file_is_not_read_again(root: DataRoot, tmp_path: Path) -> None:
    path = edited(tmp_path / f"王某{PHONE}.xlsx", _comment)
    send(root, path)
    again = send(root)
    assert (again.refused, again.unchanged) == ([], 1)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([PHONE, "138 0013", " 8000", IDENTITY, "&#49;3800138000", "社区", "a\n b", ""]),
            st.sampled_from(
                [
                    "<si><t>{}</t></si>",
                    '<si><t xml:space="preserve"> {} </t><phoneticPr fontId="1" type="noConversion"/></si>',
                    "<si><r><t>{}</t></r><r><t>0</t></r></si>",
                    '<si><t>{}</t><rPh sb="0" eb="1"><t>{}</t></rPh></si>',
                    "<si/>",
                    "<!-- {} -->",
                ]
            ),
        ),
        max_size=5,
    )
)
def test_shared_texts_are_looked_through_one_by_one_as_any_part_is_whole(items: list[tuple[str, str]]) -> None:
    part = f"<sst>{''.join(written.format(text, text) for text, written in items)}</sst>".encode()
    texts = Package({SHARED_STRINGS: part}).all_shared_texts
    one_by_one, whole = (
        {found.kind for found in find_in_parts({SHARED_STRINGS: part}, each)} for each in (texts, None)
    )
    assert one_by_one == whole
