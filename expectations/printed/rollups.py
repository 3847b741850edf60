"""Rules over several columns: the sub-districts against 合计, and parts against the whole that they imply."""

from __future__ import annotations

from fractions import Fraction

from expectations.printed.check import HELD, Check
from expectations.printed.intervals import show, total
from expectations.printed.models import PartOfWhole, RollupMean, RollupSum
from expectations.printed.sheet import Column, NotExecutable, label
from expectations.violation import Operand


def rollup_sum(rule: RollupSum, column: Column) -> Check:
    """Σ over sub-districts = 合计; with a base the shares are turned into counts first."""
    printed = column.need(rule.total_figure)
    parts = column.sheet.parts
    addends = [part.need(rule.figure).interval(rule.rounding) for part in parts]
    if rule.base:
        bases = [part.need(rule.base).interval(rule.rounding) for part in parts]
        addends = [(a * b).scaled(Fraction(1, 100)) for a, b in zip(addends, bases, strict=True)]
    added = total(addends)
    if added.meets(printed.interval(rule.rounding)):
        return HELD
    terms = "＋".join(_term(part, rule.figure, rule.base) for part in parts)
    detail = f"{label(rule.total_figure)}：{terms}＝{added}≠合计{printed.text}"
    codes = [rule.figure, *([rule.base] if rule.base else [])]
    return Check(_operands(parts, codes) + column.operands(rule.total_figure), detail)


def rollup_mean(rule: RollupMean, column: Column) -> Check:
    """The weighted mean of the sub-districts' means against the one in 合计."""
    printed = column.need(rule.figure)
    parts = column.sheet.parts
    means = [part.need(rule.figure).interval(rule.rounding) for part in parts]
    weights = [part.need(rule.weight).interval(rule.rounding) for part in parts]
    if not total(weights).low > 0:
        raise NotExecutable(f"各街道{label(rule.weight)}合计不大于0，不能加权")
    weighted = total(mean * weight for mean, weight in zip(means, weights, strict=True)) / total(weights)
    if weighted.meets(printed.interval(rule.rounding)):
        return HELD
    terms = "、".join(_term(part, rule.figure, rule.weight) for part in parts)
    unit = printed.figure.unit
    detail = f"{label(rule.figure)}：{terms}，加权平均应在{weighted}{unit}之间，合计却为{printed.text}{unit}"
    return Check(_operands(parts, [rule.figure, rule.weight]) + column.operands(rule.figure), detail)


def part_of_whole(rule: PartOfWhole, column: Column) -> Check:
    """A sub-district's part and its printed share give the whole, which has room for all sub-districts' parts."""
    share, part = column.need(rule.share), column.need(rule.part)
    portion = share.interval(rule.rounding)
    if portion.low <= 0:
        raise NotExecutable(f"{column.name}的{share}不大于0，不能推算全市")
    whole = part.interval(rule.rounding).scaled(100) / portion
    known = [other for other in column.sheet.parts if other.get(rule.part)]
    added = total(other.need(rule.part).interval(rule.rounding) for other in known)
    if whole.reaches(added):
        return HELD
    unit = part.figure.unit
    terms = "＋".join(_term(other, rule.part, None) for other in known)
    summed = show(sum((Fraction(other.need(rule.part).value) for other in known), Fraction(0)))
    implied = f"{part}{unit}、{share}，全市应在{whole}{unit}之间"
    detail = f"{implied}，小于{terms}＝{summed}{unit}"
    return Check(_operands(known, [rule.part]) + column.operands(rule.share), detail)


def _term(column: Column, code: str, weight: str | None) -> str:
    times = f"×{column.need(weight).with_unit}" if weight else ""
    value = column.need(code)
    return f"{column.name}{value.with_unit if weight else value.text}{times}"


def _operands(columns: tuple[Column, ...] | list[Column], codes: list[str]) -> tuple[Operand, ...]:
    return tuple(operand for column in columns for operand in column.operands(*codes))
