"""Last month's error fails this month's rules as well: such an echo is suppressed under the alert that it follows from.

The rules that read last month are asked again with its suspected cells (``suspicions``) as they should have been. What
follows from what within one month belongs to ``findings.suppress``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from expectations.catalogue import Catalogue, ExpressionRule
from expectations.catalogue.kinds import ITEMS
from expectations.detect import detect
from expectations.findings.cells import UNIT_COLUMN
from expectations.findings.model import Finding, UnitTree
from expectations.history import History, Inputs, Tables, months_back
from expectations.suspicions import Suspicion
from expectations.violation import Violation

Suspected = Mapping[tuple[str, str], Suspicion]  # by unit and item

TABLE_OF_SHEET = {"community": "monthly_report_communities", "subdistrict": "monthly_report_subdistricts"}
ANSWERS = {"是": True, "否": False}


def suppress_echoes(findings: list[Finding], inputs: Inputs, catalogue: Catalogue) -> list[Finding]:
    """The same findings; one that reads a suspected cell of last month, and would not be there were that cell what its
    alert suggests, is suppressed under that alert.
    """
    suspected = {(one.unit_code, one.item_code): one for one in inputs.suspicions if _is_usable(one)}
    tree = UnitTree(inputs.units, inputs.month)
    causes = {finding.alert_id: cause for finding in findings if (cause := _cause(finding, suspected, tree))}
    if not causes:
        return findings
    concerned = [finding for finding in findings if finding.alert_id in causes]
    remaining = _violated(concerned, inputs, catalogue, suspected, tree)
    echoes = {f.alert_id: causes[f.alert_id] for f in concerned if _key(f) not in remaining}
    return [replace(f, suppressed_by=echoes.get(f.alert_id, f.suppressed_by)) for f in findings]


def _is_usable(suspicion: Suspicion) -> bool:
    """A number of ones in five bits is no value that could be put into the cell."""
    item = ITEMS.get(suspicion.item_code)
    return item is not None and item.value_type in ("integer", "money", "yes_no")


def _cause(finding: Finding, suspected: Suspected, tree: UnitTree) -> str | None:
    """The alert about the first suspected cell of last month that takes part."""
    if finding.suppressed_by or tree.level(finding.unit_code) == "county":
        return None
    last = months_back(finding.month, 1)
    cells = [(cell.unit_code, cell.item_code or "") for cell in finding.cells if cell.month == last]
    return next((suspected[cell].alert_id for cell in cells if cell in suspected), None)


def _violated(
    findings: Iterable[Finding], inputs: Inputs, catalogue: Catalogue, suspected: Suspected, tree: UnitTree
) -> set[tuple[str, str, tuple[str, ...]]]:
    """What is violated still with last month amended, among the rules and sub-districts of ``findings``."""
    rules = {f.rule_code: catalogue.by_id[f.rule_code] for f in findings}
    only = frozenset(code for f in findings if (code := tree.subdistrict(f.unit_code)))
    last = months_back(inputs.month, 1)
    # A unit that changed or moved since was sent by a sub-district that ``only`` need not name.
    earlier = {
        month: _of(tables, only) if inputs.succession.same_tree(inputs.month, month) else tables
        for month, tables in inputs.history.earlier.items()
    }
    earlier[last] = _amended(earlier.get(last, {}), suspected)
    amended = replace(
        inputs,
        tables=_of(inputs.tables, only),
        history=History(earlier, _of(inputs.history.first, only)),
        only=only,
    )
    outcome = detect(amended, [rule for rule in rules.values() if isinstance(rule, ExpressionRule)])
    return {_key_of(violation) for violation in outcome.violations}


def _key(finding: Finding) -> tuple[str, str, tuple[str, ...]]:
    return finding.rule_code, finding.unit_code, finding.item_codes


def _key_of(violation: Violation) -> tuple[str, str, tuple[str, ...]]:
    return violation.rule_code, violation.unit_code, tuple(sorted({o.item_code for o in violation.operands}))


def _of(tables: Tables, subdistricts: frozenset[str]) -> Tables:
    wanted = pa.array(sorted(subdistricts), pa.string())
    return {
        name: table.filter(pc.is_in(table.column("subdistrict_code"), value_set=wanted))
        for name, table in tables.items()
        if name in UNIT_COLUMN
    }


def _amended(tables: Tables, suspected: Suspected) -> Tables:
    by_column: dict[tuple[str, str], dict[str, Any]] = defaultdict(dict)
    for (unit, code), suspicion in suspected.items():
        item = ITEMS[code]
        by_column[TABLE_OF_SHEET[item.sheet], item.column_name][unit] = _typed(item.value_type, suspicion.value)
    amended = dict(tables)
    for (name, column), values in by_column.items():
        if name in amended:
            amended[name] = _with_values(amended[name], UNIT_COLUMN[name][0], column, values)
    return amended


def _typed(value_type: str, value: str) -> Any:
    if value_type == "yes_no":
        return ANSWERS[value]
    return Decimal(value) if value_type == "money" else int(value)


def _with_values(table: pa.Table, unit_column: str, column: str, values: Mapping[str, Any]) -> pa.Table:
    units, cells = table.column(unit_column).to_pylist(), table.column(column).to_pylist()
    changed = [values.get(unit, cell) for unit, cell in zip(units, cells, strict=True)]
    index = table.schema.get_field_index(column)
    return table.set_column(index, table.schema.field(index), pa.array(changed, table.schema.field(index).type))
