"""``wuxing desk``: the supervisors' pages of this root."""

from __future__ import annotations

import click

from ingest.data_root import DataRoot
from orchestration.cli.errors import Refusal
from orchestration.cli.help import Command


@click.command(
    "desk", cls=Command, options_metavar="[选项]", help="打开督查页面：每个指标、每条规则的口径卡（含本地规则）。"
)
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="网页端口；0 为任选。")
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址；默认只有本机能打开。")
@click.option("--name", "names", multiple=True, metavar="主机名", help="浏览器里写的主机名或地址，可写多次。")
@click.pass_obj
def command(root: DataRoot, port: int, host: str, names: tuple[str, ...]) -> None:
    from delivery.desk.server import EVERYWHERE, LOOPBACK, allowed_hosts, application, listen, serve
    from expectations.catalogue.cards import read_rulebook

    if host in EVERYWHERE and not names:
        raise Refusal(f"监听 {host} 时，请用 --name 写明浏览器里的主机名或地址，如 --name 192.0.2.10")
    read_rulebook(root)  # A wrong rule file is said here, not to the first reader.
    with listen(host, port) as listening:
        wsgi = application(root, allowed_hosts(host, names))
        shown = names[0] if names else host
        address = f"[{shown}]" if ":" in shown else shown
        click.echo(
            f"口径卡：http://{address}:{listening.getsockname()[1]}/rules/（数据目录 {root.path}；按 Ctrl+C 结束）"
        )
        if host not in LOOPBACK:
            click.echo("口径卡不含任何社区的数据，不需登录：能连到本机的人都能查看")
        serve(listening, wsgi)
