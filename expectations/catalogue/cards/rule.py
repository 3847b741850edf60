"""One rule as its readers know it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from expectations.catalogue.cards.words import (
    ANSWERS,
    CHANNELS,
    EXPLAINED,
    LEVELS,
    NOT_SENT,
    ROUNDINGS,
    RULE_KINDS,
    SCOPES,
)
from expectations.catalogue.display import Wording, plain
from expectations.catalogue.expression import Statement
from expectations.catalogue.kinds import ExpressionRule, RangeRule
from expectations.catalogue.models import FIRST_DAY, RuleBase


@dataclass(frozen=True)
class Formula:
    """A rule by codes, as alerts write it, and the items that it reads: ``B02+B03=B01``.

    ``about`` is the item that is asked, where the rule asks several, each by itself.
    """

    text: str
    items: tuple[str, ...]
    about: str | None = None


@dataclass(frozen=True)
class RuleCard:
    """What there is to know of a rule.

    ``level`` and ``kind`` are codes, all else is Chinese text; ``channel``, ``note`` and ``disabled_reason`` may be
    empty. ``items`` are the codes that it reads, sorted; a rule over the whole report has none.
    """

    code: str
    level: str
    kind: str
    channel: str
    scope: str
    sentence: str
    note: str
    disabled_reason: str
    formulas: tuple[Formula, ...]
    tolerance: str
    valid: str
    answer: str
    items: tuple[str, ...]

    def formulas_of(self, item: str) -> list[str]:
        """The formula about ``item``, else those that read it."""
        about = [formula.text for formula in self.formulas if formula.about == item]
        return about or [formula.text for formula in self.formulas if item in formula.items]

    @property
    def level_name(self) -> str:
        return LEVELS[self.level]

    @property
    def kind_name(self) -> str:
        return RULE_KINDS[self.kind]

    @property
    def severity(self) -> str:
        """The level's name, and beside it where its findings go if not to the submitter."""
        return f"{self.level_name}（{self.channel}）" if self.channel else self.level_name

    @property
    def order(self) -> tuple[int, str]:
        """The most severe first, then by code."""
        return list(LEVELS).index(self.level), self.code


def rule_card(rule: RuleBase) -> RuleCard:
    """The card of ``rule``."""
    return RuleCard(
        code=rule.id,
        level=rule.level,
        kind=rule.kind,
        channel=CHANNELS[rule.channel],
        scope=SCOPES[rule.scope],
        sentence=rule.title_zh,
        note=rule.note or "",
        disabled_reason=rule.disabled_reason or "",
        formulas=_formulas(rule),
        tolerance=_tolerance(rule),
        valid=_valid(rule),
        answer=_answer(rule),
        items=rule.item_codes,
    )


def _formulas(rule: RuleBase) -> tuple[Formula, ...]:
    if isinstance(rule, ExpressionRule):
        return tuple(Formula(_spelled(rule, *pair), pair[1].item_codes, pair[0]) for pair in rule.statements)
    if isinstance(rule, RangeRule):
        return tuple(Formula(_range(rule, item), (item,), item) for item in rule.items)
    return (Formula(rule.formula, rule.item_codes),)


def _spelled(rule: ExpressionRule, item: str | None, statement: Statement) -> str:
    notation = rule.notation.replace("x", item) if rule.notation and item else rule.notation
    return Wording(statement, notation).formula


def _range(rule: RangeRule, item: str) -> str:
    low = "" if rule.minimum is None else f"{rule.minimum}≤"
    return f"{low}{item}{'' if rule.maximum is None else f'≤{rule.maximum}'}"


def _answer(rule: RuleBase) -> str:
    if rule.channel != "alert":
        return NOT_SENT
    return EXPLAINED if rule.asks_for_explanation else ANSWERS[rule.level]


def _tolerance(rule: RuleBase) -> str:
    if isinstance(rule, ExpressionRule):
        return f"±{plain(rule.statements[0][1].tolerance)}" if rule.tolerance else "无"
    rounding: str | None = getattr(rule, "rounding", None)
    return f"占比、平均数按末位{ROUNDINGS[rounding]}核对" if rounding else "无"


def _valid(rule: RuleBase) -> str:
    since = "" if rule.valid_from == FIRST_DAY else f"{rule.valid_from}起"
    until = f"至{rule.valid_to}" if rule.valid_to else ""
    asked: Iterable[int] = getattr(rule, "in_year_months", ())
    return (since + until or "一直") + (f"，{_months(sorted(asked))}" if asked else "")


def _months(months: list[int]) -> str:
    if len(months) > 1 and months == list(range(months[0], months[-1] + 1)):
        return f"{months[0]}–{months[-1]}月"
    return "、".join(map(str, months)) + "月"
