"""Writes the rule pages (口径卡), docs/rules.md of the monthly items and docs/rules-profile.md of the 概况表's figures:
run by ``make generate``, checked by a test.

Here belongs how cards look in Markdown; what they say comes from ``expectations.catalogue.cards``.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from expectations.catalogue.cards import Card, Rulebook, RuleCard, read_rulebook
from expectations.catalogue.cards.words import FORMULAS_EXPLAINED, LEVELS_EXPLAINED, PROFILE_EXPLAINED

DOCS = Path(__file__).resolve().parents[2] / "docs"

GENERATED = "由 `make generate` 根据 `ingest/reference/{table}.csv` 和 `expectations/rules/*.yml` 生成，请勿手改。"
HEADER = f"""# 口径卡：五星月报

{GENERATED.format(table="items")}概况表的口径卡见 [rules-profile.md](rules-profile.md)。

{FORMULAS_EXPLAINED}
{LEVELS_EXPLAINED}
社区的项逐列进入 `marts.community_month`，街道的项和各社区可相加的项进入 `marts.subdistrict_month`。"""
PROFILE_HEADER = f"""# 口径卡：概况表

{GENERATED.format(table="profile_figures")}五星月报的口径卡见 [rules.md](rules.md)。

{PROFILE_EXPLAINED}
{LEVELS_EXPLAINED}每个数都进入 `marts.profile_comparison`，与月报推算的数对照。"""


def page(book: Rulebook) -> str:
    """The page of the monthly items, Markdown in Chinese."""
    whole = _section("整张报表", [], book.whole_report)
    return "\n\n".join([HEADER, *map(card, book.items), whole]) + "\n"


def profile_page(book: Rulebook) -> str:
    """The page of the 概况表's figures."""
    return "\n\n".join([PROFILE_HEADER, *map(card, book.figures)]) + "\n"


def card(one: Card) -> str:
    """The card of one item or figure."""
    facts = [f"- {fact.label}：{fact.text}" for fact in one.facts]
    return _section(f"{one.code} {one.name}", facts, one.rules, one.code)


def _section(title: str, facts: list[str], rules: Iterable[RuleCard], item: str | None = None) -> str:
    lines = [_line(rule, item) for rule in rules]
    header = ["| 级别 | 规则 | 要求 | 公式 | 适用 | 答复 |", "|---|---|---|---|---|---|"]
    table = [*header, *lines] if lines else ["没有规则用到它。"]
    return "\n\n".join(part for part in (f"## {title}", "\n".join(facts), "\n".join(table)) if part)


def _line(rule: RuleCard, item: str | None) -> str:
    sentence = f"{rule.sentence}（停用：{rule.disabled_reason}）" if rule.disabled_reason else rule.sentence
    formulas = rule.formulas_of(item) if item else [formula.text for formula in rule.formulas]
    cells = (
        rule.severity,
        rule.code,
        f"{sentence}。{rule.note}" if rule.note else sentence,
        "、".join(f"`{formula}`" for formula in formulas),
        rule.valid,
        rule.answer,
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def pages(book: Rulebook) -> dict[Path, str]:
    """What stands in which file."""
    return {DOCS / "rules.md": page(book), DOCS / "rules-profile.md": profile_page(book)}


def main() -> None:
    for path, text in pages(read_rulebook(None)).items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
