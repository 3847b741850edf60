"""Stars: the criterion with its threshold, the figures it reads, and the alerts that make it unknown."""

from __future__ import annotations

from datetime import date
from typing import Any

from delivery.console.words import STAR_STATUSES
from delivery.trace.figures import steps_of
from delivery.trace.steps import CannotTrace, Sources, Step, item_of, number
from ingest.reference import Unit

# Columns of star_ratings that are an item of the workbook.
PLANNED = {"stars_planned": "X01", "planned_stars": "X02"}
COUNTED = ("stars_met", "stars_unknown", "gap")
GLYPHS = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "=": "="}
SUFFIX = "_star"


def indicator_step(sources: Sources, unit: Unit, month: date, criterion: str) -> Step:
    """One criterion of one community. Raises CannotTrace where it is not judged by it."""
    row = sources.one("star_indicators", month=month, community_code=unit.unit_code, criterion_code=criterion)
    if row is None:
        rows = sources.many("star_indicators", month=month, community_code=unit.unit_code)
        known = "、".join(sorted(each["criterion_code"] for each in rows)) or "无"
        raise CannotTrace(f"{unit.unit_name} {month:%Y-%m} 没有标准 {criterion}；有的标准：{known}")
    return _indicator(sources, unit, month, row)


def _indicator(sources: Sources, unit: Unit, month: date, row: dict[str, Any]) -> Step:
    found = sources.many("dim_star_criterion", criterion_code=row["criterion_code"], star_scheme=row["star_scheme"])
    criterion = next(each for each in found if _holds(each, month))
    codes = [code for code in (criterion["numerator_item"], criterion["denominator_item"]) if code]
    value = "无法计算" if row["value"] is None else f"{number(row['value'])} {criterion['unit']}"
    threshold = f"{GLYPHS[row['operator']]}{number(row['threshold'])} {criterion['unit']}"
    lines = [
        f"标准：{criterion['name_zh']}{threshold}（{row['criterion_code']}，{criterion['label']}，"
        f"{criterion['valid_from']:%Y-%m-%d} 起）；{criterion['note_zh']}",
        f"算法：{_formula(codes, criterion['scale'])}＝{value}",
    ]
    if row["margin"] is not None:
        lines.append(f"距标准：{number(row['margin'])} {criterion['unit']}")
    if row["reason"]:
        lines.append(f"不能判定的原因：{row['reason']}")
    title = f"{unit.unit_name} {criterion['name_zh']}：{STAR_STATUSES[row['status']]}"
    return Step(title, tuple(lines), steps_of(sources, codes, unit, month))


def _formula(codes: list[str], scale: int) -> str:
    names = "÷".join(f"{item_of(code).name_zh}（{code}）" for code in codes)
    return names if scale == 1 else f"{names}×{scale}"


def _holds(row: dict[str, Any], month: date) -> bool:
    return bool(row["valid_from"] <= month and (row["valid_to"] is None or month <= row["valid_to"]))


def rating_step(sources: Sources, unit: Unit, month: date, column: str) -> Step:
    """A star, or a count of stars, of one community. Raises CannotTrace."""
    row = sources.one("star_ratings", month=month, community_code=unit.unit_code)
    if row is None:
        raise CannotTrace(f"已发布的数据里没有 {unit.unit_name} {month:%Y-%m} 的星级：该月所在街道没有报送")
    if column in PLANNED:
        return steps_of(sources, [PLANNED[column]], unit, month)[0]
    stars = [name for name in row if name.endswith(SUFFIX)] if column in COUNTED else [column]
    if not set(stars) <= set(row) or not all(name.endswith(SUFFIX) for name in stars):
        raise CannotTrace(f"star_ratings 的 {column} 不是从单元格来的数；可追：{_columns(row)}")
    parts = tuple(_star(sources, unit, month, name.removesuffix(SUFFIX), row[name]) for name in stars)
    if column not in COUNTED:
        return parts[0]
    planned = steps_of(sources, ["X01"], unit, month) if column == "gap" else ()
    return Step(f"{unit.unit_name} {column}：{number(row[column])}", ("由以下各星得出",), (*parts, *planned))


def _star(sources: Sources, unit: Unit, month: date, star: str, status: str) -> Step:
    rows = sources.many("star_indicators", month=month, community_code=unit.unit_code, star=star)
    named = sources.many("dim_star_criterion", star=star)
    name = named[0]["star_name_zh"] if named and "star_name_zh" in named[0] else star
    line = "各条标准都达标才得星" if len(rows) > 1 else "" if rows else "本社区没有适用的标准"
    parts = tuple(_indicator(sources, unit, month, row) for row in rows)
    return Step(f"{unit.unit_name} {name}：{STAR_STATUSES[status]}", (line,) if line else (), parts)


def _columns(row: dict[str, Any]) -> str:
    return "、".join([*(name for name in row if name.endswith(SUFFIX)), *COUNTED, *PLANNED])
