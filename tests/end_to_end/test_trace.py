from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from delivery.trace import CannotTrace, Step, trace
from ingest.data_root import DataRoot

CELL = re.compile(r"单元格：(.+) › (.+) › ([A-Z]+\d+)（")
COMMUNITY, SUBDISTRICT, COUNTY = "990101001003", "990101001000", "990101000000"


def leaves(step: Step) -> Iterator[Step]:
    if not step.parts:
        yield step
    for part in step.parts:
        yield from leaves(part)


def in_workbook(root: Path, leaf: Step) -> Any:
    """What openpyxl finds in the archived original in the cell that the trace names; its hash is the one it says."""
    [place] = [found for line in leaf.lines if (found := CELL.match(line))]
    [line] = [line for line in leaf.lines if line.startswith("原件：")]
    archived, sha256 = re.fullmatch(r"原件：(\S+)；sha256 (\w+)", line).groups()
    assert hashlib.sha256((root / archived).read_bytes()).hexdigest() == sha256
    return openpyxl.load_workbook(root / archived)[place[2]][place[3]].value


def published(root: Path, query: str) -> Any:
    with duckdb.connect(str(root / "published/wuxing.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchone()[0]


def test_every_item_of_a_community_leads_to_its_cell(demo_root: Path):
    root = DataRoot(demo_root)
    for column in ("operating_surplus", "party_members", "zero_petitions", "community_type", "planned_stars", "E03"):
        step = trace(root, "community_month", column, ["2024-03", COMMUNITY])
        assert step.parts == ()
        [sent] = [line for line in step.lines if line.startswith("原文：")]
        assert f"“{in_workbook(demo_root, step)}”" in sent


def test_a_sum_lists_the_cells_that_make_it(demo_root: Path):
    step = trace(DataRoot(demo_root), "subdistrict_month", "team_members", ["2024-03", "甲街道"])
    cells = [in_workbook(demo_root, leaf) for leaf in leaves(step)]
    wanted = f"from marts.subdistrict_month where month = '2024-03-01' and subdistrict_code = '{SUBDISTRICT}'"
    assert len(cells) == 10
    assert sum(cells) == published(demo_root, f"select team_members {wanted}")


def test_a_sub_districts_own_item_leads_to_its_line(demo_root: Path):
    step = trace(DataRoot(demo_root), "subdistrict_month", "secretaries", ["2024-03", SUBDISTRICT])
    assert in_workbook(demo_root, step) == 10
    assert "街道汇总" in step.lines[0]


def test_a_star_shows_its_criterion_and_the_cells_it_reads(demo_root: Path):
    step = trace(DataRoot(demo_root), "star_ratings", "civility_star", ["2024-03", COMMUNITY])
    assert {line.partition("（")[0] for part in step.parts for line in part.lines if line.startswith("标准：")} == {
        "标准：基本医保参保率≥95 %",
        "标准：基本养老参保率≥95 %",
    }
    medical = trace(DataRoot(demo_root), "star_indicators", "value", ["2024-03", COMMUNITY, "civility_medical"])
    enrolled, eligible = (in_workbook(demo_root, leaf) for leaf in leaves(medical))
    query = (
        f"select value from marts.star_indicators where month = '2024-03-01' "
        f"and community_code = '{COMMUNITY}' and criterion_code = 'civility_medical'"
    )
    assert float(published(demo_root, query)) == pytest.approx(100 * enrolled / eligible, abs=0.0001)


def test_a_countys_mean_age_lists_means_and_their_weights(demo_root: Path):
    step = trace(DataRoot(demo_root), "cadre_summary", "mean_age", ["2024-03", COUNTY, "secretary"])
    cells = [in_workbook(demo_root, leaf) for leaf in leaves(step)]
    mean = sum(age * heads for age, heads in zip(cells[::2], cells[1::2], strict=True)) / sum(cells[1::2])
    assert f"{mean:g}" in step.title


def test_a_band_that_is_a_difference_reads_both_items(demo_root: Path):
    key = ["2024-03", SUBDISTRICT, "secretary", "below_college"]
    step = trace(DataRoot(demo_root), "cadre_structure", "headcount", key)
    assert step.lines == ("算法：S01－S09",)
    whole, college = (in_workbook(demo_root, leaf) for leaf in leaves(step))
    assert step.title.endswith(f"：{whole - college}")


def test_an_alert_leads_to_its_cells(demo_root: Path):
    query = "select min(alert_id) from marts.quality_alerts where rule_code = 'ACTIVITIES-PARTICIPATIONS'"
    step = trace(DataRoot(demo_root), "quality_alerts", "message", [published(demo_root, query)])
    assert [part.lines[0].rpartition(" ")[2] for part in step.parts] == ["AR14", "AS14"]


def test_a_count_of_stars_lists_its_communities(demo_root: Path):
    where = (
        f"from marts.star_summary where month = '2024-03-01' and subdistrict_code = '{SUBDISTRICT}' and star_level = 4"
    )
    for column in ("communities_met", "communities_planned", "communities_undecided"):
        step = trace(DataRoot(demo_root), "star_summary", column, ["2024-03", "甲街道", "4"])
        assert step.lines[0] == f"{published(demo_root, f'select {column} {where}')} 个社区", column


def test_a_series_leads_to_the_cells_of_its_communities(demo_root: Path):
    step = trace(DataRoot(demo_root), "community_series", "team_members", ["2024-03", COMMUNITY])
    [leaf] = leaves(step)
    assert f"：{in_workbook(demo_root, leaf)} 人" in step.title


def test_a_status_lists_its_versions_and_accounts_for_every_cell(demo_root: Path):
    step = trace(DataRoot(demo_root), "submission_status", "cells_found", ["2023-09", SUBDISTRICT, "monthly_report"])
    assert [part.title.partition("：")[0] for part in step.parts] == ["第 1 次", "第 2 次"]
    found, loaded, blank, rejected = map(int, re.findall(r"\d+", step.lines[0]))
    assert found == loaded + blank + rejected == int(step.title.rpartition("：")[2])


def test_executions_scores_and_the_burden_say_how_they_were_counted(demo_root: Path):
    root = DataRoot(demo_root)
    executed = trace(root, "rule_executions", "executed", ["2024-03", SUBDISTRICT, "MEMBERS-FLOW"])
    assert executed.lines[1] == "公式：D03 = D03[-1] + D06 - D07"
    score = trace(root, "quality_scorecard", "score", ["2024-03", SUBDISTRICT, "consistency"])
    assert "rule_executions" in score.lines[1]
    asked = trace(root, "reporting_burden", "cells_asked", ["2024-03", SUBDISTRICT])
    communities, each, own = map(int, re.findall(r"\d+", asked.lines[0]))
    assert asked.title.endswith(f"：{communities * each + own}")


def test_a_dimension_leads_to_its_line_in_the_reference_table(demo_root: Path):
    step = trace(DataRoot(demo_root), "dim_community", "community_name", [COMMUNITY])
    path, line = re.fullmatch(r"参照表：(\S+) 第 (\d+) 行", step.lines[-1]).groups()
    assert (demo_root / path).read_text(encoding="utf-8").splitlines()[int(line) - 1].startswith(COMMUNITY)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (("review_signals", "message", ["x"]), "可追的表"),
        (("community_month", "surplus", ["2024-03", COMMUNITY]), "有的列：month、community_code"),
        (("star_summary", "communities_met", ["2024-03", SUBDISTRICT, "九"]), "0 至 5"),
        (("star_summary", "star_level", ["2024-03", SUBDISTRICT, "4"]), "communities_met"),
        (("submission_status", "version", ["2024-03", SUBDISTRICT, "x"]), "有的：monthly_report"),
        (("rule_executions", "executed", ["2024-03", SUBDISTRICT, "x"]), "有的：ACTIVITIES-MANY"),
        (("quality_scorecard", "score", ["2024-03", SUBDISTRICT, "x"]), "timeliness"),
        (("reporting_burden", "month", ["2024-03", SUBDISTRICT]), "cells_asked"),
        (("dim_rule", "title_zh", ["x"]), "有的：ACTIVITIES-MANY"),
        (("dim_community", "community_name", ["x"]), COMMUNITY),
        (("community_month", "workbook", ["2024-03", COMMUNITY]), "不是填报的指标"),
        (("community_month", "E06", ["2024-03"]), "month community_code"),
        (("community_month", "E06", ["三月", COMMUNITY]), "2024-03"),
        (("community_month", "E06", ["2019-03", COMMUNITY]), "没有报送"),
        (("community_month", "E06", ["2024-03", "无此村"]), "12 位代码"),
        (("community_month", "S01", ["2024-03", COMMUNITY]), "只按街道填报"),
        (("subdistrict_month", "X01", ["2024-03", SUBDISTRICT]), "不能相加"),
        (("star_indicators", "value", ["2024-03", COMMUNITY, "x"]), "industry_surplus"),
        (("star_ratings", "star_scheme", ["2024-03", COMMUNITY]), "industry_star"),
        (("quality_alerts", "message", ["x"]), "wuxing alerts"),
    ],
)
def test_what_cannot_be_traced_is_said_with_what_can(demo_root: Path, question: tuple[Any, ...], said: str):
    with pytest.raises(CannotTrace, match=re.escape(said)):
        trace(DataRoot(demo_root), *question)
