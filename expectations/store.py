"""Appends evaluations to raw; ``evaluations`` is written last and makes the rest visible."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pyarrow as pa

from expectations.catalogue import Catalogue, ContentRule
from expectations.evaluate import Evaluation
from expectations.findings.budget import QUERY_BUDGET, TITLE
from expectations.findings.ingested import SUBMISSION_MISSING, level_of, rule_code
from expectations.recorded import Recorded, file_of
from ingest.data_root import DataRoot
from ingest.problems import SENTENCES
from ingest.raw.store import write_if_changed, write_parquet

RULES_SCHEMA = pa.schema(
    [
        ("rule_code", pa.string()),
        ("level", pa.string()),
        ("kind", pa.string()),
        ("title_zh", pa.string()),
        ("expression", pa.string()),
        ("scope", pa.string()),
        ("form", pa.string()),
        ("channel", pa.string()),
        ("valid_from", pa.date32()),
        ("valid_to", pa.date32()),
        ("item_codes", pa.string()),
        ("explanation_required", pa.bool_()),
        ("content_sign", pa.string()),  # what a rule about whole submissions looks for
    ]
)


def after(latest: Recorded | None, arrival: datetime) -> datetime:
    """The ``as_of`` of the next evaluation: the latest arrival, but later than what it replaces.

    Where only rules changed, nothing arrived; a microsecond keeps the log's order without a clock.
    """
    return arrival if latest is None else max(arrival, latest.as_of + timedelta(microseconds=1))


def append(root: DataRoot, evaluation_id: str, evaluation: Evaluation, head: pa.Table) -> None:
    """Write one evaluation of a month; ``head`` is its row of ``evaluations``."""
    month = head.column("month")[0].as_py()
    parts = {
        "findings": evaluation.findings,
        "finding_cells": evaluation.cells,
        "suggestions": evaluation.suggestions,
        "rule_executions": evaluation.executions,
        "evaluations": head,
    }
    for name, table in parts.items():
        write_parquet(file_of(root, name, month, evaluation_id), table)


def write_rules(root: DataRoot, catalogue: Catalogue) -> None:
    """``raw/reference/rules.parquet``: every rule that a finding can name, for dbt; untouched when unchanged."""
    rows = [
        {
            "rule_code": rule.id,
            "level": rule.level,
            "kind": rule.kind,
            "title_zh": rule.title_zh,
            "expression": rule.formula,
            "scope": rule.scope,
            "form": rule.form,
            "channel": rule.channel,
            "valid_from": rule.valid_from,
            "valid_to": rule.valid_to,
            "item_codes": ";".join(rule.item_codes),
            "explanation_required": rule.asks_for_explanation,
            "content_sign": rule.sign if isinstance(rule, ContentRule) else None,
        }
        for rule in catalogue.rules
    ]
    without_entry = [row | {"explanation_required": row["level"] == "verification"} for row in _rules_without_entry()]
    table = pa.Table.from_pylist([*rows, *without_entry], schema=RULES_SCHEMA)
    write_if_changed(root.raw / "reference" / "rules.parquet", table)


def _rules_without_entry() -> list[dict[str, object]]:
    common = {
        "scope": "subdistrict",
        "channel": "alert",
        "expression": "",
        "item_codes": "",
        "valid_from": date(2020, 1, 1),
    }
    submission = {"rule_code": SUBMISSION_MISSING, "level": "mandatory", "kind": "submission", "form": "monthly_report"}
    budget = {"rule_code": QUERY_BUDGET, "level": "hint", "kind": "budget", "form": "monthly_report"}
    return [
        {**common, **submission, "title_zh": "每个街道每月应报送五星月报"},
        {**common, **budget, "scope": "community", "title_zh": TITLE},
        *(
            {**common, "rule_code": rule_code(kind), "level": level, "kind": "ingest", "title_zh": sentence}
            for kind, (severity, sentence) in sorted(SENTENCES.items())
            if (level := level_of(kind, severity))
        ),
    ]
