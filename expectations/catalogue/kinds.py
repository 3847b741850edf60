"""The kinds of rules of the monthly report.

An ``ExpressionRule`` is evaluated by ``expectations.detect``, a ``ContentRule`` by ``expectations.content``; the
others look at one column and are evaluated by Great Expectations (``expectations.structure``). The kinds of the
概况表 stand in ``expectations/printed/models.py``.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, model_validator

from expectations.catalogue.expression import Reference, Statement
from expectations.catalogue.models import RuleBase
from expectations.catalogue.parser import parse_chain, parse_statement
from ingest.reference import items

ITEMS = {item.item_code: item for item in items()}

ItemList = Annotated[tuple[str, ...], Field(min_length=1)]
Month = Annotated[int, Field(ge=1, le=12)]


class ExpressionRule(RuleBase):
    """A statement over several operands, levels or months.

    With ``items`` the expression holds for each of them, written ``x``. ``when`` says of whom the rule is asked; what
    it reads takes no part in a violation, unlike the left side of ``=>``. ``tolerance`` is the slack of comparisons, in
    the unit of the items. ``in_year_months`` are the calendar months in which the rule is asked at all (a running total
    starts again in January). ``notation`` replaces the formula that readers see, where arithmetic would confuse.
    """

    kind: Literal[
        "balance",  # parts add up to their whole
        "inequality",  # a part is not above its whole
        "conditional",  # what follows from a state
        "ratio",  # two items in believable proportion
        "flow",  # a stock is the last one plus and minus the month's flows
        "year_to_date",  # a running total does not fall within its year
        "change",  # this month against an earlier one
        "roll_up",  # the sub-district against its communities
        "total",  # the clerk's own 合计 row against the sum
        "mean_in_bands",  # a mean that the counts of its bands can reach
        "unit_error",  # 元 for 万元, digits too many
        "register",  # against the register of units or a department's value
        "signal",  # on a line, frozen, heaped: says nothing by itself
    ]
    scope: Literal["community", "subdistrict", "county"]
    form: Literal["monthly_report"] = "monthly_report"
    expression: str
    items: tuple[str, ...] = ()
    when: str | None = None
    tolerance: Decimal = Decimal(0)
    in_year_months: tuple[Month, ...] = ()
    notation: str | None = None

    @model_validator(mode="after")
    def _the_expression_reads_what_its_scope_has(self) -> ExpressionRule:
        for item in self.items:
            _known(item)
        for _, statement in self.statements:
            for reference in statement.references:
                _check_reference(reference, self.scope)
        return self

    @cached_property
    def statements(self) -> tuple[tuple[str | None, Statement], ...]:
        """(item, statement) for each of ``items``; one pair with None where the rule names its items itself."""
        return tuple((item, self._statement(item)) for item in (self.items or (None,)))

    def _statement(self, item: str | None) -> Statement:
        statement = replace(parse_statement(self.expression, item), tolerance=Fraction(self.tolerance))
        if self.when is None:
            return statement
        if statement.equivalent:
            raise ValueError("“<=>”与 when 不能同时使用")
        return replace(statement, conditions=(parse_chain(self.when, item), *statement.conditions), guards=1)

    @property
    def item_codes(self) -> tuple[str, ...]:
        return tuple(sorted({code for _, statement in self.statements for code in statement.item_codes}))

    @property
    def formula(self) -> str:
        return self.notation or (f"{self.when} => {self.expression}" if self.when else self.expression)

    def asked_in(self, month: date) -> bool:
        """Whether the rule holds in ``month`` and asks in that part of the year."""
        return self.holds_on(month) and (not self.in_year_months or month.month in self.in_year_months)


class ColumnRule(RuleBase):
    """What is asked of the columns of ``items``, each by itself."""

    scope: Literal["community", "subdistrict"]
    form: Literal["monthly_report"] = "monthly_report"
    items: ItemList

    @property
    def item_codes(self) -> tuple[str, ...]:
        return tuple(sorted(self.items))

    @model_validator(mode="after")
    def _items_stand_on_the_sheet_of_the_scope(self) -> ColumnRule:
        _check_items(self.items, self.scope)
        return self


class PresenceRule(ColumnRule):
    """Each of ``items`` is answered; 0 is an answer, a blank is not."""

    kind: Literal["presence"]

    @property
    def formula(self) -> str:
        return "非空"


class RangeRule(ColumnRule):
    """Each of ``items`` that is answered lies between ``minimum`` and ``maximum``, both included."""

    kind: Literal["range"]
    minimum: Decimal | None = None
    maximum: Decimal | None = None

    @property
    def formula(self) -> str:
        low = "" if self.minimum is None else f"{self.minimum} <= "
        return f"{low}x{'' if self.maximum is None else f' <= {self.maximum}'}"

    @model_validator(mode="after")
    def _there_is_a_limit(self) -> RangeRule:
        if self.minimum is None and self.maximum is None:
            raise ValueError("range 规则至少要有 minimum 或 maximum")
        return self


class SetRule(ColumnRule):
    """Each of ``items`` that is answered is one of its choices in items.csv."""

    kind: Literal["set"]

    @property
    def formula(self) -> str:
        return "取值在选项内"

    @model_validator(mode="after")
    def _items_have_choices(self) -> SetRule:
        for item in self.items:
            if not ITEMS[item].choices:
                raise ValueError(f"{item} 在 items.csv 中没有选项")
        return self


class UniquenessRule(RuleBase):
    """No community stands twice in a month's report."""

    kind: Literal["uniqueness"]
    scope: Literal["community"]
    form: Literal["monthly_report"] = "monthly_report"

    @property
    def item_codes(self) -> tuple[str, ...]:
        return ()

    @property
    def formula(self) -> str:
        return "社区代码不重复"


