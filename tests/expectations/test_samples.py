"""Every public sample from the inbox to its findings: what the manifest flags is flagged, and nothing else is asked.

Great Expectations is left out: it costs 2.5 s a sample and flags none of their cells (it finds what is missing).
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from expectations.catalogue import Catalogue, load_catalogue
from expectations.evaluate import NOTHING, evaluate
from expectations.history import Inputs, load_history
from ingest.data_root import DataRoot
from ingest.raw.read import load_month
from ingest.reference import read_units
from tests.ingest.support import FILES, SAMPLES, new_root, send

LINES = [json.loads(line) for line in (SAMPLES / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
BY_ID = {line["id"]: line for line in LINES}
READ = [line for line in LINES if line["expect"] not in ("refuse", "quarantine") and line["group"] != "history"]
# The numbers that a clerk must see, from ``say_zh``; most other sentences are ingest's and asserted where it is tested.
NUMBERS = {
    "members_flow": "142≠134+0−2",
    "formula_stale": "99.99≠17.92+24.6+0−0.67−1.53",
    "total_mismatch": "1171≠1071",
    "total_formula_too_short": "985≠1071",
    "secretaries_sex_sum": "7+1≠10",
    "enrolled_over_eligible": "1607>1547",
    "times_hundred": "258100",
    "community_count": "12≠10",
    "copy_of_last_month": "465 个数值与 2024-02 完全相同",
    "sign_lost": "4.79≠7.32+1.3+1.2−1.4−1.23",
    "block_shifted": "7+4≠7",
    "resent_corrected": "（甲二社区 V03）",
}


@dataclass(frozen=True)
class Asked:
    """The alerts that reach the desk about a sub-district, and their cells."""

    unit: str
    alerts: list[dict[str, Any]]
    cells: list[dict[str, Any]]

    def names(self, cell: dict[str, Any]) -> bool:
        """Whether an alert names the cell; ``*`` is any of the row or column, both of them the whole report."""
        if cell["unit_code"] == cell["item_code"] == "*":
            return any(alert["unit_code"] == self.unit for alert in self.alerts)
        wanted = (cell["sheet"], self.unit if cell["unit_code"] == "合计" else cell["unit_code"], cell["item_code"])
        return any(
            all(want in ("*", has) for want, has in zip(wanted, found, strict=True))
            for found in ((each["sheet"], each["unit_code"], each["item_code"]) for each in self.cells)
        )


@pytest.fixture(scope="module")
def february(tmp_path_factory: pytest.TempPathFactory) -> DataRoot:
    root = new_root(tmp_path_factory.mktemp("february") / "data")
    send(root, *(SAMPLES / line["file"] for line in LINES if line["group"] == "history"))
    return root


@pytest.fixture(scope="module")
def catalogue(february: DataRoot) -> Catalogue:
    return load_catalogue(february)


def asked(line: dict[str, Any], february: DataRoot, catalogue: Catalogue, folder: Path) -> Asked:
    """What is asked of the sample's sub-district after the history, what it comes ``after``, and itself were sent."""
    shutil.copytree(february.path, folder / "data")
    root = DataRoot(folder / "data")
    before = BY_ID.get(line.get("after", ""))
    if before is not None and before["group"] != "history":
        send(root, SAMPLES / before["file"])
    [accepted] = send(root, SAMPLES / line["file"]).accepted
    month, history = accepted.month, load_history(root, accepted.month, catalogue.rules)
    only = frozenset({accepted.unit_code})
    found = evaluate(Inputs(month, load_month(root, month), history, read_units(root), only=only), catalogue, NOTHING)
    alerts = [row for row in found.findings.to_pylist() if row["channel"] == "alert" and not row["suppressed_by"]]
    ids = {alert["alert_id"] for alert in alerts}
    cells = [row for row in found.cells.to_pylist() if row["alert_id"] in ids]
    return Asked(accepted.unit_code, alerts, cells)


@pytest.mark.parametrize("line", READ, ids=lambda line: line["id"])
def test_a_sample_is_asked_about_as_its_line_says(
    line: dict[str, Any], february: DataRoot, catalogue: Catalogue, tmp_path: Path
) -> None:
    found = asked(line, february, catalogue, tmp_path)
    if line["expect"] in ("accept", "accept_normalised"):
        assert [alert["message"] for alert in found.alerts] == []
        return
    assert found.alerts
    for cell in line["cells"]:
        if cell["expect"] in ("flagged", "rejected"):
            assert found.names(cell), cell
    assert NUMBERS.get(line["id"], "") in "\n".join(alert["message"] for alert in found.alerts)


def test_the_samples_are_those_of_the_manifest() -> None:
    assert {path.name for path in FILES.iterdir()} == {Path(line["file"]).name for line in LINES}
    assert NUMBERS.keys() <= BY_ID.keys()
