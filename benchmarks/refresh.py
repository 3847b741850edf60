"""Times a first refresh of all example months, a second with nothing new, and one after a correction of one month."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from examples.source_report.write import WORKBOOK
from examples.synthetic import write_workbooks
from examples.synthetic.history import history
from examples.synthetic.model import MONTHS, UNITS_FILE, subdistricts
from examples.synthetic.report import report
from examples.synthetic.workbook import write_workbook
from ingest.data_root import DataRoot


@dataclass(frozen=True)
class Times:
    """Seconds of each refresh."""

    full: float
    nothing_new: float
    correction: float


def measure(root: DataRoot) -> Times:
    """Fill an empty ``root`` and refresh it three times. Raises CalledProcessError where a refresh fails."""
    root.create()
    shutil.copy(UNITS_FILE, root.units_file)
    write_workbooks(root.inbox)
    shutil.copy(WORKBOOK, root.inbox)
    full, nothing_new = _refresh(root), _refresh(root)
    _send_correction(root)
    return Times(full, nothing_new, _refresh(root))


def _refresh(root: DataRoot) -> float:
    command = [str(Path(sys.executable).with_name("wuxing")), "--data", str(root.path), "refresh"]
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, "NO_COLOR": "1"})
    return time.perf_counter() - started


def _send_correction(root: DataRoot) -> None:
    """The middle month again, with one volunteer more."""
    sent = history(subdistricts()[0])
    corrected = report(sent, MONTHS[len(MONTHS) // 2])
    row = corrected.communities[sent.subdistrict.communities[0].code]
    row["V01"] = int(row["V01"] or 0) + 1
    write_workbook(corrected, root.inbox / "更正.xlsx")
