"""Stated confidences follow what senders accepted: slowly, never out of order, and the same on every machine."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.calibration import (
    CalibrationPoint,
    Correction,
    Outcome,
    calibration_file,
    fit,
    read_correction,
    read_edges,
    write_calibration,
)
from expectations.settings import shipped_settings
from ingest.data_root import DataRoot
from ingest.reference import ReferenceTableError

EDGES = read_edges(DataRoot(Path("nowhere")))
PRIOR = shipped_settings().calibration_prior
HISTORIES = st.lists(
    st.builds(Outcome, st.decimals(0, 1, places=4, allow_nan=False), st.booleans()), max_size=60
).flatmap(lambda some: st.sampled_from([some, some * 50]))
PROBABILITIES = [n / 500 for n in range(501)]


def correction(outcomes: list[Outcome]) -> Correction:
    return Correction(tuple((float(p.confidence), float(p.corrected)) for p in fit(outcomes, EDGES, PRIOR)))


def history(probability: str, right: int, wrong: int) -> list[Outcome]:
    return [Outcome(Decimal(probability), number < right) for number in range(right + wrong)]


@settings(deadline=None)
@given(HISTORIES)
def test_a_likelier_reading_is_never_stated_with_less_confidence(outcomes: list[Outcome]) -> None:
    stated = [correction(outcomes)(probability) for probability in PROBABILITIES]
    assert all(one <= following for one, following in pairwise(stated))
    assert all(0 <= one <= 1 for one in stated)


@settings(deadline=None)
@given(HISTORIES, st.randoms(use_true_random=False))
def test_the_order_in_which_outcomes_came_does_not_matter(outcomes: list[Outcome], shuffle) -> None:
    other = list(outcomes)
    shuffle.shuffle(other)
    assert fit(other, EDGES, PRIOR) == fit(outcomes, EDGES, PRIOR)


def test_without_outcomes_nothing_is_changed() -> None:
    assert [correction([])(p) for p in PROBABILITIES] == PROBABILITIES
    assert [Correction()(p) for p in PROBABILITIES] == PROBABILITIES
    assert Correction()(1.0 + 1e-15) == 1


@pytest.mark.parametrize("probability", ["0.72", "0.97", "0.9951", "0.9999", "1"])
def test_an_overconfident_history_is_stated_lower_and_an_underconfident_one_higher(probability: str) -> None:
    wrong, right = correction(history(probability, 300, 700)), correction(history(probability, 1000, 0))
    assert wrong(float(probability)) < float(probability) - 0.1
    assert float(probability) <= right(float(probability)) <= 1


def test_twenty_outcomes_move_little() -> None:
    for probability in ("0.75", "0.97", "0.9999"):
        moved = correction(history(probability, 17, 3))(float(probability))
        assert moved == pytest.approx(float(probability), abs=0.01)


def test_what_is_written_is_what_is_read_back(tmp_path: Path) -> None:
    root = DataRoot(tmp_path).create()
    assert read_correction(root) == Correction()
    outcomes = history("0.995", 3000, 500)
    path = write_calibration(root, fit(outcomes, EDGES, PRIOR))
    assert path == calibration_file(root)
    assert read_correction(root) == correction(outcomes)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("0.5,0.6,0,0\n0.9,0.4,0,0\n", "第 3 行：confidence 须逐行变大，corrected 不得变小"),
        ("0.5,0.6,0,0\n0.5,0.7,0,0\n", "第 3 行"),
        ("0,0.1,0,0\n", "第 2 行，confidence 列"),
        ("0.5,1.1,0,0\n", "第 2 行，corrected 列"),
        ("0.5,viel,0,0\n", "第 2 行，corrected 列"),
    ],
)
def test_a_wrong_file_is_refused_with_line_and_reason(tmp_path: Path, rows: str, said: str) -> None:
    root = DataRoot(tmp_path).create()
    header = ",".join(field.name for field in fields(CalibrationPoint))
    calibration_file(root).write_text(f"{header}\n{rows}", encoding="utf-8")
    with pytest.raises(ReferenceTableError, match=said):
        read_correction(root)
