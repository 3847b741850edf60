"""What ``wuxing rules`` prints: the state of the catalogue, and how a rule would have done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape

from delivery.console.screen import new_table
from delivery.console.words import SEVERITIES
from ingest.reference import items

if TYPE_CHECKING:
    from expectations.catalogue import Catalogue
    from expectations.lint import Report
    from expectations.rehearsal import Rehearsal

NAMED = 8  # units that are named in a line; the others are counted


def print_lint(console: Console, report: Report, catalogue: Catalogue) -> None:
    """A table for each thing that was found, and a last line that counts."""
    titles = {rule.id: rule.title_zh for rule in catalogue.rules}
    _print_contradictions(console, report, titles)
    _print_redundancies(console, report, titles)
    _print_items(console, "强制性规则分不清的指标（填错时只能靠上月判断）", report.twins)
    _print_items(
        console, "没有用途的指标（无人使用，也没有规则、标准、分档）", [(code,) for code in report.without_consumer]
    )
    _print_items(console, "除“应填报”外没有规则的指标", [(code,) for code in report.without_rule])
    if report.left_out:
        console.print(f"未参加矛盾检查（不是线性规则）：{'、'.join(report.left_out)}\n", soft_wrap=True)
    console.print(
        f"共 {len(catalogue.rules)} 条规则：矛盾 {len(report.contradictions)} 组，多余 {len(report.redundancies)} 处，"
        f"分不清的指标 {len(report.twins)} 组，没有用途的指标 {len(report.without_consumer)} 个，"
        f"没有规则的指标 {len(report.without_rule)} 个",
        soft_wrap=True,
    )


def _print_contradictions(console: Console, report: Report, titles: dict[str, str]) -> None:
    if not report.contradictions:
        return
    table = new_table("互相矛盾：不可能同时成立的强制性规则")
    for name in ("组", "规则", "要求"):
        table.add_column(name, overflow="fold")
    for number, codes in enumerate(report.contradictions, start=1):
        for code in codes:
            table.add_row(str(number), code, escape(titles[code]))
    console.print(table)


def _print_redundancies(console: Console, report: Report, titles: dict[str, str]) -> None:
    if not report.redundancies:
        return
    table = new_table("多余：其他强制性规则成立时必然成立")
    for name in ("规则", "范围", "要求", "由此推出"):
        table.add_column(name, overflow="fold")
    for one in report.redundancies:
        causes = "、".join(one.implied_by) or "指标的取值范围"
        table.add_row(one.rule_code, "、".join(one.items) or "整条", escape(titles[one.rule_code]), causes)
    console.print(table)


def _print_items(console: Console, title: str, groups: list[tuple[str, ...]]) -> None:
    if not groups:
        return
    names = {item.item_code: item.name_zh for item in items()}
    console.print(f"[bold]{title}[/bold]", soft_wrap=True)
    for group in groups:
        console.print("  " + "、".join(f"{code} {escape(names[code])}" for code in group), soft_wrap=True)
    console.print()


def print_rehearsal(console: Console, rehearsal: Rehearsal) -> None:
    """A line per month, then whether the rule may go live."""
    rule = rehearsal.rule
    console.print(
        f"{rule.id}（{SEVERITIES[rule.level]}）：{escape(rule.title_zh)}\n{escape(rule.formula)}", soft_wrap=True
    )
    if not rehearsal.months:
        console.print("没有可试运行的月份：请先运行 wuxing refresh 读入报表")
        return
    table = new_table()
    for name in ("月份", "单位", "命中单位", "比例", "执行", "违反", "未执行"):
        table.add_column(name, justify="left" if name == "月份" else "right")
    table.add_column("命中", overflow="fold")
    for month in rehearsal.months:
        counts = (month.units, len(month.hit), f"{month.share:.0%}", month.executed, month.violated, month.not_executed)
        table.add_row(f"{month.month:%Y-%m}", *map(str, counts), escape(_named(month.hit)))
    console.print(table)
    for reason in dict.fromkeys(reason for month in rehearsal.months for reason in month.reasons):
        console.print(f"未执行的原因：{escape(reason)}", style="dim", soft_wrap=True)
    _print_verdict(console, rehearsal)


def _named(units: tuple[str, ...]) -> str:
    more = len(units) - NAMED
    return "、".join(units[:NAMED]) + (f" 等 {len(units)} 个" if more > 0 else "")


def _print_verdict(console: Console, rehearsal: Rehearsal) -> None:
    hits = sum(len(month.hit) for month in rehearsal.months)
    console.print(f"合计命中 {hits} 个单位月（{rehearsal.share:.1%}）")
    for objection in rehearsal.objections:
        console.print(f"[red]不宜启用[/red]：{objection}", soft_wrap=True)
    if not rehearsal.objections:
        console.print("可以启用")
