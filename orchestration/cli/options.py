"""Parameters that several commands share."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

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


month_option = click.option("--month", type=Month(), metavar="YYYY-MM", help="月份，如 2024-03。")
json_option = click.option("--json", "as_json", is_flag=True, help="输出 JSON，供程序读取。")
