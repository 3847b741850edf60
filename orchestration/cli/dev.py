"""``wuxing dev``: Dagster's pages for this root."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from ingest.data_root import ENVIRONMENT_VARIABLE, DataRoot
from orchestration.cli.help import Command
from orchestration.instance import write_settings

WORKSPACE = Path(__file__).resolve().parents[2] / "workspace.yaml"


@click.command(
    "dev", cls=Command, options_metavar="[选项]", help="打开 Dagster 界面：资产图、运行记录、重跑月份、定时任务。"
)
@click.option("--port", type=click.IntRange(1, 65535), default=3000, show_default=True, help="网页端口。")
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址。")
@click.pass_obj
def command(root: DataRoot, port: int, host: str) -> None:
    root.create()
    write_settings(root)
    os.environ |= {ENVIRONMENT_VARIABLE: str(root.path), "DAGSTER_HOME": str(root.dagster_home), "DO_NOT_TRACK": "1"}
    click.echo(f"Dagster 界面：http://{host}:{port}（数据目录 {root.path}；按 Ctrl+C 结束）")
    sys.stdout.flush()
    arguments = ["dev", "--workspace", str(WORKSPACE), "--host", host, "--port", str(port), "--log-level", "warning"]
    # Replaces this process, so that Ctrl+C and the end of the terminal reach Dagster itself.
    os.execv(sys.executable, [sys.executable, "-W", "ignore", "-m", "dagster", *arguments])
