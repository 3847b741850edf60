"""What an evaluation reads: a month's tables, the earlier months that rules look back to, first versions, the units.

Here belongs how the inputs are gathered; which rows are visible is ingest's business (``ingest.raw.read``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

import pyarrow as pa

from expectations.calibration import Correction
from expectations.carried import carried
from expectations.catalogue import ContentRule, ExpressionRule, RuleBase
from expectations.settings import Settings, shipped_settings
from expectations.suspicions import Suspicion
from ingest.data_root import DataRoot
from ingest.raw.read import load_first_versions, load_month
from ingest.reference import Unit, read_rows
from ingest.reference.models import Row
from ingest.succession import Origin, Succession

Tables = Mapping[str, pa.Table]

COMMUNITIES = pa.schema([(name, pa.string()) for name in ("unit", "subdistrict", "county", "community_type")])


@dataclass(frozen=True)
class DepartmentValue(Row):
    """A figure that a department gave for a community: ``reference/department_values.csv``."""

    month: date
    unit_code: str
    item_code: str
    value: Decimal


@dataclass(frozen=True)
class History:
    """Tables of earlier months by month, and the first versions of the month itself, all keyed as by ``load_month``."""

    earlier: Mapping[date, Tables] = field(default_factory=dict)
    first: Tables = field(default_factory=dict)


@dataclass(frozen=True)
class Inputs:
    """Everything that the evaluators read for one month.

    ``only`` limits who is asked to these sub-districts; ``overdue`` says that the day for sending is over;
    ``suspicions`` are what last month's evaluation suspects; ``correction`` is that of stated confidences.
    """

    month: date
    tables: Tables
    history: History
    units: tuple[Unit, ...]
    department_values: tuple[DepartmentValue, ...] = ()
    only: frozenset[str] | None = None
    overdue: bool = True
    settings: Settings = field(default_factory=shipped_settings)
    suspicions: tuple[Suspicion, ...] = ()
    correction: Correction = field(default_factory=Correction)

    @property
    def asked(self) -> tuple[Unit, ...]:
        """The units that had to answer, and the counties, which name them."""
        if self.only is None:
            return self.units
        return tuple(u for u in self.units if u.level == "county" or {u.unit_code, u.parent_code} & self.only)

    def communities(self, month: date) -> pa.Table:
        """The communities that had to answer for ``month``, by code, with what the tree says of each: COMMUNITIES."""
        if month not in self._communities:
            self._communities[month] = _communities(self.asked, month)
        return self._communities[month]

    @cached_property
    def _communities(self) -> dict[date, pa.Table]:
        return {}

    def tables_back(self, months: int) -> Tables:
        """The tables of ``months`` ago; an empty mapping where nothing came then."""
        return self.tables if months == 0 else self.history.earlier.get(months_back(self.month, months), {})

    @cached_property
    def succession(self) -> Succession:
        return Succession(self.units)

    def origins(self, months: int) -> Mapping[str, Origin]:
        """Who the units of today, as far as they changed since, were ``months`` ago."""
        return self.succession.origins(self.month, months_back(self.month, months))

    def carried_back(self, months: int) -> Tables:
        """The tables of ``months`` ago, with the rows of units that changed since under their codes of today."""
        return carried(self.tables_back(months), self.origins(months))


def _communities(units: Iterable[Unit], month: date) -> pa.Table:
    valid = {unit.unit_code: unit for unit in units if unit.holds_on(month)}
    parents = {code: unit.parent_code for code, unit in valid.items() if unit.level != "community"}
    found = sorted((unit for unit in valid.values() if unit.level == "community"), key=lambda unit: unit.unit_code)
    columns = [
        [unit.unit_code for unit in found],
        [unit.parent_code for unit in found],
        [parents.get(unit.parent_code or "") for unit in found],
        [unit.community_type for unit in found],
    ]
    return pa.table(columns, schema=COMMUNITIES)


def months_back(month: date, count: int) -> date:
    """The first of the month that lies ``count`` months before."""
    index = month.year * 12 + month.month - 1 - count
    return date(index // 12, index % 12 + 1, 1)


def lags(rules: Iterable[RuleBase], month: date) -> tuple[int, ...]:
    """How many months back the rules asked of ``month`` look, each once, ascending, without 0."""
    asked = [rule for rule in rules if rule.asked_in(month)]
    statements = [statement for r in asked if isinstance(r, ExpressionRule) for _, statement in r.statements]
    found = {reference.lag for statement in statements for reference in statement.references}
    found |= {1 for rule in asked if isinstance(rule, ContentRule) and rule.sign == "copied"}
    return tuple(sorted(found - {0}))


def load_history(root: DataRoot, month: date, rules: Iterable[RuleBase]) -> History:
    """What ``rules`` need besides the month itself."""
    then = [months_back(month, lag) for lag in lags(rules, month)]
    return History({earlier: load_month(root, earlier) for earlier in then}, load_first_versions(root, month))


def read_department_values(root: DataRoot) -> tuple[DepartmentValue, ...]:
    """The optional table of a deployment; empty where there is none. Raises ReferenceTableError."""
    path = root.reference / "department_values.csv"
    return read_rows(path, DepartmentValue) if path.exists() else ()
