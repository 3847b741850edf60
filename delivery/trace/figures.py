"""An item's figure at any level: a cell, a sum of cells, or a weighted mean of cells."""

from __future__ import annotations

from datetime import date
from typing import Any

from delivery.trace.cells import cell_step
from delivery.trace.steps import CannotTrace, Sources, Step, figure, item_of
from ingest.reference import Item, Unit, items

LEVELS = ("community", "subdistrict", "county")


def figure_step(sources: Sources, item: Item, unit: Unit, month: date, weight: Item | None = None) -> Step:
    """Where ``item`` of ``unit`` comes from; ``weight`` is what a county's mean is weighted by.

    Raises CannotTrace where the item does not exist at that level.
    """
    if unit.level == item.sheet:
        return cell_step(sources, item, unit.unit_code, month)
    if LEVELS.index(unit.level) < LEVELS.index(item.sheet):
        raise CannotTrace(f"{item.name_zh}（{item.item_code}）只按街道填报，没有社区的数")
    if not item.additive and weight is None:
        raise CannotTrace(f"{item.name_zh}（{item.item_code}）不能相加，{unit.unit_name}没有这个数")
    parts = [part for code in _reported(sources, unit, month) for part in _parts(sources, item, code, month, weight)]
    if not parts:
        raise CannotTrace(f"{unit.unit_name} {month:%Y-%m} 没有任何报送")
    how = "按人数加权平均" if weight is not None and not item.additive else "相加"
    below = "各社区" if unit.level == "subdistrict" else "各街道"
    value = _published(sources, item, unit, month)
    title = f"{unit.unit_name} {item.item_code} {item.name_zh}：{figure(item, value)}"
    return Step(title, (f"{below}{how}，共 {len(parts)} 个数", *_silent(sources, unit, month)), tuple(parts))


def _parts(sources: Sources, item: Item, code: str, month: date, weight: Item | None) -> list[Step]:
    unit = sources.unit(code, month)
    steps = [figure_step(sources, item, unit, month)]
    return steps if weight is None or item.additive else [*steps, figure_step(sources, weight, unit, month)]


def _reported(sources: Sources, unit: Unit, month: date) -> list[str]:
    """The units directly below that the release has figures of."""
    if unit.level == "subdistrict":
        rows = sources.many("community_month", month=month, subdistrict_code=unit.unit_code)
        return sorted(row["community_code"] for row in rows)
    below = {child.unit_code for child in sources.register.children(unit.unit_code, month)}
    rows = sources.many("subdistrict_month", month=month)
    return sorted(row["subdistrict_code"] for row in rows if row["subdistrict_code"] in below)


def _silent(sources: Sources, unit: Unit, month: date) -> list[str]:
    sent = set(_reported(sources, unit, month))
    missing = [u.unit_name for u in sources.register.children(unit.unit_code, month) if u.unit_code not in sent]
    return [f"不含没有报送的：{'、'.join(missing)}"] if missing else []


def _published(sources: Sources, item: Item, unit: Unit, month: date) -> Any:
    if unit.level == "subdistrict":
        row = sources.one("subdistrict_month", month=month, subdistrict_code=unit.unit_code)
        return row[item.column_name] if row else None
    row = sources.one("unit_items", month=month, org_code=unit.unit_code, item_code=item.item_code)
    return row["value"] if row else None


def item_called(column: str) -> Item | None:
    """The item whose column this is, by column name or code."""
    return next((item for item in items() if column in (item.column_name, item.item_code)), None)


def steps_of(sources: Sources, codes: list[str], unit: Unit, month: date) -> tuple[Step, ...]:
    return tuple(figure_step(sources, item_of(code), unit, month) for code in codes)
