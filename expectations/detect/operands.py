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
from expectations.detect.columns import HUNDREDTHS, WIDE, quoted, row_name, row_sql
from expectations.detect.wide import is_own_value, is_row_value, moment, source_of
from expectations.history import Inputs, months_back
from expectations.violation import Operand


@dataclass(frozen=True)
class Components:
    """The units whose values make up one that a rule read: (reference, unit) → [(unit, value)].

    They are the communities behind the sums and counts of sub-districts, and whom a renamed or merged unit comes from.
    """

    values: Mapping[tuple[Reference, str], Sequence[tuple[str, Fraction]]]

    @classmethod
    def of(
        cls, con: duckdb.DuckDBPyConnection, inputs: Inputs, scope: str, violated: list[tuple[str, Statement]]
    ) -> Components:
        """Read them for the violated statements only. A county's sum stays one value: its parts are everybody's."""
        before = _before(con, inputs, violated)
        if scope != "subdistrict":
            return cls(before)
        wanted: dict[Reference, set[str]] = defaultdict(set)
        for unit, statement in violated:
            for reference in statement.operands:
                if reference.aggregate in ("sum", "count"):
                    wanted[reference].add(unit)
        found: dict[tuple[Reference, str], list[tuple[str, Fraction]]] = defaultdict(list)
        for reference, units in wanted.items():
            for unit, community, value in _parts(con, reference, sorted(units)):
                found[reference, unit].append((community, Fraction(value, HUNDREDTHS)))
        return cls(before | found)


def _before(
    con: duckdb.DuckDBPyConnection, inputs: Inputs, violated: list[tuple[str, Statement]]
) -> dict[tuple[Reference, str], list[tuple[str, Fraction]]]:
    """Values of earlier months that were sent under other codes."""
    lagging = {(r, unit) for unit, statement in violated for r in statement.operands if r.lag and is_own_value(r)}
    origins = {lag: inputs.origins(lag) for lag in {reference.lag for reference, _ in lagging}}
    found = {}
    for reference, unit in lagging:
        if origin := origins[reference.lag].get(unit):
            found[reference, unit] = _sent_by(con, inputs, reference, sorted(origin))
    return found


def _sent_by(
    con: duckdb.DuckDBPyConnection, inputs: Inputs, reference: Reference, units: list[str]
) -> list[tuple[str, Fraction]]:
    source = source_of(reference)
    con.register("sent_before", inputs.tables_back(reference.lag)[source.raw])
    rows = con.execute(
        f"select {source.unit}, first({row_sql(reference, WIDE)} order by row_number) from sent_before "
        f"where list_contains(?, {source.unit}) group by 1 order by 1",
        [units],
    ).fetchall()
    return [(unit, Fraction(value, HUNDREDTHS)) for unit, value in rows if value is not None]


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


def reason(reference: Reference, month: date, changed: bool = False) -> str:
    """Why a rule could not run, for readers; ``changed`` says that the unit was not the same then."""
    then = f"{months_back(month, reference.lag):%Y-%m}"
    if changed:
        return f"单位撤并分设，没有可比的 {reference.item}（{then}）"
    if reference.function == "department":
        return f"没有部门数据 {reference.item}（{then}）"
    if reference.function == "registered":
        return f"名册未登记 {reference.item}（{then}）"
    if reference.aggregate in ("sum", "count"):
        return f"有社区缺 {reference.item}（{then}）"
    if reference.aggregate == "total":
        return f"合计行缺 {reference.item}（{then}）"
    return f"缺首报 {reference.item}（{then}）" if reference.first else f"缺 {reference.item or '社区'}（{then}）"
