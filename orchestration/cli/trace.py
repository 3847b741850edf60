"""``wuxing trace``: from a published number back to the cell it came from."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from ingest.data_root import DataRoot
from orchestration.cli.help import Command
from orchestration.cli.options import as_of_option, json_option, root_as_of

if TYPE_CHECKING:
    from delivery.trace import Step


@click.command(
    "trace",
    cls=Command,
    options_metavar="[选项]",
    help="从已发布的一个数追到工作簿、工作表、单元格、原文、处理和报送版本，"
    "如 wuxing trace community_month operating_surplus 2024-03 990101001003。",
    epilog="行的写法：community_month、subdistrict_month、star_ratings、reporting_burden 写 月份 单位；"
    "star_indicators 再写标准，star_summary 星数，submission_status 报表，rule_executions 规则，"
    "quality_scorecard 方面；cadre_structure 写 月份 单位 组别 档次，cadre_summary 写 月份 单位 组别；"
    "community_series 写 月份 序列；"
    "quality_alerts 写提醒编号，dim_ 各表写代码。",
)
@click.argument("table", metavar="表")
@click.argument("column", metavar="列")
@click.argument("key", metavar="行…", nargs=-1, required=True)
@as_of_option
@json_option
@click.pass_obj
def command(root: DataRoot, table: str, column: str, key: tuple[str, ...], as_of: date | None, as_json: bool) -> None:
    from dataclasses import asdict

    from delivery.console.plain import to_json
    from delivery.trace import trace

    step = trace(root_as_of(root, as_of), table, column, key)
    if as_json:
        click.echo(to_json(asdict(step)))
    else:
        click.echo("\n".join(lines(step)))


def lines(step: Step, depth: int = 0) -> list[str]:
    """The step and its parts as indented lines."""
    indent = "  " * depth
    own = [f"{indent}{step.title}", *(f"{indent}  {line}" for line in step.lines)]
    return [*own, *(line for part in step.parts for line in lines(part, depth + 1))]
