"""``wuxing rules``: cards of items, faults of the catalogue, what a rule would have said, how far suggestions hold."""

from __future__ import annotations

from pathlib import Path

import click

from ingest.data_root import DataRoot
from orchestration.cli.help import Command, Group

REFUSED = 1
A_YEAR = 12


@click.group(
    "rules",
    cls=Group,
    help="口径卡，规则目录的检查与试运行；建议把握的校准。",
    subcommand_metavar="命令 [参数]…",
    options_metavar="[选项]",
)
def command() -> None:
    """Stands for its subcommands."""


@command.command(
    "lint",
    cls=Command,
    options_metavar="[选项]",
    help="检查规则本身：互相矛盾、多余、分不清的指标、无人使用的指标。有矛盾时退出码为 1。",
)
@click.pass_context
def lint_rules(context: click.Context) -> None:
    from delivery.console.rules import print_lint
    from delivery.console.screen import screen
    from expectations.catalogue import load_catalogue
    from expectations.lint import lint

    root: DataRoot = context.obj
    catalogue = load_catalogue(root)
    report = lint(catalogue, consumed_items(root))
    print_lint(screen(), report, catalogue)
    context.exit(REFUSED if report.contradictions else 0)


def consumed_items(root: DataRoot) -> set[str]:
    """The items that star criteria and the cadre tables of this deployment read."""
    from ingest.reference import CadreBand, CadreGroup, StarCriterion, read_table

    found: set[str | None] = set()
    for row in (
        *read_table(root, "star_criteria"),
        *read_table(root, "cadre_bands"),
        *read_table(root, "cadre_groups"),
    ):
        if isinstance(row, StarCriterion):
            found |= {row.numerator_item, row.denominator_item}
        elif isinstance(row, CadreBand):
            found |= {row.plus_item, row.minus_item}
        elif isinstance(row, CadreGroup):
            found |= {row.headcount_item, row.mean_age_item}
    return {code for code in found if code}


@command.command(
    "card", cls=Command, options_metavar="", help="一个指标的口径卡：单位、用途、星级标准、用到它的规则（含本地规则）。"
)
@click.argument("code", metavar="指标编号")
@click.pass_obj
def show_card(root: DataRoot, code: str) -> None:
    from expectations.catalogue.cards import read_rulebook
    from expectations.catalogue.page import card

    found = read_rulebook(root).cards.get(code.upper())
    if found is None:
        raise click.BadParameter(
            f"没有 {code}：五星月报如 B02，概况表如 T24，全部见 docs/rules.md、docs/rules-profile.md"
        )
    click.echo(card(found))


@command.command(
    "rehearse",
    cls=Command,
    options_metavar="[选项]",
    help="把一条规则放到已存的各月上试运行：命中多少、是谁。超过上限时退出码为 1。不写入任何数据。",
)
@click.argument("rule", metavar="规则编号", required=False)
@click.option(
    "--months", type=click.IntRange(min=1), default=A_YEAR, show_default=True, metavar="N", help="最近几个已存月份。"
)
@click.option(
    "--file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="文件",
    help="尚未入库的规则文件（YAML）；只含一条规则时可省略编号。",
)
@click.pass_context
def rehearse_rule(context: click.Context, rule: str | None, months: int, file: Path | None) -> None:
    from delivery.console.rules import print_rehearsal
    from delivery.console.screen import screen
    from expectations.rehearsal import find_rule, rehearse

    rehearsal = rehearse(context.obj, find_rule(context.obj, rule, file), months)
    print_rehearsal(screen(), rehearsal)
    context.exit(REFUSED if rehearsal.objections else 0)


@command.command(
    "calibrate",
    cls=Command,
    options_metavar="[选项]",
    help="用更正后的数据核对过去的建议，校准今后写出的把握，写入 reference/calibration.csv。",
)
@click.option("--dry-run", is_flag=True, help="只看结果，不写文件。")
@click.pass_obj
def calibrate(root: DataRoot, dry_run: bool) -> None:
    from delivery.console.calibration import outcomes, print_points
    from delivery.console.screen import screen
    from delivery.published import connect
    from expectations.calibration import Outcome, fit, read_edges, write_calibration
    from expectations.settings import read_settings

    with connect(root) as connection:
        answered = [Outcome(probability, right) for probability, right in outcomes(connection)]
    points = fit(answered, read_edges(root), read_settings(root).calibration_prior)
    print_points(screen(), points)
    if dry_run:
        click.echo(f"共 {len(answered)} 条有答复的建议；没有写入。")
    else:
        path = write_calibration(root, points)
        click.echo(f"共 {len(answered)} 条有答复的建议；已写入 {path}，请审阅；下次 wuxing refresh 起按它写把握。")
