"""Rules within one column: balances, printed percentages, shares of bands, parts and wholes, copied neighbours.

Each function answers one kind of rule for one column; it raises NotExecutable where a figure is missing.
"""

from __future__ import annotations

from fractions import Fraction
from math import floor

from expectations.printed.check import HELD, Check
from expectations.printed.intervals import Interval, show, total
from expectations.printed.models import AtMost, Balance, Bands, Ratio, SameValue
from expectations.printed.sheet import Cell, Column, NotExecutable, label

PERCENT = Interval.point(100)


def balance(rule: Balance, column: Column) -> Check:
    """T16 + T17 = T15."""
    blank = [code for code in rule.addends if column.get(code) is None]
    tolerated = rule.blank_is_zero and len(blank) < len(rule.addends)
    addends = [column.need(code) for code in rule.addends if not (tolerated and code in blank)]
    whole = column.need(rule.total)
    added = total(cell.interval(rule.rounding) for cell in addends)
    if added.meets(whole.interval(rule.rounding)):
        return HELD
    note = f"，{'、'.join(map(label, blank))}空白按0计" if blank else ""
    detail = f"{_sum(addends)}＝{added}≠{whole}{note}"
    return Check(column.operands(*rule.addends, rule.total), detail)


def ratio(rule: Ratio, column: Column) -> Check:
    """A printed percentage or quotient against its own count and base, or the base alone."""
    printed, base = column.need(rule.figure), column.need(rule.denominator)
    if base.value <= 0:
        raise NotExecutable(f"{column.name}的{base}不大于0，不能作分母")
    if rule.scale == 100 and column.get(rule.numerator) is None:
        return _achievable(rule, column, printed, base)
    count = column.need(rule.numerator)
    quotient = (count.interval(rule.rounding) / base.interval(rule.rounding)).scaled(rule.scale)
    if quotient.meets(printed.interval(rule.rounding)):
        return HELD
    percent = "%" if rule.scale == 100 else ""
    detail = f"{count}÷{base}＝{quotient}{percent}，与所填{printed}不符"
    return Check(column.operands(rule.numerator, rule.denominator, rule.figure), detail)


def _achievable(rule: Ratio, column: Column, printed: Cell, base: Cell) -> Check:
    size = _whole(base, column)
    possible = printed.interval(rule.rounding).scaled(Fraction(size, 100)).whole_numbers()
    if any(0 <= number <= size for number in possible):
        return HELD
    below = min(floor(Fraction(printed.value) * size / 100), size - 1)
    unit = base.figure.unit
    nearest = "，".join(f"{n}{unit}＝{show(Fraction(100 * n, size))}%" for n in (below, below + 1))
    way = "四舍五入" if rule.rounding == "nearest" else "截尾"
    detail = f"{printed}：{size}{unit}中没有任何整数{unit}数{way}后是{printed.text}，{nearest}"
    return Check(column.operands(rule.denominator, rule.figure), detail)


def bands(rule: Bands, column: Column) -> Check:
    """Shares that part a base: whole numbers with these shares add up to it."""
    shares = [column.need(code) for code in rule.shares]
    intervals = [share.interval(rule.rounding) for share in shares]
    base = column.get(rule.base)
    operands = column.operands(*rule.shares, *([rule.base] if base else []))
    if base is None:
        added = total(intervals)
        return HELD if added.meets(PERCENT) else Check(operands, f"{_sum(shares)}：合计{added}%≠100%")
    size = _whole(base, column)
    counts = [interval.scaled(Fraction(size, 100)).whole_numbers() for interval in intervals]
    if all(counts) and sum(c[0] for c in counts) <= size <= sum(c[-1] for c in counts):
        return HELD
    sentence = f"{'、'.join(map(str, shares))}：{base}，没有相加等于{size}的整数能得出这些占比"
    return Check(operands, sentence)


def at_most(rule: AtMost, column: Column) -> Check:
    """Women among secretaries ≤ women in the team; or parts ≤ a share of a base."""
    parts = [column.need(code) for code in rule.parts]
    whole = column.need(rule.whole)
    added, limit = total(cell.interval(rule.rounding) for cell in parts), whole.interval(rule.rounding)
    written = str(whole)
    if rule.base:
        base = column.need(rule.base)
        limit = (limit * base.interval(rule.rounding)).scaled(Fraction(1, 100))
        written = f"{whole}×{base}＝{limit}"
    if limit.reaches(added):
        return HELD
    codes = [*rule.parts, rule.whole, *([rule.base] if rule.base else [])]
    return Check(column.operands(*codes), f"{_sum(parts)}＞{written}")


def same_value(rule: SameValue, column: Column) -> Check:
    """Equal to its neighbour, and in conflict with other figures: equal by chance is too common to be worth a line."""
    figure, neighbour = column.need(rule.figure), column.need(rule.neighbour)
    if figure.value != neighbour.value or (rule.figure, column.unit_code) not in column.sheet.doubted:
        return HELD
    detail = f"{figure}与{neighbour}相同，而前者与其他数不符，请核对是否抄错格"
    return Check(column.operands(rule.figure, rule.neighbour), detail)


def _whole(base: Cell, column: Column) -> int:
    interval = base.interval("nearest")
    if not interval.exact or interval.low.denominator != 1 or interval.low <= 0:
        raise NotExecutable(f"{column.name}的{base}不是确切的正整数，不能核对占比")
    return int(interval.low)


def _sum(cells: list[Cell]) -> str:
    return "＋".join(map(str, cells))
