"""Reads and evaluates one file as if it had been sent, and writes nothing: ``wuxing check``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from ingest.data_root import DataRoot


def dry_run(root: DataRoot, path: Path, now: datetime) -> dict[str, Any]:
    """What would be said of ``path``: ``refused`` (with kind and message), or the problems of reading and the findings
    that follow from no other.

    Raises ReferenceTableError where the root has no ``units.csv``.
    """
    from ingest.check import read_for_check
    from ingest.inbox import Refused

    checked = read_for_check(root, path, now)
    if isinstance(checked, Refused):
        return {"workbook": path.name, "refused": True, "kind": checked.kind, "message": checked.message}
    from expectations.catalogue import load_catalogue
    from expectations.history import load_history
    from expectations.run import evaluate_tables

    history = load_history(root, checked.month, load_catalogue(root).rules)
    evaluation = evaluate_tables(root, checked.month, checked.tables, history)
    return {
        "workbook": path.name,
        "refused": False,
        "form": checked.form,
        "month": checked.month,
        "unit_code": checked.unit_code,
        "problems": checked.tables["problems"].to_pylist(),
        "findings": _worst_first(finding for finding in evaluation.findings.to_pylist() if _is_told(finding)),
    }


def _is_told(finding: dict[str, Any]) -> bool:
    """Not what follows from another finding, nor the private signals and the engineer's items."""
    return finding["channel"] == "alert" and not finding["suppressed_by"]


def _worst_first(findings: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    order = {"mandatory": 0, "verification": 1, "hint": 2}
    return sorted(
        findings, key=lambda finding: (order[finding["severity"]], finding["unit_code"], finding["rule_code"])
    )
