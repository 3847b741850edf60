"""The arithmetic of a violated structure rule, in Chinese, by codes and numbers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from expectations.catalogue.kinds import RangeRule, SetRule
from expectations.structure.suites import Asked


def sentence(asked: Asked, value: str, text: str) -> str:
    """Of one failing cell: ``value`` as it was loaded, ``""`` if blank; ``text`` as it was sent."""
    item = asked.item
    name = f"{item.item_code} {item.name_zh}" if item else ""
    if isinstance(asked.rule, RangeRule):
        return f"{name}：{value}{_crossed(asked.rule, value)}"
    if isinstance(asked.rule, SetRule):
        return f"{name}：“{value}”不在选项（{'、'.join(item.choices) if item else ''}）中"
    return f"{name}：填为“{text}”，未能读出可用的值" if text else f"{name}：未填报"


def _crossed(rule: RangeRule, value: str) -> str:
    if rule.minimum is not None and Decimal(value) < rule.minimum:
        return f"<{rule.minimum}"
    return f">{rule.maximum}"


def repeated(name: str, row_numbers: list[int]) -> str:
    """Of a community that stands on several rows."""
    rows = "、".join(map(str, sorted(row_numbers)))
    return f"{name}填报了{len(row_numbers)}行：第{rows}行"


def absent(name: str) -> str:
    """Of a community of the register without a row."""
    return f"名册中的{name}没有填报"


def written(value: Any) -> str:
    """A value of a frame as text: whole numbers plain, amounts with their decimals."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # pandas makes floats of a whole-number column with blanks
    return str(value)
