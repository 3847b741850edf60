"""Every sample against its line in the manifest, cell by cell, as far as it is ingest's part.

What only rules can know (sums, shares, last month's values) is asserted here to load as sent.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ingest.batch import Refused, refusal
from ingest.files.look import FileRefused
from ingest.files.pool import FileToRead, ReaderPool
from ingest.recognise import read_submission
from ingest.reference import Item, items
from ingest.submission import Submission
from tests.ingest.support import COMMUNITIES, FILES, NOW, SAMPLES, new_root, register, rows_of

LINES = [json.loads(line) for line in (SAMPLES / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
READ = [line for line in LINES if line["expect"] not in ("refuse", "quarantine")]
KEPT_OUT = [line for line in LINES if line["expect"] in ("refuse", "quarantine")]
ITEMS = {item.item_code: item for item in items()}
# What these files need is last month or a sum: rules flag them, ingest loads them as sent.
FOR_RULES = {line["id"] for line in LINES if line["group"] == "arithmetic"}
FOR_RULES |= {"formula_stale", "total_formula_too_short", "copy_of_last_month", "resent_corrected"}

# Ingest sees the formula's range itself; that the total is wrong is still the rules' to say.
ASKED_BY_INGEST = {"total_formula_too_short"}

Cell = tuple[str, str]
Answer = Submission | Refused | FileRefused


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Answer]:
    units = register(new_root(tmp_path_factory.mktemp("root")))
    paths = [FILES.parent / line["file"] for line in LINES]
    found: dict[str, Answer] = {}
    with ReaderPool() as pool:
        reads = pool.read([FileToRead(path, path.name) for path in paths])
        for line, path, read in zip(LINES, paths, reads, strict=True):
            found[line["id"]] = refusal(read, path.name) or _recognised(read.workbook, units)
    return found


def _recognised(workbook: Any, units: Any) -> Answer:
    try:
        return read_submission(workbook, units, NOW.date())
    except FileRefused as refused:
        return refused


def _truth() -> dict[tuple[str, str], dict[Cell, Any]]:
    found: dict[tuple[str, str], dict[Cell, Any]] = {}
    with (SAMPLES / "truth.csv").open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            submission = found.setdefault((row["month"], row["subdistrict_code"]), {})
            submission[(row["unit_code"], row["item_code"])] = typed(row["value"], ITEMS[row["item_code"]])
    return found


def typed(value: Any, item: Item) -> Any:
    """A value of the truth or the manifest as its item's type."""
    if value is None:
        return None
    if item.value_type == "integer":
        return int(value)
    if item.value_type in ("money", "mean"):
        return Decimal(str(value)).quantize(Decimal("0.01"))
    return value == "是" if item.value_type == "yes_no" else value


TRUTH = _truth()


def loaded_cells(submission: Submission) -> dict[Cell, Any]:
    sources = [(COMMUNITIES, "community"), ("monthly_report_subdistricts", "subdistrict")]
    return {
        (row.get("community_code", submission.unit_code), item.item_code): row.get(item.column_name)
        for table, sheet in sources
        for row in rows_of(submission, table)
        for item in ITEMS.values()
        if item.sheet == sheet
    }


def named_cells(line: dict[str, Any], truth: dict[Cell, Any]) -> Iterator[tuple[Cell, dict[str, Any]]]:
    """Each cell that the line speaks of, with what it says; ``*`` is spread out."""
    for cell in line["cells"]:
        for unit, item in truth:
            in_sheet = (ITEMS[item].sheet == "community") == (cell["sheet"] == "社区月报")
            if in_sheet and cell["unit_code"] in (unit, "*") and cell["item_code"] in (item, "*"):
                yield (unit, item), cell


