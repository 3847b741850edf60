"""``wuxing init``: a new data root."""

from __future__ import annotations

import click

from ingest.data_root import DataRoot
from orchestration.cli.help import Command
from orchestration.instance import write_settings

# One invented county: the columns are the contract, the rows are to be replaced.
UNITS_EXAMPLE = """\
unit_code,unit_name,level,parent_code,community_type,star_scheme,valid_from,valid_to,successor_code,aliases
990199000000,示例县,county,,,,2020-01-01,,,
990199001000,示例街道,subdistrict,990199000000,,,2020-01-01,,,示例街道办事处
990199001001,示例社区,community,990199001000,城中村,village,2020-01-01,,,示例;示例居委会
"""


@click.command("init", cls=Command, options_metavar="[选项]", help="建立新的数据目录。")
@click.pass_obj
def command(root: DataRoot) -> None:
    create_root(root, UNITS_EXAMPLE)
    click.echo(f"数据目录已就绪：{root.path}")
    click.echo("接下来：")
    click.echo(f"  1. 编辑 {root.units_file}：换成本县的街道、社区名册（12 位代码、名称、别名、起止日期）")
    click.echo(f"  2. 把收到的报表放进 {root.inbox}（文件名随意）")
    click.echo(f"  3. 运行 wuxing --data {root.path} refresh")


def create_root(root: DataRoot, units: str) -> None:
    """Make the folders, ``units.csv`` and Dagster's settings; what is there stays as it is."""
    root.create()
    if not root.units_file.exists():
        root.units_file.write_text(units, encoding="utf-8")
    write_settings(root)
