"""Strict models of the reference tables: a wrong row is refused with file, row and reason before anything runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator


def _blank_to_none(value: Any) -> Any:
    return None if value == "" else value


def _yes(value: Any) -> Any:
    return {"yes": True, "no": False}.get(value, value)


def _split(value: Any) -> Any:
    return tuple(filter(None, (value or "").split(";"))) if value is None or isinstance(value, str) else value


OptionalText = Annotated[str | None, BeforeValidator(_blank_to_none)]
OptionalDecimal = Annotated[Decimal | None, BeforeValidator(_blank_to_none)]
OptionalDate = Annotated[date | None, BeforeValidator(_blank_to_none)]
YesNo = Annotated[bool, BeforeValidator(_yes)]
TextList = Annotated[tuple[str, ...], BeforeValidator(_split)]
Sheet = Literal["community", "subdistrict"]
Star = Literal["branch", "industry", "livability", "peace", "civility"]


@dataclass(frozen=True)
class Row:
    """A row of a reference table, whose columns are its fields.

    Validated where the table is read (``ingest.reference.load``), not when it is made: as plain dataclasses, a
    province's 50,000 units take half the time of pydantic's models.
    """


@dataclass(frozen=True)
class DatedRow(Row):
    """A row that holds from ``valid_from`` to ``valid_to``, both included; an open end is blank."""

    valid_from: date
    valid_to: OptionalDate

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Item(Row):
    """A monthly data item: one column of the workbook, of raw and of the marts."""

    item_code: str
    column_name: str
    name_zh: str
    unit: str
    sheet: Sheet
    kind: Literal["stock", "flow", "year_to_date", "yes_no", "enum"]
    value_type: Literal["integer", "money", "mean", "yes_no", "choice", "bits"]
    choices: TextList
    asked: Literal["monthly", "prefilled"]
    additive: YesNo
    used_by: str
    mandatory_edits: str
    verification_edits: str

    @cached_property
    def text_column(self) -> str:
        """Where raw keeps the item's text as sent."""
        return f"{self.column_name}__text"


@dataclass(frozen=True)
class ProfileFigure(Row):
    """A figure of the 概况表; ``column_name`` names it in marts."""

    figure_code: str
    column_name: str
    name_zh: str
    unit: str
    kind: Literal["count", "mean", "percent", "share", "amount"]
    additive: YesNo
    aliases: TextList


@dataclass(frozen=True)
class Unit(DatedRow):
    """A version of a county, sub-district or community (``reference/units.csv`` of the data root)."""

    unit_code: str
    unit_name: str
    level: Literal["county", "subdistrict", "community"]
    parent_code: OptionalText
    community_type: OptionalText
    star_scheme: OptionalText
    successor_code: OptionalText
    aliases: TextList

    @property
    def successors(self) -> tuple[str, ...]:
        """Who has this unit's people when the row has ended: several, separated by ``;``, after a split."""
        return tuple(code for code in (self.successor_code or "").split(";") if code)


@dataclass(frozen=True)
class StarScheme(DatedRow):
    """The name of one of the five stars in a scheme."""

    star_scheme: str
    star: Star
    star_order: int
    name_zh: str


@dataclass(frozen=True)
class StarCriterion(DatedRow):
    """``scale × numerator ÷ denominator  operator  threshold``; the denominator may be absent."""

    criterion_code: str
    star_scheme: str
    star: Star
    name_zh: str
    numerator_item: str
    denominator_item: OptionalText
    scale: int
    operator: Literal[">=", ">", "<=", "<", "="]
    threshold: Decimal
    unit: str
    label: str
    note_zh: str


@dataclass(frozen=True)
class CadreGroup(Row):
    """A group whose structure is shown, with the items that count it and give its mean age."""

    cadre_group: Literal["team", "secretary", "member"]
    name_zh: str
    sheet: Sheet
    headcount_item: str
    mean_age_item: str


@dataclass(frozen=True)
class CadreBand(Row):
    """A band's headcount is ``plus_item − minus_item``; ``summary_share`` names its column in cadre_summary."""

    cadre_group: Literal["team", "secretary", "member"]
    dimension: Literal["sex", "age_band", "education", "tenure_band"]
    band: str
    band_order: int
    name_zh: str
    plus_item: str
    minus_item: OptionalText
    summary_share: OptionalText


@dataclass(frozen=True)
class AlertWeight(DatedRow):
    """What a severity adds to an alert's priority: ``base + confidence × (stars touched, turned, share of a total)``.

    ``least_confidence`` stands in where nothing, or nothing likelier, is suggested.
    """

    severity: Literal["mandatory", "verification", "hint"]
    base: Decimal
    least_confidence: Decimal
    star_touched: Decimal
    star_turned: Decimal
    share_of_total: Decimal
    note_zh: str


@dataclass(frozen=True)
class ConfidenceBand(Row):
    """Confidences from ``low`` to below ``high`` (blank: to the end), looked at together."""

    band: str
    low: Decimal
    high: OptionalDecimal


@dataclass(frozen=True)
class DueDay(DatedRow):
    """The day of the following month on which a form is due."""

    form: str
    due_day: int
    note_zh: str
