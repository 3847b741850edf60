"""Parameters that several commands share."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from ingest.data_root import DataRoot
from orchestration.cli.errors import Refusal
from orchestration.months import month_of


class Month(click.ParamType[date]):
    """A month written as ``2024-03``, given to the command as its first day."""

    name = "月份"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return month_of(value)
        except ValueError:
            self.fail(f"“{value}”不是月份，请写成 2024-03", param, ctx)


class Day(click.ParamType[date]):
    """A day written as ``2024-04-10``."""

    name = "日期"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"“{value}”不是日期，请写成 2024-04-10", param, ctx)


def root_as_of(root: DataRoot, day: date | None) -> DataRoot:
    """The root, or the one rebuilt as of ``day``. Raises Refusal where that was not rebuilt yet."""
    if day is None:
        return root
    if not root.as_of(day).released_database.exists():
        raise Refusal(f"还没有重建过截至 {day} 的数据：请先运行 wuxing refresh --as-of {day}")
    return root.as_of(day)


month_option = click.option("--month", type=Month(), metavar="YYYY-MM", help="月份，如 2024-03。")
as_of_option = click.option(
    "--as-of", "as_of", type=Day(), metavar="YYYY-MM-DD", help="只看截至该日收到的数据；先用 refresh --as-of 重建。"
)
json_option = click.option("--json", "as_json", is_flag=True, help="输出 JSON，供程序读取。")
