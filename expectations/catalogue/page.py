"""Writes docs/rules.md, the rule page (口径卡) of every monthly item: run by ``make generate``, checked by a test.

Here belongs how shipped rules and items look to readers; what they say stands in ``rules/`` and items.csv.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from expectations.catalogue.load import Catalogue, load_catalogue
from expectations.catalogue.models import FIRST_DAY, RuleBase
from ingest.reference import Item, items

PAGE = Path(__file__).resolve().parents[2] / "docs" / "rules.md"

LEVELS = {"mandatory": "强制性", "verification": "核实性", "hint": "提示性"}
SHEETS = {"community": "社区月报", "subdistrict": "街道汇总"}
KINDS = {
    "stock": "时点数",
    "flow": "本月发生数",
    "year_to_date": "年内累计数（1月从零起）",
    "yes_no": "是否项",
    "enum": "选项",
}
ASKED = {"monthly": "每月填报", "prefilled": "预填，变动时修改"}
HEADER = """# 口径卡

由 `make generate` 根据 `ingest/reference/items.csv` 和 `expectations/rules/*.yml` 生成，请勿手改。

公式里 `[-1]` 是上月，`[-12]` 是去年同月，`[v1]` 是首次报送；
`sum()` 是各社区之和，`total()` 是报表的合计行，`x` 是本指标。
强制性须改正，核实性须改正或写明原因，提示性不影响接收；“研判”不发给填报人。"""


def page(catalogue: Catalogue) -> str:
    """The whole page, Markdown in Chinese."""
    rules = [rule for rule in catalogue.rules if rule.form == "monthly_report"]
    cards = [_card(item, [rule for rule in rules if item.item_code in rule.item_codes]) for item in items()]
    whole = _section("整张报表", [], [rule for rule in rules if not rule.item_codes])
    return "\n\n".join([HEADER, *cards, whole]) + "\n"


def _card(item: Item, rules: list[RuleBase]) -> str:
    facts = [
        f"- 单位：{item.unit}；{SHEETS[item.sheet]}；{KINDS[item.kind]}；{ASKED[item.asked]}",
        f"- 汇总：{'各社区可相加' if item.additive else '不可相加'}",
        f"- 用途：{item.used_by}",
    ]
    if item.choices:
        facts.insert(1, f"- 可填：{'、'.join(item.choices)}")
    return _section(f"{item.item_code} {item.name_zh}", facts, rules)


def _section(title: str, facts: list[str], rules: list[RuleBase]) -> str:
    ordered = sorted(rules, key=lambda rule: (list(LEVELS).index(rule.level), rule.id))
    table = ["| 级别 | 规则 | 要求 | 公式 | 适用 |", "|---|---|---|---|---|", *map(_line, ordered)]
    return "\n\n".join(part for part in (f"## {title}", "\n".join(facts), "\n".join(table)) if part)


def _line(rule: RuleBase) -> str:
    level = LEVELS[rule.level] + ("（研判）" if rule.channel == "review" else "")
    title = rule.title_zh if rule.enabled else f"{rule.title_zh}（停用：{rule.disabled_reason}）"
    cells = (level, rule.id, f"{title}。{rule.note}" if rule.note else title, f"`{rule.formula}`", _valid(rule))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _valid(rule: RuleBase) -> str:
    since = "" if rule.valid_from == FIRST_DAY else f"{rule.valid_from}起"
    until = f"至{rule.valid_to}" if rule.valid_to else ""
    asked: Iterable[int] = getattr(rule, "in_year_months", ())
    return (since + until or "一直") + (f"，{_months(sorted(asked))}" if asked else "")


def _months(months: list[int]) -> str:
    if len(months) > 1 and months == list(range(months[0], months[-1] + 1)):
        return f"{months[0]}–{months[-1]}月"
    return "、".join(map(str, months)) + "月"


def main() -> None:
    PAGE.write_text(page(load_catalogue(None)), encoding="utf-8")


if __name__ == "__main__":
    main()
