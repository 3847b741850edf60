"""One small county, built once for all tests of a session; what is odd in it is written here."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from tests.dbt.raw_files import RawFiles, at, community, monthly_report, subdistrict, suggested
from tests.dbt.warehouse import dbt

JANUARY, FEBRUARY, MARCH = date(2024, 1, 1), date(2024, 2, 1), date(2024, 3, 1)
FIRST_EVALUATION, SECOND_EVALUATION = datetime(2024, 4, 6, 1), datetime(2024, 4, 9, 1)

SURPLUS_DISPUTED = {
    "alert_id": "surplus_disputed",
    "subdistrict_code": subdistrict(2),
    "community_code": community(2, 1),
    "unit_code": community(2, 1),
    "rule_code": "surplus_sum",
    "item_codes": "E01;E06",
    "suggested_values": "E06=19 (80%) | E06=20 (15%)",
    "confidence": 0.8,
}
TEAM = {"alert_id": "team_by_sex", "unit_code": community(1, 1)}


def write_county(path: Path) -> RawFiles:
    """Three months, two sub-districts of three communities; every star is met unless a line here says otherwise."""
    files = RawFiles(path)
    for number in (1, 2):
        files.submit(JANUARY, number)
    files.submit(FEBRUARY, 1, changes={1: {"V01": 51}}, own={"S09": 2})  # sub-district 2 sends nothing
    files.submit(MARCH, 1, changes={1: {"B02": 5, "W01": 639}, 2: {"X01": 4, "X02": "11110", "W01": 640}})
    files.submit(MARCH, 1, version=2, changes={1: {"W01": 639}, 2: {"X01": 4, "X02": "11110", "W01": 640}})
    files.submit(MARCH, 2, changes={2: {"H02": None, "R01": 0}, 3: None}, own={"B08": "42.00"})
    files.submit(MARCH, 2, version=2, changes={2: {"P01": 1}}, visible=False)
    _profile(files)
    _evaluations(files)
    return files


def _profile(files: RawFiles) -> None:
    one, hundred = Decimal(1), Decimal(100)
    files.profile(
        MARCH,
        [
            _figure("T31", "24", 24, one),
            _figure("T31", "39", 39, one, unit="990101000000"),
            _figure("T36", "38%", 38, one),
            _figure("T32", "19", 19, one),
            _figure("T08", "5700", 5700, hundred),
            _figure("T01", "65", 65, one),
            _figure("T40", "2", 2, one, unit=subdistrict(2)),
            _figure("T43", "67%", 67, one),
            _figure("T51", "1", 1, one),
        ],
    )


def _figure(code: str, text: str, value: int, step: Decimal, unit: str = subdistrict(1)) -> dict[str, object]:
    return {"figure_code": code, "unit_code": unit, "text": text, "value": Decimal(value), "step": step,
            "qualifier": "exact"}  # fmt: skip


def _evaluations(files: RawFiles) -> None:
    healed = {"alert_id": "team_by_sex"}
    follows = {"alert_id": "follows", "suppressed_by": "surplus_disputed"}
    frozen = {"alert_id": "frozen", "channel": "review", "severity": "hint"}
    too_strict = {"alert_id": "too_strict", "channel": "engineer", "severity": "hint"}
    executions = [
        {"subdistrict_code": subdistrict(1), "rule_code": "team_by_sex", "executed": 3, "violated": 0,
         "not_executed": 0},
        {"subdistrict_code": subdistrict(2), "rule_code": "team_by_sex", "executed": 1, "violated": 1,
         "not_executed": 0},
        {"subdistrict_code": subdistrict(2), "rule_code": "team_by_sex", "executed": 0, "violated": 0,
         "not_executed": 1, "reason": "缺 B02"},
        {"subdistrict_code": subdistrict(2), "rule_code": "team_by_sex", "executed": 0, "violated": 0,
         "not_executed": 1, "reason": "社区未报"},
    ]  # fmt: skip
    first, second = monthly_report(MARCH, subdistrict(1), 1), monthly_report(MARCH, subdistrict(2), 1)
    meant = [suggested(TEAM, "B02", "6", first), suggested(TEAM, "B02", "7", first, rank=2, confidence=0.15)]
    files.evaluate(MARCH, "first", at(FIRST_EVALUATION), [healed, frozen], suggestions=meant)
    findings = [SURPLUS_DISPUTED, follows, frozen, too_strict]
    readings = [
        suggested(SURPLUS_DISPUTED, "E06", "19", second),
        suggested(SURPLUS_DISPUTED, "E06", "20", second, rank=2, confidence=0.15),
    ]
    files.evaluate(MARCH, "second", at(SECOND_EVALUATION), findings, executions, readings)
    files.evaluate(MARCH, "crashed", at(SECOND_EVALUATION), [healed], visible=False)


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> RawFiles:
    """Built by `dbt build`, tests of data included. Tests must not change it."""
    files = write_county(tmp_path_factory.mktemp("county"))
    dbt(files.root, "build", "--exclude-resource-type", "unit_test")
    return files
