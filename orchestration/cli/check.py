"""``wuxing check``: what would be said of a file, without writing anything."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from orchestration.cli.errors import Refusal
from orchestration.cli.help import Command
from orchestration.cli.options import json_option

CLEAN, MANDATORY, REFUSED = 0, 1, 2


@click.command(
    "check",
    cls=Command,
    options_metavar="[选项]",
    help="试读一份报表并审核，不写入任何数据。退出码：0 无强制性问题，1 有，2 拒收。",
)
@click.argument("file", metavar="文件", type=click.Path(path_type=Path))
@json_option
@click.pass_context
def command(context: click.Context, file: Path, as_json: bool) -> None:
    from delivery.console.plain import to_json
    from orchestration.dry_run import dry_run

    if not file.is_file():
        raise Refusal(f"没有文件 {file}：请检查路径")
    outcome = dry_run(context.obj, file, datetime.now(UTC))
    if as_json:
        click.echo(to_json(outcome))
    else:
        _tell(outcome)
    context.exit(exit_code(outcome))


def exit_code(outcome: dict[str, Any]) -> int:
    if outcome["refused"]:
        return REFUSED
    return MANDATORY if any(finding["severity"] == "mandatory" for finding in outcome["findings"]) else CLEAN


def _tell(outcome: dict[str, Any]) -> None:
    from delivery.console.check import print_outcome
    from delivery.console.screen import screen

    print_outcome(screen(), outcome)
