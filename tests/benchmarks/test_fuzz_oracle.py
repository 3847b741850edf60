"""The fuzz run's zeros mean something: its oracle sees a value that is lost, and knows when it was said."""

from __future__ import annotations

import copy

import pytest

from benchmarks.fuzz.oracle import silent_losses
from ingest.problems import Place, Problem, problem
from ingest.raw.block import Block
from ingest.raw.rows import records
from ingest.raw.schema import TEXT
from ingest.submission import Submission
from tests.ingest.support import CLEAN, new_root, read_one

TABLES = {"monthly_report_communities": "households", "monthly_report_subdistricts": "secretaries"}


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Submission:
    return read_one(new_root(tmp_path_factory.mktemp("oracle")), CLEAN)


def _without_first(read: Submission, table: str, column: str, instead: int | None) -> Submission:
    changed = copy.deepcopy(read)
    first, *rest = records(table, changed.blocks[table])
    first |= {column: instead, f"{column}{TEXT}": None if instead is None else str(instead)}
    changed.blocks[table] = [Block.of([first, *rest])]
    return changed


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("instead", [None, 7_654_321])
def test_a_value_that_is_lost_or_changed_without_a_word_is_a_loss(
    read: Submission, table: str, instead: int | None
) -> None:
    (lost,) = silent_losses(read, _without_first(read, table, TABLES[table], instead), CLEAN.read_bytes())
    assert str(instead) in lost


def test_a_value_that_is_said_to_be_lost_is_none(read: Submission) -> None:
    changed = _without_first(read, "monthly_report_communities", "households", None)
    code = changed.blocks["monthly_report_communities"][0].columns["community_code"][0]
    changed.problems.append(_problem(code))
    assert not silent_losses(read, changed, CLEAN.read_bytes())


def _problem(code: str) -> Problem:
    return problem("cell_error", Place("社区月报", "D5", code, "P01"), "#REF!", None)


def test_a_wrong_account_is_a_loss(read: Submission) -> None:
    changed = copy.deepcopy(read)
    changed.cells_label = -1
    assert silent_losses(read, changed, CLEAN.read_bytes())


def test_the_same_submission_loses_nothing(read: Submission) -> None:
    assert not silent_losses(read, copy.deepcopy(read), CLEAN.read_bytes())
