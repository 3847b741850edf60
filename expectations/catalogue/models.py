"""What every rule of the catalogue has in common, whatever its kind.

The kinds of the monthly report stand in ``expectations/catalogue/kinds.py``, those of the 概况表 in
``expectations/printed/models.py``. Nothing here evaluates a rule.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Level = Literal["mandatory", "verification", "hint"]
Scope = Literal["community", "subdistrict", "county", "profile"]
Channel = Literal["alert", "review", "engineer"]
Form = Literal["monthly_report", "profile"]

FIRST_DAY = date(2020, 1, 1)  # before the first form that anyone can send; the reference tables start here too

RuleId = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]*(-[A-Z0-9]+)*$", max_length=60)]


class RuleBase(BaseModel):
    """A rule as it stands in YAML; unknown keys are errors.

    ``title_zh`` says what should hold. ``edits`` cites the edits of items.csv that the rule implements, as
    ``"P01 mandatory: >0"``. ``note`` tells readers of the rule page what the title leaves open. Where nothing else is
    said, a verification finding is closed by an explanation or new data, any other needs none. A rule that is not
    ``enabled`` stays in the catalogue with its reason.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: RuleId
    level: Level
    kind: str
    form: Form = "monthly_report"
    scope: Scope
    title_zh: Annotated[str, Field(min_length=4)]
    channel: Channel = "alert"
    edits: tuple[str, ...] = ()
    valid_from: date = FIRST_DAY
    valid_to: date | None = None
    enabled: bool = True
    disabled_reason: str | None = None
    explanation_required: bool | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _a_disabled_rule_says_why(self) -> RuleBase:
        if self.enabled == bool(self.disabled_reason):
            raise ValueError("enabled: false 必须同时写明 disabled_reason；启用的规则不得有 disabled_reason")
        return self

    @property
    def asks_for_explanation(self) -> bool:
        """Whether its finding closes only by new data or an accepted explanation (说明)."""
        return self.level == "verification" if self.explanation_required is None else self.explanation_required

    @property
    def item_codes(self) -> tuple[str, ...]:
        """The items or figures that the rule reads, sorted; each kind knows its own."""
        raise NotImplementedError(self.kind)

    @property
    def formula(self) -> str:
        """The rule as its readers know it, by codes; what stands in ``rules.parquet`` as ``expression``."""
        raise NotImplementedError(self.kind)

    def holds_on(self, month: date) -> bool:
        """Whether the rule is to be evaluated for ``month``."""
        return self.enabled and self.valid_from <= month and (self.valid_to is None or month <= self.valid_to)

    def asked_in(self, month: date) -> bool:
        """Whether it asks in that part of the year as well; each kind knows its own."""
        return self.holds_on(month)
