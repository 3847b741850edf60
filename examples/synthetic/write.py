"""Which workbooks there are, and which versions of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from delivery.template.layout import in_chinese
from examples.synthetic.history import History, history
from examples.synthetic.model import MONTHS, subdistricts
from examples.synthetic.report import report
from examples.synthetic.slips import Slip, plant, read_slips
from examples.synthetic.workbook import write_workbook


def write_workbooks(folder: Path, slips: bool = True) -> list[Path]:
    """Write a workbook per sub-district and month into ``folder``, made if missing; the paths in order of sending.

    With ``slips`` the mistakes of ``slips.yml`` are in them, and a corrected second version follows where one was sent.
    The same call writes the same bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    histories = [history(subdistrict) for subdistrict in subdistricts()]
    return [path for month in MONTHS for sent in histories for path in _versions(folder, sent, month, slips)]


def _versions(folder: Path, sent: History, month: date, with_slips: bool) -> Iterator[Path]:
    planted = [slip for slip in read_slips() if with_slips and (slip.subdistrict_code, slip.month) == _key(sent, month)]
    name = f"{sent.subdistrict.name}{in_chinese(month)}"
    yield _write(folder / f"{name}.xlsx", sent, month, planted)
    if any(slip.corrected for slip in planted):
        kept = [slip for slip in planted if not slip.corrected]
        yield _write(folder / f"{name}（更正）.xlsx", sent, month, kept)


def _key(sent: History, month: date) -> tuple[str, date]:
    return sent.subdistrict.code, month


def _write(path: Path, sent: History, month: date, planted: Iterable[Slip]) -> Path:
    month_report = report(sent, month)
    for slip in planted:
        plant(slip, month_report)
    return write_workbook(month_report, path)