class CompletenessRule(RuleBase):
    """Every community of the unit tree has a row in its sub-district's report (不漏村)."""

    kind: Literal["completeness"]
    scope: Literal["community"]
    form: Literal["monthly_report"] = "monthly_report"

    @property
    def item_codes(self) -> tuple[str, ...]:
        return ()

    @property
    def formula(self) -> str:
        return "名册内每个社区一行"


class ContentRule(RuleBase):
    """What the whole of a submission must not look like.

    ``share``: a copy has at least this share of last month's values; a partial one answers less than this share.
    """

    kind: Literal["content"]
    scope: Literal["subdistrict"]
    form: Literal["monthly_report"] = "monthly_report"
    sign: Literal["empty", "all_zero", "partial", "copied"]
    share: Annotated[Decimal, Field(gt=0, le=1)] = Decimal(1)

    @property
    def item_codes(self) -> tuple[str, ...]:
        return ()

    @property
    def formula(self) -> str:
        return {
            "empty": "至少有一项已填",
            "all_zero": "至少有一个数值不为0",
            "partial": f"已填单元格不少于{self.share:.0%}",
            "copied": f"与上月相同的数值少于{self.share:.0%}",
        }[self.sign]

    @model_validator(mode="after")
    def _only_shares_have_a_share(self) -> ContentRule:
        if ("share" in self.model_fields_set) != (self.sign in ("partial", "copied")):
            raise ValueError("sign 为 partial、copied 时必须写 share，其他不得写")
        return self


StructureRule = PresenceRule | RangeRule | SetRule | UniquenessRule | CompletenessRule
MonthlyRule = Annotated[ExpressionRule | ContentRule | StructureRule, Field(discriminator="kind")]


def _known(item: str) -> None:
    if item not in ITEMS:
        raise ValueError(f"items.csv 中没有指标 {item}")


def _check_items(codes: tuple[str, ...], scope: str) -> None:
    for item in codes:
        _known(item)
        if ITEMS[item].sheet != scope:
            raise ValueError(f"{item} 不在 scope: {scope} 的表中")


def _check_reference(reference: Reference, scope: str) -> None:
    """A community reads its own row, a sub-district its own list and its communities together, a county all of them."""
    if reference.item is None:
        if scope == "community":
            raise ValueError(f"{reference} 不能用于社区规则")
        return
    _known(reference.item)
    if reference.function == "registered" and reference.item != "P05":
        raise ValueError("名册中只有 P05（社区类型）")
    if reference.first and scope != "community":
        raise ValueError(f"{reference}：首报值只能用于社区规则")
    if scope == "county" and reference.aggregate not in ("sum", "count"):
        raise ValueError(f"{reference}：全县规则只能用 sum、count、units")
    if scope == "community" and reference.aggregate:
        raise ValueError(f"{reference}：社区规则不能用 {reference.aggregate}")
    if ITEMS[reference.item].sheet != ("community" if reference.aggregate else scope):
        raise ValueError(f"{reference} 不能用于 scope: {scope} 的规则")
    if reference.aggregate == "total" and not ITEMS[reference.item].additive:
        raise ValueError(f"{reference}：合计行只有可加指标")
