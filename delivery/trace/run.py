"""Which way back a table takes, and what its key is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from delivery.published import connect
from delivery.trace.alerts import alert_step
from delivery.trace.cadres import band_step, summary_step
from delivery.trace.figures import figure_step, item_called
from delivery.trace.stars import indicator_step, rating_step
from delivery.trace.steps import CannotTrace, Sources, Step
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
        return way.follow(Sources(root, release), column, list(key))


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


WAYS = {
    "community_month": _Way(("month", "community_code"), _items),
    "subdistrict_month": _Way(("month", "subdistrict_code"), _items),
    "star_indicators": _Way(("month", "community_code", "criterion_code"), _indicators),
    "star_ratings": _Way(("month", "community_code"), _ratings),
    "cadre_structure": _Way(("month", "org_code", "cadre_group", "band"), _bands),
    "cadre_summary": _Way(("month", "org_code", "cadre_group"), _summaries),
    "quality_alerts": _Way(("alert_id",), _alerts),
}
