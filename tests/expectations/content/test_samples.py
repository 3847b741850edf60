"""The sample that is last month's file under a new month is found; clean months of the same sub-districts are not."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from expectations.catalogue import load_catalogue
from expectations.content import check_content
from expectations.history import Inputs, load_history
from ingest.check import Checked, read_for_check
from ingest.data_root import DataRoot
from ingest.inbox import ingest_inbox
from ingest.reference import read_units
from tests.ingest.support import FILES, new_root

NOW = datetime(2024, 4, 2, 9, tzinfo=UTC)
RULES = load_catalogue(None).rules
FIRST = "990101001000"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> DataRoot:
    """February of both sub-districts is stored."""
    made = new_root(tmp_path_factory.mktemp("root"))
    for name in ("甲街道2024年2月.xlsx", "乙街道2024年2月.xlsx"):
        shutil.copy(FILES / name, made.inbox)
    ingest_inbox(made, NOW)
    return made


def said(root: DataRoot, path: Path) -> list[tuple[str, str, str]]:
    checked = read_for_check(root, path, NOW)
    assert isinstance(checked, Checked)
    history = load_history(root, checked.month, RULES)
    inputs = Inputs(checked.month, checked.tables, history, read_units(root), only=frozenset({checked.unit_code}))
    outcome = check_content(inputs, load_catalogue(None).content(checked.month))
    return [(v.rule_code, v.unit_code, v.detail) for v in outcome.violations]


def test_the_copied_file_is_named_with_the_number_of_its_values(root: DataRoot) -> None:
    [(rule, unit, detail)] = said(root, FILES / "copy_of_last_month.xlsx")
    assert (rule, unit) == ("COPY-OF-LAST-MONTH", FIRST)
    assert detail.startswith("465 个数值与 2024-02 完全相同，其中本月发生数")


@pytest.mark.parametrize("name", ["甲街道2024年3月.xlsx", "乙街道2024年3月.xlsx", "times_hundred.xlsx"])
def test_a_month_of_its_own_is_not(root: DataRoot, name: str) -> None:
    assert said(root, FILES / name) == []
