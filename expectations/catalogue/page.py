"""Writes the rule pages (口径卡), docs/rules.md of the monthly items and docs/rules-profile.md of the 概况表's figures:
run by ``make generate``, checked by a test.

Here belongs how shipped rules, items and figures look to readers; what they say stands in ``rules/``, items.csv and
profile_figures.csv.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from expectations.catalogue.kinds import PresenceRule
from expectations.catalogue.load import Catalogue, load_catalogue
from expectations.catalogue.models import FIRST_DAY, RuleBase
from ingest.reference import Item, ProfileFigure, StarCriterion, items, profile_figures, star_criteria

DOCS = Path(__file__).resolve().parents[2] / "docs"

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
FIGURE_KINDS = {
    "count": "个数",
    "mean": "平均数，按末位所示的精度核对",
    "percent": "占比，按末位所示的精度核对",
    "share": "占比，可用“近”“余”等字",
    "amount": "数量，可用“近”“余”等字",
}
GENERATED = "由 `make generate` 根据 `ingest/reference/{table}.csv` 和 `expectations/rules/*.yml` 生成，请勿手改。"
LEVELS_EXPLAINED = "强制性须改正，核实性须改正或写明原因，提示性不影响接收"
HEADER = f"""# 口径卡：五星月报

{GENERATED.format(table="items")}概况表的口径卡见 [rules-profile.md](rules-profile.md)。

公式里 `[-1]` 是上月，`[-12]` 是去年同月，`[v1]` 是首次报送；
`sum()` 是各社区之和，`total()` 是报表的合计行，`x` 是本指标。
{LEVELS_EXPLAINED}；“研判”不发给填报人。
社区的项逐列进入 `marts.community_month`，街道的项和各社区可相加的项进入 `marts.subdistrict_month`。"""
PROFILE_HEADER = f"""# 口径卡：概况表

{GENERATED.format(table="profile_figures")}五星月报的口径卡见 [rules.md](rules.md)。

每条规则各街道一列、合计一列分别核对；`Σ` 是各街道之和。占比和平均数是四舍五入后的数，能由某个整数得出即为相符。
{LEVELS_EXPLAINED}。每个数都进入 `marts.profile_comparison`，与月报推算的数对照。
都可留空：缺数的规则记为“未执行”，不作错误。"""


def page(catalogue: Catalogue) -> str:
    """The page of the monthly items, Markdown in Chinese."""
    rules = [rule for rule in catalogue.rules if rule.form == "monthly_report"]
    cards = [_card(item, rules, star_criteria()) for item in items()]
    whole = _section("整张报表", [], [rule for rule in rules if not rule.item_codes])
    return "\n\n".join([HEADER, *cards, whole]) + "\n"


def profile_page(catalogue: Catalogue) -> str:
    """The page of the 概况表's figures."""
    rules = [rule for rule in catalogue.rules if rule.form == "profile"]
    cards = [_figure_card(figure, rules) for figure in profile_figures()]
    return "\n\n".join([PROFILE_HEADER, *cards]) + "\n"


def card(catalogue: Catalogue, code: str, criteria: Iterable[StarCriterion]) -> str | None:
    """The card of one item or figure; None where there is none of that code."""
    for item in items():
        if item.item_code == code:
            return _card(item, catalogue.rules, criteria)
    figures = [figure for figure in profile_figures() if figure.figure_code == code]
    return _figure_card(figures[0], catalogue.rules) if figures else None


def _card(item: Item, rules: Iterable[RuleBase], criteria: Iterable[StarCriterion]) -> str:
    rules = [rule for rule in rules if item.item_code in rule.item_codes]
    asked = any(isinstance(rule, PresenceRule) for rule in rules)
    facts = [
        f"- 单位：{item.unit}；{SHEETS[item.sheet]}；{KINDS[item.kind]}；{ASKED[item.asked]}",
        f"- 汇总：{'各社区可相加' if item.additive else '不可相加'}",
        f"- 留空：{'不可，没有的填0' if asked else '可以'}",
        f"- 用途：{item.used_by}",
        *(f"- 星级标准：{criterion}" for criterion in _criteria(item.item_code, criteria)),
    ]
    if item.choices:
        facts.insert(1, f"- 可填：{'、'.join(item.choices)}")
    return _section(f"{item.item_code} {item.name_zh}", facts, rules)


def _criteria(item: str, criteria: Iterable[StarCriterion]) -> list[str]:
    """The star criteria that read the item, each once for all schemes that share it."""
    reading = [c for c in criteria if item in (c.numerator_item, c.denominator_item)]
    return list(dict.fromkeys(f"{c.name_zh} {c.operator} {c.threshold}{c.unit}（{c.label}）" for c in reading))


def _figure_card(figure: ProfileFigure, rules: Iterable[RuleBase]) -> str:
    rules = [rule for rule in rules if figure.figure_code in rule.item_codes]
    unit = f"单位：{figure.unit}；" if figure.unit else ""
    facts = [
        f"- {unit}{FIGURE_KINDS[figure.kind]}",
        f"- 合计：{'各街道相加' if figure.additive else '不可相加'}",
        *([f"- 又称：{'、'.join(figure.aliases)}"] if figure.aliases else []),
    ]
    return _section(f"{figure.figure_code} {figure.name_zh}", facts, rules)


def _section(title: str, facts: list[str], rules: list[RuleBase]) -> str:
    ordered = sorted(rules, key=lambda rule: (list(LEVELS).index(rule.level), rule.id))
    header = ["| 级别 | 规则 | 要求 | 公式 | 适用 |", "|---|---|---|---|---|"]
    table = [*header, *map(_line, ordered)] if ordered else ["没有规则用到它。"]
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


def pages(catalogue: Catalogue) -> dict[Path, str]:
    """What stands in which file."""
    return {DOCS / "rules.md": page(catalogue), DOCS / "rules-profile.md": profile_page(catalogue)}


def main() -> None:
    for path, text in pages(load_catalogue(None)).items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
