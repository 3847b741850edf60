"""Reads and evaluates one file as if it had been sent, and writes nothing: ``wuxing check``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.data_root import DataRoot
from ingest.reference import read_units
from ingest.reference.star_items import star_items

if TYPE_CHECKING:
    import pyarrow as pa


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
        "findings": _worst_first(_told(root, checked.month, evaluation.findings, evaluation.suggestions)),
    }


def _told(root: DataRoot, month: date, findings: pa.Table, suggestions: pa.Table) -> Iterator[dict[str, Any]]:
    """Not what follows from another finding, nor the private signals and the engineer's items.

    With the ``stars`` that read a suggested cell: whether the value would turn one is only known when it is stored.
    """
    stars_of = star_items(root, month)
    scheme = {unit.unit_code: unit.star_scheme or "" for unit in read_units(root) if unit.holds_on(month)}
    stars: dict[str, dict[str, None]] = {}
    for row in suggestions.to_pylist():
        if row["is_suggested"]:
            names = stars_of.get((scheme.get(row["unit_code"], ""), row["item_code"]), ())
            stars.setdefault(row["alert_id"], {}).update(dict.fromkeys(names))
    for finding in findings.to_pylist():
        if finding["channel"] == "alert" and not finding["suppressed_by"]:
            yield finding | {"stars": list(stars.get(finding["alert_id"], ()))}


def _worst_first(findings: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    order = {"mandatory": 0, "verification": 1, "hint": 2}
    return sorted(
        findings, key=lambda finding: (order[finding["severity"]], finding["unit_code"], finding["rule_code"])
    )
