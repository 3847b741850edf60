"""``wuxing template``: the workbook that a sub-district fills next."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from ingest.data_root import DataRoot
from orchestration.cli.errors import Refusal
from orchestration.cli.help import Command
from orchestration.cli.options import Month


@click.command(
    "template",
    cls=Command,
    options_metavar="[选项]",
    help="生成某街道某月的空白月报：预填上月数，带下拉、校验和口径说明，合计自动计算。",
)
@click.option("--subdistrict", required=True, metavar="代码", help="街道的 12 位代码。")
@click.option("--month", required=True, type=Month(), metavar="YYYY-MM", help="要填报的月份，如 2024-04。")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="文件",
    help="写到哪个文件；已有的文件不会被覆盖。",
)
@click.pass_obj
def command(root: DataRoot, subdistrict: str, month: date, output: Path) -> None:
    from delivery.template import template
    from ingest.raw.store import write_bytes

    if output.exists():
        raise Refusal(f"{output} 已存在：请换一个文件名，或先移走它")
    write_bytes(output, template(root, subdistrict, month))
    click.echo(f"已生成 {output}")
