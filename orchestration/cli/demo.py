"""``wuxing demo``: the whole way on invented workbooks and the report's printed figures; what ``make run`` shows."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import click

from ingest.data_root import DataRoot
from orchestration.cli import refresh
from orchestration.cli.help import Command
from orchestration.cli.init import create_root

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
PROFILE = EXAMPLES / "source_report" / "概况表.xlsx"
# Enough to see each kind; all of them are one command away.
ALERTS_SHOWN = 12
NEXT = (
    (".venv/bin/wuxing alerts --month 2024-03", "一个月的全部提醒"),
    ('.venv/bin/wuxing sql "from star_ratings limit 5"', "查询已发布的数据（只读）"),
    (".venv/bin/wuxing check data/inbox/甲街道2024年3月.xlsx", "报送前试审一份报表，不写入"),
    ("make desk", "口径卡网页：每个指标、每条规则"),
    ("make dev", "Dagster 界面：资产图、运行记录、重跑月份"),
)


@click.command(
    "demo", cls=Command, options_metavar="[选项]", help="用合成的示例报表和原报告印出的数字，把全过程走一遍。"
)
@click.pass_obj
def command(root: DataRoot) -> None:
    create_root(root, (EXAMPLES / "units.csv").read_text(encoding="utf-8"))
    click.echo(f"数据目录 {root.path}：{_fill_inbox(root)}")
    refresh.run(root)
    _show(root)
    _show_next()


def _fill_inbox(root: DataRoot) -> str:
    from examples.synthetic import write_workbooks

    with tempfile.TemporaryDirectory(dir=root.path) as folder:
        written = [*write_workbooks(Path(folder)), Path(shutil.copy(PROFILE, folder))]
        changed = sum(_put(path, root.inbox / path.name) for path in written)
    return f"放入 {changed} 份示例报表（合成月报与概况表）" if changed else "示例报表已在 inbox/ 中"


def _put(source: Path, target: Path) -> bool:
    """Move ``source`` into the inbox in one step, so that a running sensor never reads half a file."""
    if target.exists() and target.read_bytes() == source.read_bytes():
        return False
    os.replace(source, target)
    return True


def _show(root: DataRoot) -> None:
    from delivery.console.alerts import counts, open_alerts, print_alerts
    from delivery.console.comparison import comparison_table
    from delivery.console.refusals import refusal_table
    from delivery.console.rows import latest_month
    from delivery.console.screen import screen
    from delivery.console.stars import star_table
    from delivery.console.submissions import submission_table
    from delivery.published import connect

    console = screen()
    with connect(root) as connection:
        month = latest_month(connection, "star_summary")
        if month is not None:
            console.print(star_table(connection, month))
            console.print(comparison_table(connection, month))
            console.print(submission_table(connection, month))
        refused = refusal_table(connection)
        if refused is not None:
            console.print(refused)
        alerts = open_alerts(connection)
    printed = [alert for alert in alerts if alert["form"] == "profile"]
    reported = [alert for alert in alerts if alert["form"] != "profile"]
    console.print(f"[bold]数据质量提醒[/bold]：共 {len(alerts)} 条（{counts(alerts)}），按处理次序", end="\n\n")
    console.print(f"[bold]原报告印出的数字自相矛盾之处[/bold]：{len(printed)} 条", end="\n\n")
    print_alerts(console, printed)
    console.print(f"\n[bold]合成月报中的问题[/bold]：{len(reported)} 条，列出前 {ALERTS_SHOWN} 条", end="\n\n")
    print_alerts(console, reported[:ALERTS_SHOWN])
    console.print("\n全部提醒：wuxing alerts")


def _show_next() -> None:
    click.echo("\n接下来：")
    for command_line, purpose in NEXT:
        click.echo(f"  {command_line:<58}{purpose}")
