"""Which way back a table takes, and what its key is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from delivery.published import connect
from delivery.trace.alerts import alert_step
from delivery.trace.cadres import band_step, summary_step
from delivery.trace.figures import figure_step, item_called
from delivery.trace.reference import TABLES, dimension_step, rule_step
from delivery.trace.stars import indicator_step, rating_step
from delivery.trace.steps import CannotTrace, Sources, Step
from delivery.trace.submissions import burden_step, execution_step, score_step, status_step
from delivery.trace.summaries import series_step, star_summary_step
from ingest.data_root import DataRoot
from ingest.reference import Unit


@dataclass(frozen=True)
class _Way:
    """``key`` names the parts of a key in their order."""

    key: tuple[str, ...]
    follow: Callable[[Sources, str, list[str]], Step]


def trace(root: DataRoot, table: str, column: str, key: Sequence[str]) -> Step:
    """Where a published number comes from.

    ``key`` holds what names the row, in the order of ``WAYS``. Raises CannotTrace with what is possible instead, and
    NoRelease where nothing was published.
    """
    way = WAYS.get(table.removeprefix("marts."))
    if way is None:
        raise CannotTrace(f"{table} 不能追到单元格；可追的表：{'、'.join(WAYS)}。它由这些表算出，请追它们的数")
    if len(key) != len(way.key):
        raise CannotTrace(f"{table} 的一行由 {' '.join(way.key)} 确定，共 {len(way.key)} 项，写了 {len(key)} 项")
    with connect(root) as release:
        _check_column(release, table.removeprefix("marts."), column)
        return way.follow(Sources(root, release), column, list(key))


def _check_column(release: duckdb.DuckDBPyConnection, table: str, column: str) -> None:
    known = [row[0] for row in release.execute(f'describe marts."{table}"').fetchall()]
    if column not in known and item_called(column) is None:
        raise CannotTrace(f"{table} 没有 {column} 这一列；有的列：{'、'.join(known)}")


def _place(sources: Sources, key: list[str]) -> tuple[Unit, date]:
    month = _month(key[0])
    return sources.unit(key[1], month), month


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text[:7]}-01")
    except ValueError as error:
        raise CannotTrace(f"“{text}”不是月份，请写成 2024-03") from error


def _items(sources: Sources, column: str, key: list[str]) -> Step:
    unit, month = _place(sources, key)
    item = item_called(column)
    if item is None:
        raise CannotTrace(f"{column} 不是填报的指标：可写列名（如 operating_surplus）或指标代码（如 E06）")
    return figure_step(sources, item, unit, month)


def _indicators(sources: Sources, column: str, key: list[str]) -> Step:
    unit, month = _place(sources, key)
    return indicator_step(sources, unit, month, key[2])


def _ratings(sources: Sources, column: str, key: list[str]) -> Step:
    unit, month = _place(sources, key)
    return rating_step(sources, unit, month, column)


def _bands(sources: Sources, column: str, key: list[str]) -> Step:
    unit, month = _place(sources, key)
    return band_step(sources, unit, month, key[2], key[3], column)


def _summaries(sources: Sources, column: str, key: list[str]) -> Step:
    unit, month = _place(sources, key)
    return summary_step(sources, unit, month, key[2], column)


def _alerts(sources: Sources, column: str, key: list[str]) -> Step:
    return alert_step(sources, key[0])


def _star_summary(sources: Sources, column: str, key: list[str]) -> Step:
    unit, month = _place(sources, key)
    return star_summary_step(sources, unit, month, key[2], column)


def _series(sources: Sources, column: str, key: list[str]) -> Step:
    return series_step(sources, key[1], _month(key[0]), column)


def _statuses(sources: Sources, column: str, key: list[str]) -> Step:
    unit, month = _place(sources, key)
    return status_step(sources, unit, month, key[2], column)


def _executions(sources: Sources, column: str, key: list[str]) -> Step:
    unit, month = _place(sources, key)
    return execution_step(sources, unit, month, key[2], column)


def _scores(sources: Sources, column: str, key: list[str]) -> Step:
    unit, month = _place(sources, key)
    return score_step(sources, unit, month, key[2], column)


def _burdens(sources: Sources, column: str, key: list[str]) -> Step:
    unit, month = _place(sources, key)
    return burden_step(sources, unit, month, column)


def _rules(sources: Sources, column: str, key: list[str]) -> Step:
    return rule_step(sources, key[0], column)


def _dimension(mart: str) -> Callable[[Sources, str, list[str]], Step]:
    return lambda sources, column, key: dimension_step(sources, mart, key[0], column)


WAYS = {
    "community_month": _Way(("month", "community_code"), _items),
    "subdistrict_month": _Way(("month", "subdistrict_code"), _items),
    "star_indicators": _Way(("month", "community_code", "criterion_code"), _indicators),
    "star_ratings": _Way(("month", "community_code"), _ratings),
    "cadre_structure": _Way(("month", "org_code", "cadre_group", "band"), _bands),
    "cadre_summary": _Way(("month", "org_code", "cadre_group"), _summaries),
    "star_summary": _Way(("month", "subdistrict_code", "star_level"), _star_summary),
    "community_series": _Way(("month", "series_code"), _series),
    "submission_status": _Way(("month", "subdistrict_code", "form"), _statuses),
    "rule_executions": _Way(("month", "subdistrict_code", "rule_code"), _executions),
    "quality_scorecard": _Way(("month", "subdistrict_code", "dimension"), _scores),
    "reporting_burden": _Way(("month", "subdistrict_code"), _burdens),
    "quality_alerts": _Way(("alert_id",), _alerts),
    "dim_rule": _Way(("rule_code",), _rules),
    **{mart: _Way((key,), _dimension(mart)) for mart, (key, _, _) in TABLES.items()},
}
