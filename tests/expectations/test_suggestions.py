"""Suggestions as rows of raw: what the model thinks, what is stated of it, and of which version."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from expectations.calibration import Correction
from expectations.catalogue import load_catalogue
from expectations.evaluate import NOTHING, Evaluation, evaluate
from expectations.history import History, Inputs
from tests.expectations.support import COMMUNITIES, FEBRUARY, UNITS, clean_month

CATALOGUE = load_catalogue(None)
ONE = COMMUNITIES[0]
DOUBTED = Correction(((0.9, 0.3), (1.0, 0.4)))


def wrong_members(correction: Correction) -> Evaluation:
    """March with one member count that fits neither its flows nor last month."""
    march, february = clean_month(), clean_month(FEBRUARY, D03=100)
    march.communities[ONE]["D03"] = 200
    history = History({FEBRUARY: february.tables()}, march.tables())
    inputs = Inputs(march.month, march.tables(), history, UNITS, correction=correction)
    return evaluate(inputs, CATALOGUE, NOTHING)


def first(evaluation: Evaluation) -> dict[str, Any]:
    rows: list[dict[str, Any]] = evaluation.suggestions.to_pylist()
    return next(row for row in rows if row["rank"] == 1 and row["item_code"] == "D03")


def test_a_reading_names_its_cell_its_value_as_text_and_number_and_the_version_it_is_about() -> None:
    evaluation = wrong_members(Correction())
    row = first(evaluation)
    [finding] = [f for f in evaluation.findings.to_pylist() if f["alert_id"] == row["alert_id"]]
    assert f"D03={row['value']}" in finding["suggested_values"]
    assert (row["unit_code"], row["reported"], row["number"]) == (ONE, "200", Decimal(row["value"]))
    assert row["confidence"] == finding["confidence"] == round(row["probability"], 4)
    [sent] = {
        r["submission_id"]
        for r in clean_month().tables()["receipts"].to_pylist()
        if ONE.startswith(r["subdistrict_code"][:9])
    }
    assert row["submission_id"] == sent


def test_a_correction_changes_what_is_stated_and_shown_and_not_what_the_model_thinks() -> None:
    sure, doubted = first(wrong_members(Correction())), first(wrong_members(DOUBTED))
    assert sure["is_suggested"]
    assert not doubted["is_suggested"]
    assert doubted["probability"] == sure["probability"] > 0.9
    assert doubted["confidence"] < 0.5
    said = {f["alert_id"]: f["suggestion"] for f in wrong_members(DOUBTED).findings.to_pylist()}
    assert said[doubted["alert_id"]].startswith("依据不足，请核对D03")


def test_what_follows_from_another_finding_suggests_nothing() -> None:
    evaluation = wrong_members(Correction())
    leading = {f["alert_id"] for f in evaluation.findings.to_pylist() if not f["suppressed_by"]}
    assert set(evaluation.suggestions.column("alert_id").to_pylist()) <= leading
