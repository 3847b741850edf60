"""Plants the slips of ``slips.yml``: each says the truth, what is sent instead, why, and which rule sees it."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from examples.synthetic.report import COMMUNITY_ITEMS, Report, Row

SLIPS_FILE = Path(__file__).with_name("slips.yml")
_NUMBER = re.compile(r"-?\d+\.\d+")

Written = int | str | None


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Cell(_Entry):
    """Money and means are quoted, so that they stay decimal; a blank cell is null, a flag 是 or 否."""

    truth: Written
    sent: Written


class Slip(_Entry):
    """One mistake of a clerk in one row, which a second version of the workbook puts right if it is ``corrected``.

    ``seen_by`` names rules of the catalogue, or ``ingest`` where reading the cell is what shows it.
    """

    slip_id: str
    month: date
    subdistrict_code: str
    row: Literal["community", "total", "summary"]
    unit_code: str
    kind: str
    cells: dict[str, Cell] = Field(min_length=1)
    why: str
    seen_by: list[str] = Field(min_length=1)
    corrected: bool = False


class _Slips(_Entry):
    slips: list[Slip]


class SlipOutOfDateError(ValueError):
    """The true value of a slip is not the model's: the targets have changed and ``slips.yml`` has not."""


@cache
def read_slips() -> tuple[Slip, ...]:
    """All slips, by month."""
    return tuple(_Slips.model_validate(yaml.safe_load(SLIPS_FILE.read_text(encoding="utf-8"))).slips)


def plant(slip: Slip, report: Report) -> None:
    """Write the slip's cells into ``report``. Raises SlipOutOfDateError where the true value is another."""
    row = _row(slip, report)
    for item, cell in slip.cells.items():
        if _as_sent(row[item]) != cell.truth:
            raise SlipOutOfDateError(f"{slip.slip_id}: {item} is {_as_sent(row[item])!r}, not {cell.truth!r}")
        row[item] = _as_value(cell.sent)


def _row(slip: Slip, report: Report) -> Row:
    if slip.row == "community":
        return report.communities[slip.unit_code]
    if slip.row == "summary":
        return report.summary
    report.totals |= {item.item_code: report.total(item) for item in COMMUNITY_ITEMS if item.item_code in slip.cells}
    return report.totals


def _as_sent(value: object) -> Written:
    if isinstance(value, bool):
        return "是" if value else "否"
    return value if isinstance(value, int | None) else str(value)


def _as_value(sent: Written) -> int | str | Decimal | None:
    return Decimal(sent) if isinstance(sent, str) and _NUMBER.fullmatch(sent) else sent
