"""``wuxing returns``: the receipts (回执) that go back to the senders."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from ingest.data_root import DataRoot
from orchestration.cli.help import Command
from orchestration.cli.options import month_option

if TYPE_CHECKING:
    from delivery.returns import Returns


@click.command(
    "returns",
    cls=Command,
    options_metavar="[选项]",
    help="生成回执 returns/月份/单位/…_回执.xlsx：报送人自己的工作簿，标出有问题的单元格；改好发回就是重报。",
)
@month_option
@click.pass_obj
def command(root: DataRoot, month: date | None) -> None:
    from delivery.returns import write_returns
    from ingest.raw.read import months
    from orchestration.lock import writing

    with writing(root):
        done = write_returns(root, [month] if month else months(root))
    for name in done.written:
        click.echo(str(root.returns / name))
    click.echo(f"{returned(done)}。")
    for name in done.edited:
        click.echo(f"{root.returns / name} 被人改过，没有覆盖：请先发回或移走，再运行 wuxing returns", err=True)


def returned(done: Returns) -> str:
    """``新回执 3 份，未变 28 份，收回 1 份``"""
    parts = [f"新回执 {len(done.written)} 份", f"未变 {len(done.unchanged)} 份"]
    parts += [f"收回 {done.withdrawn} 份"] if done.withdrawn else []
    return "，".join(parts + ([f"改过未覆盖 {len(done.edited)} 份"] if done.edited else []))
