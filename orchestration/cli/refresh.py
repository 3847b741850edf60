"""``wuxing refresh``: read what is new, evaluate, build, publish; with progress and a summary."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from ingest.data_root import DataRoot
from orchestration.cli.help import Command
from orchestration.cli.options import month_option

if TYPE_CHECKING:
    from orchestration.refresh import Refreshed


@click.command(
    "refresh",
    cls=Command,
    options_metavar="[选项]",
    help="读取 inbox/ 里的新报表，审核、建仓并发布；没有新数据时立即结束。",
)
@month_option
@click.option("--full", is_flag=True, help="全部月份从头建仓。")
@click.pass_obj
def command(root: DataRoot, month: date | None, full: bool) -> None:
    run(root, month, full)


def run(root: DataRoot, month: date | None = None, full: bool = False) -> None:
    """Refresh the root and tell what happened."""
    from delivery.console.screen import screen
    from orchestration.cli.progress import ConsoleListener
    from orchestration.refresh import refresh

    console = screen()
    with ConsoleListener(console) as listener:
        done = refresh(root, listener, month, full)
    _tell_months(done)
    listener.summarise()


def _tell_months(done: Refreshed) -> None:
    from orchestration.refresh import month_label

    if not done.read and not done.months:
        click.echo("没有新数据：已发布的内容就是最新的。")
    elif done.months:
        click.echo(f"已刷新 {month_label(done.months)}。")
    if done.outside:
        click.echo(f"以下月份不在可刷新的范围内，未处理：{month_label(done.outside)}（请核对报表里的月份）。")
