"""Small data roots with real workbooks, for the tests of orchestration."""

from __future__ import annotations

import shutil
from pathlib import Path

from examples.synthetic import write_workbooks
from ingest.data_root import DataRoot
from orchestration.cli.demo import EXAMPLES

MONTHS = ("2024年2月", "2024年3月")


def small_root(folder: Path) -> DataRoot:
    """A root with the synthetic workbooks of two months and two sub-districts in its inbox; nothing was read yet."""
    root = DataRoot(folder / "data").create()
    shutil.copy(EXAMPLES / "units.csv", root.units_file)
    for path in write_workbooks(folder / "workbooks"):
        if path.stem.endswith(MONTHS):
            shutil.copy(path, root.inbox)
    return root
