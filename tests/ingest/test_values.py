from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.files.grid import CellError, Value
from ingest.reference import items
from ingest.values.cell import read_cell

ITEMS = {item.item_code: item for item in items()}
FULL_WIDTH = str.maketrans("0123456789.,-%", "０１２３４５６７８９．，－％")


@pytest.mark.parametrize(
    ("item", "raw", "value", "kind"),
    [
        ("P03", 3200.0, 3200, None),
        ("P03", "３，２００", 3200, "written_differently"),
        ("P03", "12人", 12, "written_differently"),
        ("P03", "3.2万", 32000, "unit_converted"),
        ("P03", "1.2E+3", 1200, "written_differently"),
        ("P03", "二十", 20, "written_differently"),
        ("P03", "约3200", 3200, "approximate"),
        ("P03", "1 200", 1200, "spaced_digits"),
        ("P03", 3200.0000000002, 3200, "float_noise"),
        ("X01", "四星", 4, "written_differently"),
        ("E01", 0.30000000000000004, Decimal("0.30"), "float_noise"),
        ("E01", "2.44万元", Decimal("2.44"), "unit_converted"),
        ("E01", "24400元", Decimal("2.44"), "unit_converted"),
        ("E01", "1,234.5", Decimal("1234.50"), "written_differently"),
        ("E01", "17。92", Decimal("17.92"), "suspected_decimal_mark"),
        ("E01", 17.925, Decimal("17.93"), "rounded"),
        ("E03", "(1.2)", Decimal("-1.20"), "written_differently"),
        ("E03", "−1.2", Decimal("-1.20"), "written_differently"),
        ("F01", "是", True, None),
        ("F01", " 否 ", False, "written_differently"),
        ("F01", "√", True, "tick_as_yes_no"),
        ("P05", "城中村", "城中村", None),
        ("X02", "01111", "01111", None),
        ("X02", 1111.0, "01111", "leading_zeros_lost"),
    ],
)
def test_a_value_is_read_and_every_change_is_named(item: str, raw: Value, value: object, kind: str | None) -> None:
    reading = read_cell(raw, ITEMS[item])
    assert (reading.status, reading.value, reading.kind) == ("loaded", value, kind)
    assert type(reading.value) is type(value)


@pytest.mark.parametrize(
    ("item", "raw", "kind"),
    [
        ("P03", "O", "not_a_number"),
        ("P03", "=1+1", "not_a_number"),
        ("P03", "8.25", "not_whole"),
        ("P03", 3.5, "not_whole"),
        ("P03", "5\n6", "multiple_values"),
        ("P03", "5-6", "multiple_values"),
        ("P03", "85％", "percent_in_number"),
        ("P03", "12户", "wrong_unit"),
        ("P03", True, "logical_in_number"),
        ("P03", "√", "logical_in_number"),
        ("P03", date(2024, 3, 5), "date_in_number"),
        ("P03", CellError("#REF!"), "cell_error"),
        ("P03", 1e300, "too_large"),
        ("E01", "19..2", "not_a_number"),
        ("X01", 6.0, "not_in_choices"),
        ("P05", "城市社区", "not_in_choices"),
        ("X02", "0121", "not_five_bits"),
        ("F01", 0.0, "not_yes_no"),
        ("F01", "无", "not_yes_no"),
    ],
)
def test_what_cannot_be_read_is_rejected_with_its_reason(item: str, raw: Value, kind: str) -> None:
    reading = read_cell(raw, ITEMS[item])
    assert (reading.status, reading.value, reading.kind) == ("rejected", None, kind)


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (None, None),
        ("  ", None),
        ("—", "blank_mark"),
        ("/", "blank_mark"),
        ("不适用", "not_applicable"),
        ("无", "none_written"),
    ],
)
def test_a_blank_is_neither_zero_nor_an_error(raw: Value, kind: str | None) -> None:
    reading = read_cell(raw, ITEMS["P03"])
    assert (reading.status, reading.value, reading.kind) == ("blank", None, kind)


def test_a_header_in_yuan_turns_the_numbers_below_it_into_ten_thousands() -> None:
    factor = Decimal("0.0001")
    assert read_cell(179200.0, ITEMS["E01"], factor).value == Decimal("17.92")
    assert read_cell("179200", ITEMS["E01"], factor).value == Decimal("17.92")
    assert read_cell("17.92万", ITEMS["E01"], factor).value == Decimal("17.92")


@given(st.integers(-(10**12), 10**12), st.sampled_from(["", "人", " 人"]), st.booleans(), st.booleans())
def test_a_whole_number_survives_every_way_to_write_it(number: int, unit: str, grouped: bool, wide: bool) -> None:
    text = f"{number:,}{unit}" if grouped else f"{number}{unit}"
    reading = read_cell(text.translate(FULL_WIDTH) if wide else text, ITEMS["P03"])
    assert (reading.status, reading.value) == ("loaded", number)


@given(st.decimals(-(10**9), 10**9, places=2))
def test_money_is_exact_to_the_cent(amount: Decimal) -> None:
    assert read_cell(f"{amount:f}", ITEMS["E01"]).value == amount
    assert read_cell(float(amount), ITEMS["E01"]).value == amount


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.dates(),
    st.floats(),
    st.text(),
    st.text(alphabet="0123456789０１.,，。·-–+eE万元人%％约余多近 \n、/~()零一十百"),
    st.builds(CellError, st.text()),
)


@given(VALUES, st.sampled_from(sorted(ITEMS)))
def test_no_cell_whatever_stops_the_reading(raw: Value, item: str) -> None:
    reading = read_cell(raw, ITEMS[item])
    assert reading.status in ("loaded", "blank", "rejected")
    assert (reading.value is not None) == (reading.status == "loaded")
    assert reading.status != "rejected" or reading.kind is not None
