"""Our own rules on the workbooks, read by our own ingest: each slip is seen, and the truth is not accused."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from examples.synthetic import write_workbooks
from examples.synthetic.model import MONTHS, UNITS_FILE
from examples.synthetic.slips import Slip, read_slips
from expectations.catalogue import load_catalogue
from expectations.detect import detect
from expectations.history import Inputs, load_history
from expectations.structure import StructureInputs, evaluate_structure
from ingest.data_root import DataRoot
from ingest.inbox import ingest_inbox
from ingest.raw.read import load_month
from ingest.reference import read_units

# The report prints 20 and 18 branches for 1,096 and 765 members, and 3 general branches.
IMPLIED_BY_THE_REPORT = {"MEMBERS-PER-BRANCH", "GENERAL-BRANCH-DUE"}
pytestmark = pytest.mark.slow

RECEIVED = datetime(2024, 4, 3, tzinfo=UTC)


def filled_root(folder: Path, slips: bool) -> DataRoot:
    root = DataRoot(folder).create()
    shutil.copy(UNITS_FILE, root.units_file)
    write_workbooks(root.inbox, slips=slips)
    report = ingest_inbox(root, RECEIVED)
    assert not report.refused
    return root


@pytest.fixture(scope="module")
def true_root(tmp_path_factory) -> DataRoot:
    return filled_root(tmp_path_factory.mktemp("true_root"), slips=False)


@pytest.fixture(scope="module")
def slipped_root(tmp_path_factory) -> DataRoot:
    return filled_root(tmp_path_factory.mktemp("slipped_root"), slips=True)


def violated(root: DataRoot, month: date) -> set[tuple[str, str]]:
    """(rule, unit) of the rules over several operands."""
    rules = load_catalogue(None).expressions(month)
    inputs = Inputs(month, load_month(root, month), load_history(root, month, rules), read_units(root))
    return {(violation.rule_code, violation.unit_code) for violation in detect(inputs, rules).violations}


def violated_in_a_column(root: DataRoot, month: date) -> set[tuple[str, str]]:
    """(rule, unit) of the rules over one column, which Great Expectations evaluates."""
    tables = load_month(root, month)
    frames = [tables[f"monthly_report_{name}"].to_pandas() for name in ("communities", "subdistricts")]
    rules = load_catalogue(None).structure(month)
    asked = StructureInputs(month, *frames, read_units(root), rules)
    outcomes, _ = evaluate_structure([asked], None)
    return {(violation.rule_code, violation.unit_code) for violation in outcomes[month].violations}


def noted_while_reading(root: DataRoot, month: date) -> set[tuple[str, str]]:
    """(item, unit) of the problems that ask for an answer."""
    problems = load_month(root, month)["problems"].to_pylist()
    return {(problem["item_code"], problem["unit_code"]) for problem in problems if problem["severity"] != "note"}


@pytest.mark.parametrize("slip", read_slips(), ids=lambda slip: slip.slip_id)
def test_a_slip_is_seen_by_what_it_names(slipped_root: DataRoot, slip: Slip):
    found = violated(slipped_root, slip.month)
    if "BLANK-COMMUNITY" in slip.seen_by:
        found |= violated_in_a_column(slipped_root, slip.month)
    if slip.seen_by == ["ingest"]:
        assert {(item, slip.unit_code) for item in slip.cells} <= noted_while_reading(slipped_root, slip.month)
    else:
        assert {(rule, slip.unit_code) for rule in slip.seen_by} <= found


@pytest.mark.parametrize("month", MONTHS, ids=lambda month: f"{month:%Y-%m}")
def test_without_slips_the_rules_find_only_what_the_printed_figures_imply(true_root: DataRoot, month: date):
    assert {rule for rule, _ in violated(true_root, month)} == IMPLIED_BY_THE_REPORT


def test_without_slips_nothing_is_noted_while_reading(true_root: DataRoot):
    assert not any(noted_while_reading(true_root, month) for month in MONTHS)


def test_without_slips_no_column_of_the_last_month_is_wrong(true_root: DataRoot):
    assert not violated_in_a_column(true_root, MONTHS[-1])
