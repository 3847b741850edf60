"""Structure of cadres: a band is one item, or the difference of two; a share is a band over its group."""

from __future__ import annotations

from datetime import date

from delivery.trace.figures import figure_step, steps_of
from delivery.trace.steps import CannotTrace, Sources, Step, item_of, number
from ingest.data_root import DataRoot
from ingest.reference import CadreBand, CadreGroup, Unit, read_table


def band_step(sources: Sources, unit: Unit, month: date, group: str, band: str, column: str) -> Step:
    """``headcount``, ``share`` or ``group_headcount`` of a band. Raises CannotTrace."""
    if column not in ("headcount", "share", "group_headcount"):
        raise CannotTrace(f"cadre_structure 的 {column} 不是从单元格来的数；可追：headcount、share、group_headcount")
    row = sources.one("cadre_structure", month=month, org_code=unit.unit_code, cadre_group=group, band=band)
    if row is None:
        found = sources.many("cadre_structure", month=month, org_code=unit.unit_code)
        known = "；".join(f"{each['cadre_group']} {each['band']}" for each in found) or "无"
        raise CannotTrace(f"{unit.unit_name} {month:%Y-%m} 没有 {group} {band}；有的：{known}")
    chosen, whole = _band(sources.root, group, band), _group(sources.root, group)
    plus, minus = chosen.plus_item, chosen.minus_item
    counted = f"{plus}－{minus}" if minus else plus
    how = {"headcount": counted, "group_headcount": whole.headcount_item}
    how["share"] = f"（{counted}）÷{whole.headcount_item}×100" if minus else f"{plus}÷{whole.headcount_item}×100"
    read = {"headcount": [plus, minus], "share": [plus, minus, whole.headcount_item]}
    codes = [code for code in read.get(column, [whole.headcount_item]) if code]
    title = f"{unit.unit_name} {whole.name_zh} {row['name_zh']} {column}：{number(row[column])}"
    return Step(title, (f"算法：{how[column]}",), steps_of(sources, list(dict.fromkeys(codes)), unit, month))


def summary_step(sources: Sources, unit: Unit, month: date, group: str, column: str) -> Step:
    """A column of cadre_summary. Raises CannotTrace."""
    row = sources.one("cadre_summary", month=month, org_code=unit.unit_code, cadre_group=group)
    if row is None:
        raise CannotTrace(f"{unit.unit_name} {month:%Y-%m} 没有 {group} 的汇总；可写 team、secretary、member")
    whole = _group(sources.root, group)
    if column == "headcount":
        return figure_step(sources, item_of(whole.headcount_item), unit, month)
    if column == "mean_age":
        return figure_step(sources, item_of(whole.mean_age_item), unit, month, item_of(whole.headcount_item))
    bands = [b for b in _bands(sources.root) if (b.cadre_group, b.summary_share) == (group, column)]
    if not bands or row[column] is None:
        raise CannotTrace(f"{unit.unit_name}的{whole.name_zh}没有 {column} 这个数")
    return band_step(sources, unit, month, group, bands[0].band, "share")


def _bands(root: DataRoot) -> list[CadreBand]:
    return [row for row in read_table(root, "cadre_bands") if isinstance(row, CadreBand)]


def _band(root: DataRoot, group: str, band: str) -> CadreBand:
    return next(each for each in _bands(root) if (each.cadre_group, each.band) == (group, band))


def _group(root: DataRoot, group: str) -> CadreGroup:
    rows = (row for row in read_table(root, "cadre_groups") if isinstance(row, CadreGroup))
    return next(each for each in rows if each.cadre_group == group)
