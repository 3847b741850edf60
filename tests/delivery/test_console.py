from __future__ import annotations

import pytest
from rich.cells import cell_len

from delivery.console.plain import as_text, to_json
from delivery.console.wrap import wrap

SENTENCE = "石坝村：经营收益应等于三项收入减两项支出（E06=E01+E02：3.99≠4.59+1.33+0.59−0.85−0.49），占比23.75%"


@pytest.mark.parametrize("width", [20, 40, 60, 80, 120])
def test_no_line_is_wider_than_the_console_and_no_number_is_cut(width: int) -> None:
    lines = wrap(SENTENCE, width).splitlines()
    assert all(cell_len(line) <= width + 2 for line in lines)
    assert "".join(line.strip() for line in lines) == SENTENCE
    for number in ("3.99", "4.59", "23.75%", "E06"):
        assert any(number in line for line in lines)


def test_no_line_begins_with_a_closing_mark() -> None:
    for width in range(16, 60):
        assert not [line for line in wrap(SENTENCE, width).splitlines() if line.strip()[0] in "，：）"]


def test_text_of_data_is_never_markup() -> None:
    assert as_text("[red]B01[/red]") == r"\[red]B01\[/red]"
    assert (as_text(None), as_text(True)) == ("–", "是")


def test_json_keeps_chinese_and_exact_figures() -> None:
    from datetime import date
    from decimal import Decimal

    text = to_json([{"金额": Decimal("12.30"), "人数": Decimal("5"), "月": date(2024, 3, 1)}])
    assert '"金额": 12.3' in text
    assert '"人数": 5' in text
    assert '"月": "2024-03-01"' in text
