"""The command group: its help, the data root, and one Chinese sentence for every error."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from ingest.data_root import ENVIRONMENT_VARIABLE, DataRoot
from orchestration.cli import alerts, check, demo, desk, dev, init, refresh, returns, rules, sql, template, trace
from orchestration.cli.errors import EXPECTED, FAILED, sentence, tell_unexpected
from orchestration.cli.help import in_chinese


class SpeakingGroup(click.Group):
    """A group whose errors are one sentence on stderr; exit code 2 is wrong use, 3 anything else."""

    def get_help(self, ctx: click.Context) -> str:
        return in_chinese(super().get_help(ctx))

    def main(self, args: Sequence[str] | None = None, *rest: Any, **extra: Any) -> Any:
        arguments = list(sys.argv[1:] if args is None else args)
        if "--debug" in arguments:
            return super().main(arguments, *rest, **extra)
        sys.excepthook = tell_unexpected
        extra["standalone_mode"] = False
        try:
            sys.exit(super().main(arguments, *rest, **extra))
        except click.exceptions.NoArgsIsHelpError as error:
            click.echo(in_chinese(error.format_message()))
            sys.exit(0)
        except EXPECTED as error:
            click.echo(sentence(error), err=True)
            sys.exit(2 if isinstance(error, click.UsageError) else FAILED)


@click.group(
    cls=SpeakingGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help="五星数仓：把街道每月报送的工作簿变成可查询的数据、五星评定和数据质量提醒。",
    epilog="先看示例：wuxing demo。正式使用：wuxing --data 目录 init，把报表放进该目录的 inbox/，再运行 refresh。",
    subcommand_metavar="命令 [参数]…",
    options_metavar="[选项]",
)
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="目录",
    help=f"数据目录；默认取环境变量 {ENVIRONMENT_VARIABLE}，没有则为 ./data。",
)
@click.option("--debug", is_flag=True, help="出错时显示完整的调用栈。")
@click.version_option(package_name="wuxing", prog_name="wuxing", message="%(prog)s %(version)s", help="显示版本。")
@click.pass_context
def main(context: click.Context, data: Path | None, debug: bool) -> None:
    """Name the data root in the environment, where every part (Dagster, dbt, sensors) looks for it."""
    if data is not None:
        os.environ[ENVIRONMENT_VARIABLE] = str(data.expanduser().resolve())
    context.obj = DataRoot.from_environment()


for module in (init, refresh, check, alerts, returns, template, trace, sql, rules, desk, demo, dev):
    main.add_command(module.command)