@pytest.mark.parametrize("line", READ, ids=lambda line: line["id"])
def test_a_sample_loads_cell_by_cell_as_its_line_says(line: dict[str, Any], answers: dict[str, Answer]) -> None:
    submission = answers[line["id"]]
    assert isinstance(submission, Submission)
    truth = TRUTH[(f"{submission.month:%Y-%m}", submission.unit_code)]
    expected = dict(truth)
    said = dict(named_cells(line, truth))
    for key, cell in said.items():
        if cell["expect"] == "rejected":
            expected[key] = None
        elif cell["expect"] == "flagged":
            expected[key] = typed(cell["value"], ITEMS[key[1]]) if "value" in cell else expected[key]
        else:
            expected[key] = typed(cell["expect"], ITEMS[key[1]])
    if line["id"] == "copy_of_last_month":
        expected = TRUTH[("2024-02", submission.unit_code)]
    if not submission.blocks["monthly_report_subdistricts"]:
        expected = {key: value for key, value in expected.items() if ITEMS[key[1]].sheet == "community"}
    cells = loaded_cells(submission)
    assert {key: cells.get(key) for key in expected} == expected
    assert submission.rows_loaded == line["rows_loaded"]


@pytest.mark.parametrize("line", READ, ids=lambda line: line["id"])
def test_a_sample_is_answered_as_severely_as_its_line_says(line: dict[str, Any], answers: dict[str, Answer]) -> None:
    submission = answers[line["id"]]
    assert isinstance(submission, Submission)
    severities = {problem.severity for problem in submission.problems}
    if line["expect"] == "accept" or line["id"] in FOR_RULES - ASKED_BY_INGEST:
        assert severities <= {"note"}
    elif line["expect"] == "accept_normalised":
        assert severities == {"note"}
    elif line["expect"] == "accept_flagged":
        assert "flagged" in severities
        assert "rejected" not in severities
    else:
        assert "rejected" in severities


@pytest.mark.parametrize("line", READ, ids=lambda line: line["id"])
def test_every_cell_that_is_not_loaded_as_sent_is_named(line: dict[str, Any], answers: dict[str, Answer]) -> None:
    submission = answers[line["id"]]
    assert isinstance(submission, Submission)
    if line["id"] in FOR_RULES:
        return
    problems = submission.problems
    for cell in line["cells"]:
        if cell["expect"] not in ("rejected", "flagged"):
            continue
        named = [
            problem
            for problem in problems
            if problem.severity == cell["expect"]
            and problem.cell
            and problem.sheet == cell["sheet"]
            and cell["unit_code"] in (problem.unit_code, "*")
            and cell["item_code"] in (problem.item_code, "*")
        ]
        assert named, cell


@pytest.mark.parametrize("line", READ, ids=lambda line: line["id"])
def test_every_cell_of_a_sample_is_accounted_for(line: dict[str, Any], answers: dict[str, Answer]) -> None:
    submission = answers[line["id"]]
    assert isinstance(submission, Submission)
    counts = submission.counts
    assert counts.found == counts.loaded + counts.blank + counts.rejected
    expected_rejections = sum(problem.severity == "rejected" for problem in submission.problems)
    assert counts.rejected >= expected_rejections


REASONS = {
    "wrong_subdistrict": "unit_contradicts",
    "zero_bytes": "empty_file",
    "lock_file": "temporary_file",
    "image_only": "no_cells",
    "zip_archive": "archive_file",
    "csv_only_header": "no_rows",
}


@pytest.mark.parametrize("line", KEPT_OUT, ids=lambda line: line["id"])
def test_a_sample_is_kept_out_for_the_reason_its_line_gives(line: dict[str, Any], answers: dict[str, Answer]) -> None:
    answer = answers[line["id"]]
    assert isinstance(answer, Refused | FileRefused)
    if line["expect"] == "quarantine":
        assert isinstance(answer, Refused)
        assert answer.quarantined
        assert answer.message.startswith(line["say_zh"].split("（")[0])
    else:
        assert answer.kind == REASONS[line["id"]]


def test_no_sample_is_left_out() -> None:
    assert {path.name for path in FILES.iterdir()} == {Path(line["file"]).name for line in LINES}
