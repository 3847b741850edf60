"""``wuxing sql``: a query on the published copy, read-only."""

from __future__ import annotations

import sys
from datetime import date
from typing import TYPE_CHECKING, Any

import click
import duckdb
from rich.cells import cell_len

from ingest.data_root import DataRoot
from orchestration.cli.errors import Refusal
from orchestration.cli.help import Command
from orchestration.cli.options import as_of_option, json_option, root_as_of

if TYPE_CHECKING:
    from rich.table import Table

GAP = 3  # columns between two columns of a table

Rows = tuple[list[str], list[tuple[Any, ...]]]


@click.command(
    "sql",
    cls=Command,
    options_metavar="[选项]",
    help='查询已发布的数据（只读），如 wuxing sql "from marts.star_summary"。',
)
@click.argument("query", metavar="SQL")
@as_of_option
@json_option
@click.option("--csv", "as_csv", is_flag=True, help="输出 CSV。")
@click.pass_obj
def command(root: DataRoot, query: str, as_of: date | None, as_json: bool, as_csv: bool) -> None:
    names, rows = run_query(root_as_of(root, as_of), query)
    if as_json:
        _print_json(names, rows)
    elif as_csv:
        _print_csv(names, rows)
    else:
        _print_table(names, rows)


def run_query(root: DataRoot, query: str) -> Rows:
    """Column names and rows of ``query``. Raises Refusal with the database's reason where it cannot be run."""
    from delivery.published import connect

    with connect(root) as connection:
        connection.execute("set search_path = 'marts,main'")
        try:
            result = connection.execute(query)
            return [column[0] for column in result.description or []], result.fetchall()
        except duckdb.CatalogException as error:
            raise Refusal(
                f"找不到查询里的表或函数（{_first_line(error)}）；可查的表：{', '.join(_tables(connection))}"
            ) from error
        except duckdb.InvalidInputException as error:
            raise Refusal(f"已发布的数据是只读的，只能查询（{_first_line(error)}）：请改用 select 语句") from error
        except duckdb.Error as error:
            raise Refusal(f"SQL 无法执行：{_first_line(error)}；请检查写法后重试") from error


def _first_line(error: duckdb.Error) -> str:
    return str(error).strip().splitlines()[0]


def _tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    found = connection.execute(
        "select table_name from information_schema.tables where table_schema = 'marts' order by 1"
    ).fetchall()
    return [f"marts.{name}" for (name,) in found]


def _print_json(names: list[str], rows: list[tuple[Any, ...]]) -> None:
    from delivery.console.plain import to_json

    click.echo(to_json([dict(zip(names, row, strict=True)) for row in rows]))


def _print_csv(names: list[str], rows: list[tuple[Any, ...]]) -> None:
    import csv

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([["" if value is None else value for value in row] for row in rows])


def _print_table(names: list[str], rows: list[tuple[Any, ...]]) -> None:
    from delivery.console.screen import screen

    console = screen()
    if sum(cell_len(name) + GAP for name in names) <= console.width:
        console.print(_table(names, rows))
    else:
        for row in rows:
            console.print(_record(names, row))
    console.print(f"{len(rows)} 行")


def _record(names: list[str], row: tuple[Any, ...]) -> Table:
    """One row, a line for each column: a table with more columns than fit would wrap every letter."""
    from delivery.console.plain import as_text
    from delivery.console.screen import new_table

    table = new_table()
    table.add_column("列", no_wrap=True)
    table.add_column("值", overflow="fold")
    for name, value in zip(names, row, strict=True):
        table.add_row(name, as_text(value))
    return table


def _table(names: list[str], rows: list[tuple[Any, ...]]) -> Table:
    from delivery.console.plain import as_text, is_number
    from delivery.console.screen import new_table

    table = new_table()
    for index, name in enumerate(names):
        numeric = bool(rows) and all(is_number(row[index]) for row in rows)
        table.add_column(name, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(as_text(value) for value in row))
    return table
