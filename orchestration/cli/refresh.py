"""``wuxing refresh``: read what is new, evaluate, build, publish; with progress and a summary."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import click

from ingest.data_root import DataRoot
from orchestration.cli.help import Command
from orchestration.cli.options import Day, month_option

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
@click.option(
    "--as-of",
    "as_of",
    type=Day(),
    metavar="YYYY-MM-DD",
    help="按截至该日收到的数据另行重建，放在 as-of/日期/ 下，不影响现有数据。",
)
@click.pass_obj
def command(root: DataRoot, month: date | None, full: bool, as_of: date | None) -> None:
    if as_of is None:
        run(root, month, full)
    else:
        run_as_of(root, as_of, month, full)


def run(root: DataRoot, month: date | None = None, full: bool = False) -> None:
    """Refresh the root and tell what happened."""
    from delivery.console.screen import screen
    from delivery.published import read_manifest
    from orchestration.cli.progress import ConsoleListener
    from orchestration.refresh import refresh

    console = screen()
    before = read_manifest(root)
    with ConsoleListener(console) as listener:
        done = refresh(root, listener, month, full)
    _tell_months(done)
    if before and before["as_of"]:
        _tell_corrections(root, datetime.fromisoformat(before["as_of"]))
    listener.summarise()


def _tell_corrections(root: DataRoot, since: datetime) -> None:
    """What is corrected since the release that was current before this run, whichever run read it."""
    from delivery.console.corrections import correction_lines
    from delivery.published import connect

    with connect(root) as connection:
        lines = correction_lines(connection, since)
    if lines:
        click.echo("\n".join(lines))
        click.echo("  全部见 correction_effects、star_moves、alert_moves（wuxing sql）。")


def _tell_months(done: Refreshed) -> None:
    from orchestration.refresh import month_label

    if not done.read and not done.months:
        click.echo("没有新数据：已发布的内容就是最新的。")
    elif done.months:
        click.echo(f"已刷新 {month_label(done.months)}。")
    if done.outside:
        click.echo(f"以下月份不在可刷新的范围内，未处理：{month_label(done.outside)}（请核对报表里的月份）。")


def run_as_of(root: DataRoot, day: date, month: date | None, full: bool) -> None:
    """Rebuild what was known at the end of ``day``, and say where it is; of ``month`` also show the stars."""
    from delivery.console.screen import screen
    from delivery.console.stars import star_table
    from delivery.published import connect
    from orchestration.as_of import rebuild
    from orchestration.cli.progress import ConsoleListener
    from orchestration.refresh import month_label

    console = screen()
    with ConsoleListener(console) as listener:
        rebuilt = rebuild(root, day, listener, month, full)
    if month is not None:
        with connect(rebuilt.root) as connection:
            console.print(star_table(connection, month))
    click.echo(f"截至 {day} 收到的数据（{month_label(rebuilt.months)}）已另行重建，现有数据没有变动：")
    click.echo(f"  {rebuilt.root.released_database}")
    click.echo(f"  查询：sql、alerts、trace 加 --as-of {day}")
