"""Who reports, and what the last month must add up to: the reviewed data of ``targets.yml`` and ``units.csv``.

No figure is made up here: ``last_month`` shares the totals out, ``history`` walks back from them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

from ingest.reference import Unit, read_rows

MONTHS = tuple(date(2023 + index // 12, index % 12 + 1, 1) for index in range(15))
UNITS_FILE = Path(__file__).parents[1] / "units.csv"
TARGETS_FILE = Path(__file__).with_name("targets.yml")

Value = int | Decimal | bool | str
#: Item code → its values in the order of ``MONTHS``; money in 万元, a yes_no as bool.
Series = dict[str, Sequence[Value]]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CommunityTargets(_Entry):
    """Decisions about one community: ``surplus`` (E06, 万元) and stars of 2024-03, and since when flags hold."""

    surplus: Decimal
    investment: Decimal = Decimal(0)
    honours: int
    honoured: date = MONTHS[0]
    planned: str = Field(pattern="^[01]{5}$")
    planned_2023: str = Field(pattern="^[01]{5}$")
    plan_adopted: date | None = None
    incidents: dict[str, date] = {}


class Move(_Entry):
    """In ``month`` one secretary passed from the band of item ``before`` into that of item ``after``."""

    month: date
    before: str
    after: str


class SubdistrictTargets(_Entry):
    """Sums over the communities (``totals``) and the sub-district's own items (``summary``) in the last month."""

    code: str
    totals: dict[str, int]
    summary: dict[str, Decimal]
    moves: list[Move]
    communities: dict[str, CommunityTargets]


class _Targets(_Entry):
    subdistricts: list[SubdistrictTargets]


@dataclass(frozen=True)
class Community:
    """One of the communities of a workbook."""

    code: str
    name: str
    community_type: str
    targets: CommunityTargets


@dataclass(frozen=True)
class Subdistrict:
    """A sender of workbooks with its communities in the order of ``units.csv``."""

    code: str
    name: str
    communities: tuple[Community, ...]
    targets: SubdistrictTargets


def subdistricts() -> list[Subdistrict]:
    """The two sub-districts. Raises KeyError where ``targets.yml`` lacks a community of ``units.csv``."""
    units = read_rows(UNITS_FILE, Unit)
    targets = _Targets.model_validate(yaml.safe_load(TARGETS_FILE.read_text(encoding="utf-8")))
    return [_subdistrict(target, units) for target in targets.subdistricts]


def _subdistrict(targets: SubdistrictTargets, units: Sequence[Unit]) -> Subdistrict:
    own = next(unit for unit in units if unit.unit_code == targets.code)
    communities = tuple(
        Community(unit.unit_code, unit.unit_name, unit.community_type or "其他", targets.communities[unit.unit_name])
        for unit in units
        if unit.parent_code == own.unit_code
    )
    return Subdistrict(own.unit_code, own.unit_name, communities, targets)
