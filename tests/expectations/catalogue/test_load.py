from datetime import date
from pathlib import Path

import pytest

from expectations.catalogue import CatalogueError, ExpressionRule, load_catalogue
from ingest.data_root import DataRoot

GOOD = """
form: monthly_report
rules:
  - id: OWN-RULE
    level: mandatory
    kind: balance
    scope: community
    title_zh: 男女之和应等于总数
    expression: B02 + B03 = B01
"""


def own_rules(folder: Path, text: str) -> DataRoot:
    root = DataRoot(folder)
    (root.reference / "rules").mkdir(parents=True)
    (root.reference / "rules" / "own.yml").write_text(text, encoding="utf-8")
    return root


def test_a_deployments_rule_stands_beside_the_shipped_ones(tmp_path: Path) -> None:
    catalogue = load_catalogue(own_rules(tmp_path, GOOD))
    assert "OWN-RULE" in catalogue.by_id
    assert len(catalogue.rules) == len(load_catalogue(None).rules) + 1
    assert catalogue.version != load_catalogue(None).version


def test_a_deployments_rule_replaces_the_shipped_one_of_the_same_id(tmp_path: Path) -> None:
    text = GOOD.replace("OWN-RULE", "STARS-BRANCH-FIRST").replace(
        "level: mandatory", "level: hint\n    enabled: false\n    disabled_reason: 本市口径不同"
    )
    catalogue = load_catalogue(own_rules(tmp_path, text))
    assert "STARS-BRANCH-FIRST" not in {rule.id for rule in catalogue.expressions(date(2024, 3, 1))}
    assert catalogue.by_id["STARS-BRANCH-FIRST"].disabled_reason == "本市口径不同"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("B02 + B03 = B01", "B02 + B03", "第 10 个字符：缺少比较符号"),
        ("B02 + B03 = B01", "B02 + S01 = B01", "S01 不能用于 scope: community"),
        ("B02 + B03 = B01", "sum(B02) = B01", "社区规则不能用 sum"),
        ("B02 + B03 = B01", "B02 = units()", "units() 不能用于社区规则"),
        ("B02 + B03 = B01", "Z99 = B01", "没有指标 Z99"),
        ("B02 + B03 = B01", "registered(B01) = B01", "名册中只有 P05"),
        ("scope: community", "scope: county", "全县规则只能用 sum、count、units"),
        ("B02 + B03 = B01", "B01 > 0\n    unknown: 1", "unknown"),
        ("level: mandatory", "level: fatal", "level"),
        ("kind: balance", "kind: magic", "magic"),
        ("level: mandatory", "level: mandatory\n    enabled: false", "disabled_reason"),
        ("B02 + B03 = B01", 'B01 > 0\n    edits: ["B01 mandatory: >7"]', "items.csv 中没有“B01 mandatory: >7”"),
    ],
)
def test_a_wrong_rule_is_refused_with_file_line_id_and_reason(tmp_path: Path, old: str, new: str, reason: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(own_rules(tmp_path, GOOD.replace(old, new)))
    assert "own.yml 第 4 行，规则 OWN-RULE：" in str(caught.value)
    assert reason in str(caught.value)


@pytest.mark.parametrize("text", ["rules: []", "form: [", "- 1", "form: monthly_report\nrules: 3"])
def test_a_file_that_is_no_rule_file_is_refused_by_name(tmp_path: Path, text: str) -> None:
    with pytest.raises(CatalogueError, match=r"own\.yml"):
        load_catalogue(own_rules(tmp_path, text))


def test_an_id_stands_once(tmp_path: Path) -> None:
    twice = GOOD + GOOD.split("rules:\n")[1]
    with pytest.raises(CatalogueError, match="编号重复"):
        load_catalogue(own_rules(tmp_path, twice))


def test_a_rule_is_asked_only_in_its_months() -> None:
    catalogue = load_catalogue(None)
    january = {rule.id for rule in catalogue.expressions(date(2024, 1, 1))}
    march = {rule.id for rule in catalogue.expressions(date(2024, 3, 1))}
    assert "JANUARY-RESET" in january - march
    assert "YEAR-TO-DATE" in march - january


def test_every_mandatory_expression_without_condition_is_linear() -> None:
    mandatory = [r for r in load_catalogue(None).rules if isinstance(r, ExpressionRule) and r.level == "mandatory"]
    assert mandatory
    for rule in mandatory:
        for _, statement in rule.statements:
            assert all(link.difference.is_linear for link in statement.consequence.links), rule.id
