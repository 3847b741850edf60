"""Counts of communities, and sums along a series: the communities that are counted or added up."""

from __future__ import annotations

from datetime import date

from delivery.console.plain import as_text
from delivery.trace.figures import figure_step, item_called
from delivery.trace.steps import CannotTrace, Sources, Step, figure
from delivery.trace.submissions import row_of
from ingest.reference import Unit

# Column of star_summary → what is counted in star_ratings.
COUNTED = {"communities_planned": "stars_planned", "communities_met": "stars_met", "communities_undecided": "stars_met"}


def star_summary_step(sources: Sources, unit: Unit, month: date, level: str, column: str) -> Step:
    """How many communities plan or reach a number of stars, and which. Raises CannotTrace."""
    if column not in COUNTED:
        raise CannotTrace(f"star_summary 的 {column} 不是计数；可追：{'、'.join(COUNTED)}")
    if not level.isdigit():
        raise CannotTrace(f"“{level}”不是星数，请写 0 至 5")
    row = row_of(sources, "star_summary", month=month, subdistrict_code=unit.unit_code, star_level=int(level))
    ratings = sources.many("star_ratings", month=month, subdistrict_code=unit.unit_code)
    counted = [each for each in ratings if each[COUNTED[column]] == int(level)]
    if column == "communities_undecided":
        counted = [each for each in counted if each["stars_unknown"]]
    lines = [
        f"{sources.unit_name(each['community_code'], month)}：计划 {as_text(each['stars_planned'])} 星，"
        f"达到 {each['stars_met']} 星，{each['stars_unknown']} 星无法判定"
        for each in counted
    ]
    again = (f"再追：wuxing trace star_ratings {COUNTED[column]} {month:%Y-%m} 社区",) if lines else ()
    title = f"{unit.unit_name} {month:%Y-%m} {level} 星 {column}：{row[column]}"
    return Step(title, (f"{len(counted)} 个社区", *lines, *again))


def series_step(sources: Sources, series: str, month: date, column: str) -> Step:
    """An item along a series: the communities that it consisted of in ``month``. Raises CannotTrace."""
    item = item_called(column)
    if item is None or not item.additive or item.sheet != "community":
        raise CannotTrace(f"community_series 的 {column} 不是可加的社区指标：可写 registered_population 或 P02")
    row = row_of(sources, "community_series", month=month, series_code=series)
    members = sorted(sources.register.members(series, month), key=lambda unit: unit.unit_code)
    reported = [u for u in members if sources.one("community_month", month=month, community_code=u.unit_code)]
    parts = tuple(figure_step(sources, item, unit, month) for unit in reported)
    title = f"序列 {series} {month:%Y-%m} {item.item_code} {item.name_zh}：{figure(item, row[item.column_name])}"
    return Step(title, (f"当时的社区相加，共 {len(parts)} 个数",), parts)
