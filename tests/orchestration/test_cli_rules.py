"""``wuxing rules``: the catalogue is checked and rules are rehearsed from the command line, without writing."""

from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result

from expectations.calibration import calibration_file, read_correction
from expectations.run import evaluate_month, stale_months
from ingest.data_root import DataRoot
from orchestration.cli import main
from tests.expectations.stored import new_root, send
from tests.expectations.support import MARCH, clean_month

CONTRADICTION = """
form: monthly_report
rules:
  - {id: OWN, level: mandatory, kind: inequality, scope: community, title_zh: 总人口应少于户数, expression: "P02 < P01"}
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataRoot:
    monkeypatch.setenv("WUXING_DATA", str(tmp_path / "elsewhere"))
    made = new_root(tmp_path / "data")
    send(made, clean_month())
    return made


def wuxing(root: DataRoot, *arguments: object) -> Result:
    return CliRunner().invoke(main, ["--data", str(root.path), *map(str, arguments)])


def test_linting_the_shipped_rules_finds_no_contradiction(root: DataRoot) -> None:
    result = wuxing(root, "rules", "lint")
    assert result.exit_code == 0
    assert "矛盾 0 组" in result.output
    assert "没有用途的指标 0 个" in result.output
    assert "E04 经营支出（累计）、E05 管理费用（累计）" in result.output


def test_a_deployments_rule_that_contradicts_a_shipped_one_is_an_error(root: DataRoot) -> None:
    (root.reference / "rules").mkdir()
    (root.reference / "rules" / "own.yml").write_text(CONTRADICTION, encoding="utf-8")
    result = wuxing(root, "rules", "lint")
    assert result.exit_code == 1
    assert "HOUSEHOLDS-POPULATION" in result.output
    assert "矛盾 1 组" in result.output


def test_a_rehearsed_rule_says_who_it_hits_and_whether_it_may_go_live(root: DataRoot, tmp_path: Path) -> None:
    own = tmp_path / "own.yml"
    own.write_text(CONTRADICTION, encoding="utf-8")
    refused, kept = wuxing(root, "rules", "rehearse", "--file", own), wuxing(root, "rules", "rehearse", "TEAM-SEX")
    assert (refused.exit_code, kept.exit_code) == (1, 0)
    assert "子社区" in refused.output
    assert "不宜启用：2024-03 命中 6/6 个单位（100%），超过 60%" in refused.output
    assert "可以启用" in kept.output


def publish_outcomes(root: DataRoot, right: int, wrong: int, probability: float = 0.995) -> None:
    """A release with nothing but that many answered suggestions; each stands in it for two rules that say the same."""
    root.released_database.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(root.released_database)) as release:
        release.execute("create schema marts")
        release.execute(
            f"""create table marts.suggestion_outcomes as
            select {probability}::double as probability, number < {right} as is_right, true as is_answered,
                   'v1' as submission_id, number::text as reading_values
            from range({right + wrong}) as numbers(number), range(2) as rules"""
        )


def test_calibrating_writes_what_is_to_be_stated_and_makes_the_months_stale(root: DataRoot) -> None:
    evaluate_month(root, MARCH)
    publish_outcomes(root, right=400, wrong=600)
    looked = wuxing(root, "rules", "calibrate", "--dry-run")
    assert "共 1000 条有答复的建议；没有写入" in looked.output
    assert stale_months(root) == []
    written = wuxing(root, "rules", "calibrate")
    assert str(calibration_file(root)) in written.output.replace("\n", "")
    assert read_correction(root)(0.995) < 0.8
    assert stale_months(root) == [MARCH]


def test_an_unknown_rule_is_answered_in_one_sentence(root: DataRoot) -> None:
    result = wuxing(root, "rules", "rehearse", "NOTHING")
    assert result.exit_code == 3
    assert result.stderr == "没有规则 NOTHING：请核对编号\n"


def test_the_card_of_an_item_names_its_own_rules_too(root: DataRoot) -> None:
    shown = wuxing(root, "rules", "card", "b02")
    assert (shown.exit_code, shown.output.splitlines()[0]) == (0, "## B02 其中男")
    assert "| 强制性 | TEAM-SEX |" in shown.output
    assert wuxing(root, "rules", "card", "T24").output.startswith("## T24 书记大专及以上占比")

    unknown = wuxing(root, "rules", "card", "X9")
    assert unknown.exit_code == 2
    assert "没有 X9" in unknown.output
