"""The check in a cell, and the definition on its header: what the catalogue knows, told while the clerk types."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from openpyxl.worksheet.datavalidation import DataValidation

from expectations.catalogue import Catalogue, RangeRule
from ingest.reference import Item

KINDS = {
    "stock": "时点数：月末的数",
    "flow": "本月发生数，没有发生填 0",
    "year_to_date": "年初至本月末累计数，1 月重新起算",
    "yes_no": "只填“是”或“否”",
    "enum": "从选项中选择",
}
# Excel refuses a file with longer titles and prompts.
TITLE_LENGTH, PROMPT_LENGTH = 32, 255
RULES_TOLD = 6


@dataclass(frozen=True)
class Limits:
    """The values that no rule of the catalogue would have changed; None where there is no limit."""

    minimum: Decimal | None = None
    maximum: Decimal | None = None
    mandatory: bool = False


def limits(item: Item, catalogue: Catalogue, month: date) -> Limits:
    """The limits of the item's range rule of ``month``; a mandatory one before others."""
    rules = [
        rule for rule in catalogue.structure(month) if isinstance(rule, RangeRule) and item.item_code in rule.items
    ]
    for rule in sorted(rules, key=lambda each: each.level != "mandatory"):
        return Limits(rule.minimum, rule.maximum, rule.level == "mandatory")
    return Limits()


def validation(item: Item, bound: Limits) -> DataValidation:
    """The check of the item's cells. A value that cannot be read is stopped; one that is only unlikely is asked."""
    check = _check(item, bound)
    check.allow_blank = True
    stops = bound.mandatory or bound == Limits() or item.value_type in ("yes_no", "choice", "bits")
    check.errorStyle = "stop" if stops else "warning"
    check.showErrorMessage = check.showInputMessage = True
    wanted = _wanted(item, bound)
    check.errorTitle = "请核对" if check.errorStyle == "warning" else "不能这样填"
    check.error = f"{item.name_zh}：{wanted}"[:PROMPT_LENGTH]
    check.promptTitle = f"{item.item_code} {item.name_zh}"[:TITLE_LENGTH]
    check.prompt = f"{KINDS[item.kind]}；{wanted}"[:PROMPT_LENGTH]
    return check


def _check(item: Item, bound: Limits) -> DataValidation:
    if item.choices:
        return DataValidation(type="list", formula1=f'"{",".join(item.choices)}"')
    if item.value_type == "bits":
        return DataValidation(type="textLength", operator="equal", formula1="5")
    kind = "whole" if item.value_type == "integer" else "decimal"
    if bound.minimum is not None and bound.maximum is not None:
        return DataValidation(type=kind, operator="between", formula1=f"{bound.minimum}", formula2=f"{bound.maximum}")
    if bound.maximum is not None:
        return DataValidation(type=kind, operator="lessThanOrEqual", formula1=f"{bound.maximum}")
    # Any number: without a limit a spreadsheet has no check "is a number", and no figure of a community is larger.
    low = "-1000000000" if bound.minimum is None else f"{bound.minimum}"
    return DataValidation(type=kind, operator="greaterThanOrEqual", formula1=low)


def _wanted(item: Item, bound: Limits) -> str:
    if item.value_type == "bits":
        return "五位 0/1，依次为五颗星，如 01101"
    if item.choices:
        return f"可填 {'、'.join(item.choices)}"
    words = ["整数" if item.value_type == "integer" else "数字", f"单位 {item.unit}"]
    words += ["两位小数"] if item.value_type == "money" else []
    words += [f"不小于 {bound.minimum}"] if bound.minimum is not None else []
    words += [f"不大于 {bound.maximum}"] if bound.maximum is not None else []
    return "，".join(words)


def definition(item: Item, catalogue: Catalogue, month: date) -> str:
    """The note on the item's header: what it is, who uses it, which mandatory rules read it."""
    lines = [f"{item.item_code} {item.name_zh}（{item.unit}）", KINDS[item.kind]]
    lines.append("已预填上月数，有变化才改" if item.asked == "prefilled" else "每月填报")
    lines.append(f"用于：{item.used_by}")
    titles = list(dict.fromkeys(_titles(item, catalogue, month)))
    return "\n".join([*lines, *(f"· {title}" for title in titles[:RULES_TOLD])])


def _titles(item: Item, catalogue: Catalogue, month: date) -> Iterable[str]:
    asked = [*catalogue.structure(month), *catalogue.expressions(month)]
    return (rule.title_zh for rule in asked if rule.level == "mandatory" and item.item_code in rule.item_codes)
