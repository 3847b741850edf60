from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.files.grid import Value
from ingest.reference import profile_figures
from ingest.values.printed import read_printed

FIGURES = {figure.figure_code: figure for figure in profile_figures()}


@pytest.mark.parametrize(
    ("figure", "raw", "value", "value_to", "step", "qualifier"),
    [
        ("T14", "30.1%", "30.1", None, "0.1", "exact"),
        ("T24", "４０％", "40", None, "1", "exact"),
        ("T08", "1.9万", "19000", None, "1000", "exact"),
        ("T08", "28,905", "28905", None, "1", "exact"),
        ("T02", "近二分之一", "50", None, "1", "nearly"),
        ("T02", "三分之一", "33.3333", None, "1", "exact"),
        ("T58", "7–8", "7", "8", "1", "range"),
        ("T58", "7至8人", "7", "8", "1", "range"),
        ("T60", "1600余万元", "1600", None, "1", "over"),
        ("T60", "1600余", "1600", None, "1", "over"),
        ("T61", "80多万元", "80", None, "1", "over"),
        ("T59", "超过20", "20", None, "1", "over"),
        ("T59", "近20项", "20", None, "1", "nearly"),
        ("T11", 1096.0, "1096", None, "1", "exact"),
    ],
)
def test_a_printed_figure_keeps_its_precision_and_its_words(
    figure: str, raw: Value, value: str, value_to: str | None, step: str, qualifier: str
) -> None:
    printed = read_printed(raw, FIGURES[figure])
    assert printed.status == "loaded"
    assert printed.value == Decimal(value)
    assert printed.value_to == (None if value_to is None else Decimal(value_to))
    assert printed.step == Decimal(step)
    assert printed.qualifier == qualifier


@pytest.mark.parametrize("raw", ["—", "–", "-", "/", "", None])
def test_a_dash_is_blank(raw: Value) -> None:
    assert read_printed(raw, FIGURES["T09"]).status == "blank"


@pytest.mark.parametrize(
    ("figure", "raw", "kind"),
    [("T23", "40%", "percent_in_number"), ("T08", "很多", "not_a_number"), ("T58", "8–7", "multiple_values")],
)
def test_an_unreadable_figure_is_rejected(figure: str, raw: str, kind: str) -> None:
    printed = read_printed(raw, FIGURES[figure])
    assert (printed.status, printed.kind, printed.value) == ("rejected", kind, None)


def test_a_fraction_without_percent_sign_is_not_multiplied_by_guess() -> None:
    printed = read_printed(0.4, FIGURES["T24"])
    assert (printed.value, printed.kind) == (Decimal("0.4"), "fraction_as_share")


@given(
    st.one_of(st.text(), st.floats(), st.text(alphabet="0123456789.,–-%万元余近约分之一二三至~")),
    st.sampled_from(sorted(FIGURES)),
)
def test_no_printed_cell_whatever_stops_the_reading(raw: Value, figure: str) -> None:
    printed = read_printed(raw, FIGURES[figure])
    assert printed.status in ("loaded", "blank", "rejected")
    assert (printed.value is None) == (printed.status != "loaded")
