"""Whether a mean can be reached from the bands beside it."""

from __future__ import annotations

from fractions import Fraction

from expectations.printed.check import HELD, Check
from expectations.printed.intervals import Interval, total
from expectations.printed.models import MeanInBands
from expectations.printed.sheet import Column, NotExecutable


def mean_in_bands(rule: MeanInBands, column: Column) -> Check:
    """The printed mean lies between everybody at the young edge of his band and everybody just under the old one."""
    mean = column.need(rule.mean)
    cells = [column.need(band.figure) for band in rule.bands]
    weights = [cell.interval(rule.rounding) for cell in cells]
    in_percent = cells[0].figure.kind == "percent"
    whole = Interval.point(100) if in_percent else total(weights)
    if whole.low <= 0 or not total(weights).meets(whole):
        raise NotExecutable(
            f"{column.name}各段合计不是{'100%' if in_percent else '正数'}，不能核对{mean.figure.name_zh}"
        )
    youngest = _lowest_mean(list(zip([Fraction(b.low) for b in rule.bands], weights, strict=True)), whole.high)
    oldest = -_lowest_mean([(Fraction(-b.high), w) for b, w in zip(rule.bands, weights, strict=True)], whole.high)
    if Interval(youngest, oldest, high_open=True).meets(mean.interval(rule.rounding)):
        return HELD
    parts = "、".join(map(str, cells))
    detail = f"{mean}：按{parts}只能在{Interval(youngest, oldest)}之间"
    return Check(column.operands(rule.mean, *(band.figure for band in rule.bands)), detail)


def _lowest_mean(bands: list[tuple[Fraction, Interval]], whole: Fraction) -> Fraction:
    """The least mean of ages over weights inside their intervals that add up to ``whole``: fill the youngest first."""
    rest = whole - sum(weight.low for _, weight in bands)
    summed = Fraction(0)
    for age, weight in sorted(bands, key=lambda band: band[0]):
        extra = min(rest, weight.high - weight.low)
        rest -= extra
        summed += age * (weight.low + extra)
    return summed / whole
