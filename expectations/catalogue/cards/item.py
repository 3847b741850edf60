"""One monthly item or one figure of the 概况表 as its readers know it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from expectations.catalogue.cards.rule import RuleCard
from expectations.catalogue.cards.words import ASKED, FIGURE_KINDS, ITEM_KINDS, SHEETS, UNITS, VALUE_TYPES
from expectations.catalogue.display import GLYPHS
from ingest.forms.load import monthly_report_form, profile_form
from ingest.forms.models import Group, Spellings
from ingest.reference import Item, ProfileFigure, StarCriterion

ASKS = "presence"  # the kind of rule that takes no blank


class Fact(NamedTuple):
    """A line of a card."""

    label: str
    text: str


@dataclass(frozen=True)
class Card:
    """What there is to know of an item or figure.

    ``group`` is the upper header over it, ``purpose`` names who uses it, ``spellings`` are the header texts by which it
    is recognised beside its name; they may be empty. ``rules`` are ordered by severity.
    """

    code: str
    name: str
    unit: str
    sheet: str
    group: str
    purpose: str
    spellings: tuple[str, ...]
    facts: tuple[Fact, ...]
    rules: tuple[RuleCard, ...]


def item_card(item: Item, rules: Iterable[RuleCard], criteria: Iterable[StarCriterion]) -> Card:
    """The card of a monthly item."""
    reading = _reading(item.item_code, rules)
    group, spelled = _place(item)
    facts = [
        Fact("位置", " › ".join(part for part in (SHEETS[item.sheet], group) if part)),
        Fact("可填", "、".join(item.choices)) if item.choices else Fact("单位", UNITS.get(item.value_type, item.unit)),
        Fact("类型", "；".join(dict.fromkeys((ITEM_KINDS[item.kind], VALUE_TYPES[item.value_type])))),
        Fact("填报", ASKED[item.asked]),
        Fact("留空", "不可，没有的填0" if any(rule.kind == ASKS for rule in reading) else "可以"),
        Fact("汇总", "各社区可相加" if item.additive else "不可相加"),
        Fact("用途", item.used_by),
        *(Fact("星级标准", criterion) for criterion in _criteria(item.item_code, criteria)),
        *_headers(group, spelled),
    ]
    return Card(
        code=item.item_code,
        name=item.name_zh,
        unit=UNITS.get(item.value_type, item.unit),
        sheet=SHEETS[item.sheet],
        group=group,
        purpose=item.used_by,
        spellings=(*spelled.names, *spelled.short),
        facts=tuple(facts),
        rules=reading,
    )


def figure_card(figure: ProfileFigure, rules: Iterable[RuleCard]) -> Card:
    """The card of a figure of the 概况表."""
    facts = [
        Fact("位置", profile_form().name_zh),
        *([Fact("单位", figure.unit)] if figure.unit else []),
        Fact("类型", FIGURE_KINDS[figure.kind]),
        Fact("留空", "可以"),
        Fact("合计", "各街道相加" if figure.additive else "不可相加"),
        *_headers("", Spellings(names=figure.aliases)),
    ]
    return Card(
        code=figure.figure_code,
        name=figure.name_zh,
        unit=figure.unit,
        sheet=profile_form().name_zh,
        group="",
        purpose="",
        spellings=figure.aliases,
        facts=tuple(facts),
        rules=_reading(figure.figure_code, rules),
    )


def _reading(item: str, rules: Iterable[RuleCard]) -> tuple[RuleCard, ...]:
    return tuple(sorted((rule for rule in rules if item in rule.items), key=lambda rule: rule.order))


def _place(item: Item) -> tuple[str, Spellings]:
    """The group over the item's header, and how the header may be spelled beside the item's name."""
    form = monthly_report_form()
    if item.sheet == "subdistrict":
        return "", Spellings(names=form.item_list.items.get(item.item_code, ()))
    group = _group(form.communities.groups, item.item_code)
    return (group.name, group.items[item.item_code]) if group else ("", Spellings())


def _group(groups: Iterable[Group], item: str) -> Group | None:
    return next((group for group in groups if item in group.items), None)


def _headers(group: str, spelled: Spellings) -> list[Fact]:
    found = [Fact("表头也可写", "、".join(spelled.names))] if spelled.names else []
    return found + ([Fact(f"在“{group}”下也可写", "、".join(spelled.short))] if spelled.short else [])


def _criteria(item: str, criteria: Iterable[StarCriterion]) -> list[str]:
    """The star criteria that read the item, each once for all schemes that share it."""
    reading = [c for c in criteria if item in (c.numerator_item, c.denominator_item)]
    return list(dict.fromkeys(_criterion(criterion) for criterion in reading))


def _criterion(one: StarCriterion) -> str:
    note = f"：{one.note_zh}" if one.note_zh else ""
    return f"{one.name_zh}{GLYPHS[one.operator]}{one.threshold}{one.unit}（{one.label}）{note}"
