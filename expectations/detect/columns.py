"""References as SQL over one row of raw: every value in whole hundredths, as BIGINT or HUGEINT.

Hundredths because money and means have two decimals; yes/no is 0 or 100, a choice its place in items.csv times 100.
"""

from __future__ import annotations

from expectations.catalogue.expression import Reference
from expectations.catalogue.kinds import ITEMS
from ingest.reference import Item

HUNDREDTHS = 100
WIDE = "hugeint"  # holds a hundred times any number that raw can hold, times any coefficient
NARROW = "bigint"  # twice as fast; DuckDB raises where a result does not fit, it never wraps


def quoted(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


def text(value: str) -> str:
    escaped = value.replace("'", "''")
    return f"'{escaped}'"


def row_name(reference: Reference) -> str:
    """The column of a row's own value: without aggregate and month, which say where to look, not what."""
    return str(Reference(reference.item, reference.function, argument=reference.argument))


def row_sql(reference: Reference, number: str, prefix: str = "") -> str:
    """The value of ``reference`` in a row of raw, whose columns' names begin with ``prefix``; NULL where it cannot be
    read.
    """
    item = ITEMS[reference.item or ""]
    column = quoted(f"{prefix}{item.column_name}")
    if reference.function in ("bits", "bit"):
        return _bits_sql(column, reference, number)
    value = _item_sql(item, column, number)
    return f"{value} % {(reference.argument or 1) * HUNDREDTHS}" if reference.function == "mod" else value


def choice_sql(column: str, choices: tuple[str, ...], number: str) -> str:
    cases = " ".join(f"when {text(choice)} then {place * HUNDREDTHS}" for place, choice in enumerate(choices, start=1))
    return f"cast(case {column} {cases} end as {number})"


def _item_sql(item: Item, column: str, number: str) -> str:
    if item.value_type == "choice":
        return choice_sql(column, item.choices, number)
    if item.value_type in ("money", "mean"):
        return f"cast({column} * {HUNDREDTHS} as {number})"
    if item.value_type == "bits":
        return f"try_cast({column} as {number}) * {HUNDREDTHS}"
    return f"cast({column} as {number}) * {HUNDREDTHS}"


def _bits_sql(column: str, reference: Reference, number: str) -> str:
    chosen = f"substr({column}, {reference.argument}, 1)" if reference.function == "bit" else column
    ones = f"length(replace({chosen}, '0', ''))"
    return f"case when regexp_full_match({column}, '[01]{{5}}') then cast({ones} as {number}) * {HUNDREDTHS} end"
