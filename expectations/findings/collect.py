"""Puts the findings of a month together: violated rules, problems of reading, missing submissions, in a fixed order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from expectations.catalogue import RuleBase
from expectations.findings.ingested import from_problems, missing_submissions
from expectations.findings.model import Finding, UnitTree
from expectations.findings.suppress import suppress
from expectations.findings.violations import from_violations
from expectations.history import Inputs
from expectations.violation import Violation


def collect(inputs: Inputs, rules: Mapping[str, RuleBase], violations: Iterable[Violation]) -> list[Finding]:
    """All findings of the month, worst first; each alert once."""
    tree = UnitTree(inputs.units, inputs.month)
    tables_by_month = {**inputs.history.earlier, inputs.month: inputs.tables}
    findings = [
        *from_violations(violations, rules, tables_by_month, tree),
        *from_problems(inputs.tables["problems"], tree, inputs.month),
        *(
            missing_submissions(inputs.tables["receipts"], UnitTree(inputs.asked, inputs.month), inputs.month)
            if inputs.overdue
            else ()
        ),
    ]
    workbooks = {
        (row["form"], row["subdistrict_code"]): row["workbook"] for row in inputs.tables["receipts"].to_pylist()
    }
    placed = [
        replace(f, workbook=f.workbook or workbooks.get((f.form, tree.subdistrict(f.unit_code)))) for f in findings
    ]
    once = {finding.alert_id: finding for finding in placed}
    return sorted(suppress(list(once.values()), rules, tree), key=lambda finding: finding.order)
