"""A rule replayed over stored months: how many, on whom, and when it is too much. Nothing is written."""

from datetime import date
from pathlib import Path

import pytest

from expectations.catalogue import CatalogueError, load_catalogue
from expectations.rehearsal import find_rule, rehearse
from ingest.data_root import DataRoot
from tests.expectations.stored import new_root, send
from tests.expectations.support import COMMUNITIES, FEBRUARY, MARCH, clean_month

OWN = """
form: monthly_report
rules:
  - {id: OWN, level: %s, kind: inequality, scope: community, title_zh: 户数应不多于八百, expression: "P01 <= 800",
     valid_from: 2030-01-01, enabled: false, disabled_reason: 试运行}
"""


@pytest.fixture
def root(tmp_path: Path) -> DataRoot:
    """Two months; in March two of six communities have fewer households."""
    made = new_root(tmp_path / "data")
    send(made, clean_month(FEBRUARY, P01=700))
    march = clean_month(P01=700)
    for code in COMMUNITIES[:2]:
        march.communities[code]["P01"] = 873
    send(made, march)
    return made


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.yml"
    path.write_text(OWN % "verification", encoding="utf-8")
    return path


def test_a_rule_that_is_not_live_yet_is_replayed_over_all_months(root: DataRoot, own: Path) -> None:
    february, march = rehearse(root, find_rule(root, None, own), 12).months
    assert (february.month, february.units, february.hit, february.executed) == (FEBRUARY, 6, (), 6)
    assert (march.month, march.hit, march.violated) == (MARCH, ("子社区", "丑社区"), 2)


def test_only_the_last_months_are_replayed_if_asked(root: DataRoot, own: Path) -> None:
    assert [month.month for month in rehearse(root, find_rule(root, "OWN", own), 1).months] == [MARCH]


def test_a_mandatory_rule_that_hits_more_than_one_in_twenty_is_refused_a_question_is_not(
    root: DataRoot, own: Path
) -> None:
    assert rehearse(root, find_rule(root, None, own), 12).objections == []
    own.write_text(OWN % "mandatory", encoding="utf-8")
    assert rehearse(root, find_rule(root, None, own), 12).objections == ["强制性规则命中全部单位月的 16.7%，超过 5%"]


def test_a_question_that_hits_most_units_of_a_month_is_refused(root: DataRoot, own: Path) -> None:
    own.write_text((OWN % "hint").replace("800", "600"), encoding="utf-8")
    assert rehearse(root, find_rule(root, None, own), 1).objections == ["2024-03 命中 6/6 个单位（100%），超过 60%"]


def test_a_rule_that_could_not_run_says_why_and_does_not_count(root: DataRoot) -> None:
    february, march = rehearse(root, load_catalogue(None).by_id["HOUSEHOLDS-CHANGE"], 12).months
    assert (february.executed, february.reasons) == (0, ("缺 P01（2024-01）",))
    assert march.executed == 6
    assert rehearse(root, load_catalogue(None).by_id["HOUSEHOLDS-CHANGE"], 12).share == march.share


def test_a_rule_asked_only_in_part_of_the_year_is_replayed_only_there(root: DataRoot) -> None:
    assert rehearse(root, load_catalogue(None).by_id["JANUARY-RESET"], 12).months == ()


def test_rules_of_great_expectations_and_of_the_profile_can_be_rehearsed(root: DataRoot) -> None:
    rules = load_catalogue(None).by_id
    assert [month.hit for month in rehearse(root, rules["AT-LEAST-ONE"], 1).months] == [()]
    assert [month.units for month in rehearse(root, rules["T15-SEX"], 1).months] == [0]


def test_rehearsing_writes_nothing(root: DataRoot, own: Path) -> None:
    before = sorted(root.path.rglob("*"))
    rehearse(root, find_rule(root, None, own), 12)
    assert sorted(root.path.rglob("*")) == before


def test_a_rule_that_is_nowhere_is_refused_with_what_there_is(root: DataRoot, own: Path) -> None:
    with pytest.raises(CatalogueError, match=r"没有规则 OTHER：.*own\.yml 里有：OWN"):
        find_rule(root, "OTHER", own)
    with pytest.raises(CatalogueError, match="请写明规则编号"):
        find_rule(root, None, None)


def test_a_deployments_own_rule_is_found_by_its_id(root: DataRoot, own: Path) -> None:
    (root.reference / "rules").mkdir()
    own.rename(root.reference / "rules" / "own.yml")
    assert find_rule(root, "OWN", None).valid_from == date(2030, 1, 1)
