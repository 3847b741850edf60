"""The three kinds of rule pages."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from delivery.desk.rules.current import current_rulebook
from delivery.desk.rules.executions import last_executions
from delivery.desk.rules.formulas import Part, parts
from delivery.desk.rules.search import find_cards, find_rules
from expectations.catalogue.cards import Card, Rulebook, RuleCard
from expectations.catalogue.cards.words import FORMULAS_EXPLAINED, LEVELS_EXPLAINED, PROFILE_EXPLAINED

LONGEST_QUERY = 60  # the longest header spelling has half as many characters


class Section(NamedTuple):
    """The cards of a sheet, by the groups of its header."""

    title: str
    anchor: str
    groups: list[tuple[str, list[Card]]]

    @property
    def size(self) -> int:
        return sum(len(cards) for _, cards in self.groups)


class Shown(NamedTuple):
    """A rule, with the formulas that a page shows of it."""

    rule: RuleCard
    formulas: list[list[Part]]


def index(request: HttpRequest) -> HttpResponse:
    """All items and figures, or those that ``?q=`` may mean."""
    book = _book()
    query = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    return _page(
        request,
        "rules/index.html",
        book,
        query=query,
        sections=_sections(find_cards(book.cards.values(), query)),
        whole_report=[] if query else _shown(book, book.whole_report),
        found_rules=_shown(book, find_rules(book, query)),
        explained=[LEVELS_EXPLAINED, FORMULAS_EXPLAINED, f"概况表：{PROFILE_EXPLAINED}"],
    )


def item(request: HttpRequest, code: str) -> HttpResponse:
    """The card of one item or figure."""
    book = _book()
    card = book.cards.get(code.upper())
    if card is None:
        raise Http404(f"没有编号为 {code} 的指标")
    if card.code != code:
        return redirect("item", card.code, permanent=True)
    before, after = _neighbours(book, card)
    shown = [Shown(rule, [parts(text, book.cards) for text in rule.formulas_of(code)]) for rule in card.rules]
    return _page(request, "rules/item.html", book, card=card, rules=shown, before=before, after=after)


def rule(request: HttpRequest, code: str) -> HttpResponse:
    """One rule, with how it fared when it was last asked."""
    book = _book()
    card = book.rule_cards.get(code.upper())
    if card is None:
        raise Http404(f"没有编号为 {code} 的规则")
    if card.code != code:
        return redirect("rule", card.code, permanent=True)
    executions = last_executions(settings.DATA_ROOT)
    return _page(
        request,
        "rules/rule.html",
        book,
        shown=_shown(book, [card])[0],
        cards=[one for one in book.cards.values() if one.code in card.items],
        published=executions is not None,
        execution=(executions or {}).get(card.code),
    )


def _book() -> Rulebook:
    return current_rulebook(settings.DATA_ROOT)


def _page(request: HttpRequest, template: str, book: Rulebook, **context: Any) -> HttpResponse:
    return render(request, template, {"version": book.version, **context})


def _sections(cards: Iterable[Card]) -> list[Section]:
    """Cards stand in the order of their sheets, so that each sheet and group is one run."""
    sheets = [(sheet, list(run)) for sheet, run in groupby(cards, attrgetter("sheet"))]
    return [
        Section(sheet, f"sheet-{place}", [(group, list(run)) for group, run in groupby(run, attrgetter("group"))])
        for place, (sheet, run) in enumerate(sheets, start=1)
    ]


def _shown(book: Rulebook, rules: Iterable[RuleCard]) -> list[Shown]:
    return [Shown(rule, [parts(formula.text, book.cards) for formula in rule.formulas]) for rule in rules]


def _neighbours(book: Rulebook, card: Card) -> tuple[Card | None, Card | None]:
    """The cards before and after, in the order of the index."""
    cards = list(book.cards.values())
    place = cards.index(card)
    return (cards[place - 1] if place else None), (cards[place + 1] if place + 1 < len(cards) else None)
