from fractions import Fraction

import pytest

from expectations.catalogue.display import Wording, plain
from expectations.catalogue.expression import Reference, Statement
from expectations.catalogue.parser import parse_statement


def told(text: str, tolerance: str = "0", **values: str) -> str:
    """``detail`` with values by item; last month's are given as D03_1."""
    statement = parse_statement(text)
    statement = Statement(statement.conditions, statement.consequence, statement.equivalent, Fraction(tolerance))
    by_reference = {
        reference: Fraction(
            values[f"{reference.item or reference.function}{f'_{reference.lag}' if reference.lag else ''}"]
        )
        for reference in statement.references
    }
    return Wording(statement).detail(by_reference)


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("B02 + B03 = B01", {"B02": "57", "B03": "22", "B01": "80"}, "B02+B03=B01：57+22≠80"),
        (
            "D03 = D03[-1] + D06 - D07",
            {"D03": "142", "D03_1": "134", "D06": "0", "D07": "2"},
            "D03=上月D03+D06−D07：142≠134+0−2",
        ),
        ("H02 <= H01", {"H02": "1607", "H01": "1547"}, "H02≤H01：1607>1547"),
        (
            "1.5*P01 <= P02 <= 3.5*P01",
            {"P01": "100", "P02": "400"},
            "1.5×P01≤P02≤3.5×P01：1.5×100≤400>3.5×100",
        ),
        ("G01 = units()", {"G01": "12", "units": "10"}, "G01=名册社区数：12≠10"),
        ("S06 <= sum(B06)", {"S06": "9", "B06": "8"}, "S06≤ΣB06：9>8"),
        ("E06 = E03 - E04", {"E06": "1.50", "E03": "-2.4", "E04": "0"}, "E06=E03−E04：1.5≠(−2.4)−0"),
        ("not (E06 = E06[-1])", {"E06": "3", "E06_1": "3"}, "不应E06=上月E06：3=3"),
        ("V02 = 0 <=> V03 = 0", {"V02": "0", "V03": "35"}, "V02=0⇔V03=0：V02=0，V03=35"),
        ("D03 > 50 => D02 >= 1", {"D03": "60", "D02": "0"}, "D03>50时，D02≥1：0<1，D03=60"),
        ("X01 >= X01[-12]", {"X01": "2", "X01_12": "3"}, "X01≥去年同月X01：2<3"),
        ("F01 >= F01[-1]", {"F01": "0", "F01_1": "1"}, "F01≥上月F01：F01=否，上月F01=是"),
        ("P05 = P05[-1]", {"P05": "2", "P05_1": "1"}, "P05=上月P05：P05=城郊村，上月P05=城中村"),
    ],
)
def test_the_sentence_carries_the_numbers(text: str, values: dict[str, str], expected: str) -> None:
    assert told(text, **values) == expected


def test_a_tolerance_is_named() -> None:
    assert told("E06 = E01", "0.01", E06="3", E01="4.5") == "E06=E01（±0.01）：3≠4.5"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Fraction(100), "100"),
        (Fraction(12, 5), "2.4"),
        (Fraction(-1, 4), "-0.25"),
        (Fraction(0), "0"),
        (Fraction(1, 3), "0.3333"),
    ],
)
def test_numbers_are_plain(value: Fraction, expected: str) -> None:
    assert plain(value) == expected


def test_a_first_version_is_named_as_such() -> None:
    statement = parse_statement("E06 = E06[v1]")
    values = {Reference("E06"): Fraction(1), Reference("E06", first=True): Fraction(3)}
    assert Wording(statement).detail(values) == "E06=首报E06：1≠3"
