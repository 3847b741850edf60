"""``wuxing alerts``: the open alerts of the published data."""

from __future__ import annotations

from datetime import date

import click

from ingest.data_root import DataRoot
from orchestration.cli.help import Command
from orchestration.cli.options import as_of_option, json_option, month_option, root_as_of


@click.command(
    "alerts",
    cls=Command,
    options_metavar="[选项]",
    help="列出未销的数据质量提醒：强制性、影响星级和合计大、把握高的在前，写明单元格。",
)
@month_option
@as_of_option
@json_option
@click.pass_obj
def command(root: DataRoot, month: date | None, as_of: date | None, as_json: bool) -> None:
    from delivery.console.alerts import open_alerts
    from delivery.console.plain import to_json
    from delivery.published import connect

    with connect(root_as_of(root, as_of)) as connection:
        alerts = open_alerts(connection, month)
    if as_json:
        click.echo(to_json(alerts))
    else:
        show(alerts)


def show(alerts: list[dict[str, object]]) -> None:
    """Print alerts, and how many there are of each severity."""
    from delivery.console.alerts import counts, print_alerts
    from delivery.console.screen import screen

    if not alerts:
        click.echo("没有未销的提醒。")
        return
    console = screen()
    print_alerts(console, alerts)
    console.print(f"\n共 {len(alerts)} 条：{counts(alerts)}")
