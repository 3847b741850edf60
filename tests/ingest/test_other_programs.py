"""Workbooks as other programs write them: real files of LibreOffice, and XML in spellings that exporters use."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.batch import Refused, refusal
from ingest.data_root import DataRoot
from ingest.files.ooxml_plain import plain_part, with_addresses
from ingest.files.pool import FileToRead, ReaderPool
from ingest.files.worker import read_content
from ingest.recognise import read_submission
from ingest.submission import Submission
from ingest.units import Register
from tests.ingest.formats import parts_of, zipped
from tests.ingest.support import NOW, by_community, read_one, send

FOLDER = Path(__file__).parent / "libreoffice"
AWKWARD = FOLDER / "awkward.xlsx"
SHEET = "xl/worksheets/sheet2.xml"
SAID = [
    ("cell_error", "D5"),
    ("external_formula", "E5"),
    ("struck_through", "G5"),
    ("value_in_comment", "J5"),
    ("percent_in_number", "L5"),
    ("total_range_short", "K15"),
    ("hidden_rows", None),
    ("hidden_columns", "I4"),
]


def said(submission: Submission) -> list[tuple[str, str | None]]:
    return [(problem.kind, problem.cell) for problem in submission.problems if problem.sheet == "社区月报"]


@pytest.mark.parametrize("name", ["awkward.xlsx", "awkward.xls", "awkward.ods"])
def test_whatever_the_format_the_same_is_said_of_the_same_cells(root: DataRoot, name: str) -> None:
    submission = read_one(root, FOLDER / name)
    assert [each for each in said(submission) if each != ("result_missing", "F5")] == SAID
    row = by_community(submission)["990101001001"]
    assert (row["households"], row["registered_population"], row["resident_groups"]) == (None, 2581, 9)
    assert row["resident_population"] is None
    (hidden,) = [problem for problem in submission.problems if problem.kind == "sheet_hidden"]
    assert hidden.sheet == "街道汇总"
    (link,) = [problem for problem in submission.problems if problem.kind == "external_formula"]
    assert "“2月报表.xlsx”" in link.message


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("password.xlsx", "file_encrypted"),
        ("password.xls", "file_encrypted"),
        ("password.ods", "file_encrypted"),
        ("protected.xls", "file_encrypted"),
        ("letter_docx.xlsx", "not_a_spreadsheet"),
        ("letter_pdf.xlsx", "not_a_spreadsheet"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_what_to_do(root: DataRoot, name: str, kind: str) -> None:
    report = send(root, FOLDER / name)
    [refused] = report.refused
    assert refused.kind == kind
    assert "请" in refused.message


def single_quoted(xml: bytes) -> bytes:
    return re.sub(rb"<[^>]*>", lambda tag: re.sub(rb'="([^"\']*)"', rb"='\1'", tag[0]), xml)


def spaced(xml: bytes) -> bytes:
    return re.sub(rb"<[^>]*>", lambda tag: re.sub(rb'="([^"]*)"', rb' = "\1"', tag[0]), xml)


def without_addresses(xml: bytes) -> bytes:
    """Blank cells keep their place, so that only the addresses are gone."""
    return re.sub(rb'<(c|row) r="[A-Z]*\d+"', rb"<\1", xml)


def prefixed(xml: bytes) -> bytes:
    named = re.sub(rb"<(/?)(\w)", rb"<\1x:\2", xml)
    return named.replace(b"xmlns=", b"xmlns:x=").replace(b"<?x:xml", b"<?xml")


def with_mark(xml: bytes) -> bytes:
    return b"\xef\xbb\xbf" + xml


@pytest.mark.parametrize("respell", [single_quoted, spaced, without_addresses, prefixed, with_mark])
def test_a_sheet_in_another_spelling_of_xml_hides_nothing(units: Register, respell: Callable[[bytes], bytes]) -> None:
    parts = parts_of(AWKWARD.read_bytes())
    assert respell(parts[SHEET]) != parts[SHEET]
    workbook, _ = read_content(zipped(parts | {SHEET: respell(parts[SHEET])}), "a.xlsx")
    plain, _ = read_content(AWKWARD.read_bytes(), "a.xlsx")
    assert [sheet.rows for sheet in workbook.sheets] == [sheet.rows for sheet in plain.sheets]
    submission = read_submission(workbook, units, NOW.date())
    assert said(submission) == SAID


def test_quotes_within_an_attribute_survive_its_respelling() -> None:
    assert plain_part(b"<f a='say \"x\"' b=\"it's\">='1'!A1</f>") == b'<f a="say &quot;x&quot;" b="it\'s">=\'1\'!A1</f>'
    assert plain_part(b"<t><![CDATA[1 < 2]]></t>") == b"<t>1 &lt; 2</t>"


def test_cells_without_an_address_follow_the_one_before() -> None:
    sheet = b'<row><c t="n"/><c/></row><row r="5"><c/><c r="AA5"/><c/></row>'
    found = re.findall(rb'<(?:c|row) r="(\w+)"', with_addresses(sheet))
    assert found == [b"1", b"A1", b"B1", b"5", b"A5", b"AA5", b"AB5"]


@pytest.mark.parametrize(
    "hidden",
    [
        b"<![CDATA[13800138000]]>",
        b"".join(b"&#x%x;" % digit for digit in b"13800138000"),
        "１３８００１３８０００".encode(),
    ],
)
def test_a_phone_in_a_note_is_found_however_the_xml_writes_it(tmp_path: Path, hidden: bytes) -> None:
    parts = parts_of(AWKWARD.read_bytes())
    (name,) = [name for name in parts if "comments" in name and name.endswith(".xml")]
    path = tmp_path / "a.xlsx"
    path.write_bytes(zipped(parts | {name: parts[name].replace("应为 ".encode(), hidden + b"; ")}))
    with ReaderPool(workers=1) as pool:
        answer = refusal(next(pool.read([FileToRead(path, path.name)])), path.name)
    assert isinstance(answer, Refused)
    assert answer.message == "文件含手机号（批注），整份隔离，没有任何内容入库；请删除后重报"
