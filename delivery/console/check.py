"""What ``wuxing check`` says of a file: how it was read, and what would be found in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape

from delivery.console.alerts import COLOURS, location
from delivery.console.words import FORMS, SEVERITIES
from delivery.console.wrap import wrap

STARS = "建议涉及{}的标准，请按实际情况核对；入库后列出按上报值、按建议值两种读法"
_COLOURS = {SEVERITIES[severity]: colour for severity, colour in COLOURS.items()}


def print_outcome(console: Console, outcome: Mapping[str, Any]) -> None:
    """The outcome of ``orchestration.dry_run``: what the file is, problems of reading, findings, verdict."""
    if outcome["refused"]:
        console.print(f"[red]拒收[/red] {escape(outcome['workbook'])}：{escape(outcome['message'])}", soft_wrap=True)
        return
    form = FORMS.get(outcome["form"], outcome["form"])
    console.print(
        escape(f"{outcome['workbook']}：{form}，{outcome['month']:%Y-%m}，{outcome['unit_code']}"), soft_wrap=True
    )
    for problem in outcome["problems"]:
        if problem["severity"] != "note":
            _print_line(console, "读取", problem)
    for finding in outcome["findings"]:
        _print_line(console, SEVERITIES[finding["severity"]], finding)
    console.print(_verdict(outcome["findings"]))


def _print_line(console: Console, kind: str, row: Mapping[str, Any]) -> None:
    console.print(f"[{_COLOURS.get(kind, 'cyan')}]{kind}[/]")
    console.print(wrap(escape(row["message"]), console.width), soft_wrap=True)
    if row.get("suggestion"):
        console.print(wrap(f"→ {escape(row['suggestion'])}", console.width), soft_wrap=True)
    if row.get("stars"):
        console.print(wrap(f"★ {STARS.format('、'.join(row['stars']))}", console.width), soft_wrap=True)
    console.print(wrap(_place(row), console.width), style="dim", soft_wrap=True)


def _place(row: Mapping[str, Any]) -> str:
    return escape(location({"workbook": None, "sheet": row["sheet"], "cell": row["cell"]}))


def _verdict(findings: Sequence[Mapping[str, Any]]) -> str:
    mandatory = sum(finding["severity"] == "mandatory" for finding in findings)
    if mandatory:
        return f"[red]有 {mandatory} 条强制性问题，须改正后再报[/red]"
    if findings:
        return f"[yellow]没有强制性问题；有 {len(findings)} 条需要核实或说明[/yellow]"
    return "[green]没有发现问题[/green]"
