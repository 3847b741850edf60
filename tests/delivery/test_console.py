from __future__ import annotations

import io
from datetime import date

import pytest
from rich.cells import cell_len
from rich.console import Console

from delivery.console.alerts import print_alerts, unit_name
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


def alert(**other: object) -> dict[str, object]:
    return {
        "severity": "verification", "month": date(2024, 3, 1), "subdistrict_code": "1", "subdistrict_name": "甲街道",
        "community_code": None, "community_name": None, "county_name": None, "unit_code": "1", "priority": 28.26,
        "message": "甲街道：[试]", "suggestion": None, "star_impact": None, "workbook": "a.xlsx", "sheet": "社区月报",
        "cell": "A1",
    } | other  # fmt: skip


def test_an_alert_shows_suggestion_both_readings_of_a_star_and_its_place() -> None:
    console = Console(file=io.StringIO(), width=80)
    readings = "平安法治：按上报值不达标，按建议值达标"
    print_alerts(console, [alert(suggestion="应为是", star_impact=readings)])
    lines = [line.strip() for line in console.file.getvalue().splitlines()]  # type: ignore[attr-defined]
    assert lines == [
        "核实性  2024-03  甲街道  优先度 28",
        "甲街道：[试]",
        "→ 应为是",
        f"★ {readings}",
        "a.xlsx › 社区月报 › A1",
    ]


def test_an_alert_of_the_county_is_named_by_it() -> None:
    assert unit_name(alert(subdistrict_code=None, subdistrict_name=None, county_name="示例市")) == "示例市"
    assert unit_name(alert(community_code="2", community_name="某村")) == "甲街道·某村"


def test_text_of_data_is_never_markup() -> None:
    assert as_text("[red]B01[/red]") == r"\[red]B01\[/red]"
    assert (as_text(None), as_text(True)) == ("–", "是")


def test_json_keeps_chinese_and_exact_figures() -> None:
    from decimal import Decimal

    text = to_json([{"金额": Decimal("12.30"), "人数": Decimal("5"), "月": date(2024, 3, 1)}])
    assert '"金额": 12.3' in text
    assert '"人数": 5' in text
    assert '"月": "2024-03-01"' in text
