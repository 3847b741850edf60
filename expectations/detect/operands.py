"""Which reported values take part in a violation, and what to say of one that is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import duckdb

from expectations.catalogue.display import show
from expectations.catalogue.expression import Reference, Statement
from expectations.detect.columns import HUNDREDTHS, quoted, row_name
from expectations.detect.wide import is_row_value, moment
from expectations.history import months_back
from expectations.violation import Operand


@dataclass(frozen=True)
class Components:
    """The communities' values behind the sums and counts of sub-districts: (reference, unit) → [(community, value)]."""

    values: Mapping[tuple[Reference, str], Sequence[tuple[str, Fraction]]]

    @classmethod
    def of(cls, con: duckdb.DuckDBPyConnection, scope: str, violated: list[tuple[str, Statement]]) -> Components:
        """Read them for the violated statements only. A county's sum stays one value: its parts are everybody's."""
        if scope != "subdistrict":
            return cls({})
        wanted: dict[Reference, set[str]] = defaultdict(set)
        for unit, statement in violated:
            for reference in statement.operands:
                if reference.aggregate in ("sum", "count"):
                    wanted[reference].add(unit)
        found: dict[tuple[Reference, str], list[tuple[str, Fraction]]] = defaultdict(list)
        for reference, units in wanted.items():
            for unit, community, value in _parts(con, reference, sorted(units)):
                found[reference, unit].append((community, Fraction(value, HUNDREDTHS)))
        return cls(found)


def _parts(con: duckdb.DuckDBPyConnection, reference: Reference, units: list[str]) -> list[tuple[str, str, int]]:
    name, column = moment(reference), quoted(row_name(reference))
    return con.execute(
        f"select u.subdistrict, u.unit, c.{column} from units_{name} as u "
        f"join community_{name} as c on c.unit = u.unit "
        f"where c.{column} is not null and list_contains(?, u.subdistrict) order by all",
        [units],
    ).fetchall()


def operands(
    unit: str, month: date, values: Mapping[Reference, Fraction], components: Components
) -> tuple[Operand, ...]:
    """The reported cells behind ``values``: what is counted or looked up in the register has none.

    A community's item under a sub-district's code is that sub-district's 合计 row.
    """
    found: dict[tuple[str | None, str, date], Operand] = {}
    for reference, value in values.items():
        if not is_row_value(reference) or reference.first:
            continue
        own = Reference(reference.item, reference.function, argument=reference.argument)
        then = months_back(month, reference.lag)
        parts = components.values.get((reference, unit))
        for code, part in parts or [(unit, value)]:
            shown = show(own if parts else reference, part)
            found.setdefault((own.item, code, then), Operand(own.item or "", code, then, shown))
    return tuple(found.values())


def reason(reference: Reference, month: date) -> str:
    """Why a rule could not run, for readers."""
    then = f"{months_back(month, reference.lag):%Y-%m}"
    if reference.function == "department":
        return f"没有部门数据 {reference.item}（{then}）"
    if reference.function == "registered":
        return f"名册未登记 {reference.item}（{then}）"
    if reference.aggregate in ("sum", "count"):
        return f"有社区缺 {reference.item}（{then}）"
    if reference.aggregate == "total":
        return f"合计行缺 {reference.item}（{then}）"
    return f"缺首报 {reference.item}（{then}）" if reference.first else f"缺 {reference.item or '社区'}（{then}）"
