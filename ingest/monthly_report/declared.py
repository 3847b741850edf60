"""Which month and which sub-district a workbook says it is for, and what to do where it contradicts itself."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import NamedTuple

from ingest.files.grid import Sheet, Value, address, is_blank, text_of
from ingest.files.look import FileRefused
from ingest.forms.load import monthly_report_form
from ingest.forms.spelling import spell
from ingest.kept import Kept
from ingest.problems import Place, Problem, problem
from ingest.units import Register, spell_code
from ingest.values.month import Month, find_month, find_month_in_title
from ingest.values.text import compact, plain

FEWEST_LABELS = 2
Label = tuple[str, Value, Place]  # which of the cover's labels, its value, and where that stands


class Said(NamedTuple):
    """A month or a unit that stands somewhere: ``source`` in Chinese, the cell, and the text."""

    source: str
    place: Place
    text: str
    month: Month | None = None
    unit_code: str | None = None


@dataclass
class Declared:
    """All that a workbook says about itself."""

    months: list[Said] = field(default_factory=list)
    units: list[Said] = field(default_factory=list)
    unknown_units: list[Said] = field(default_factory=list)
    template_version: str | None = None
    has_cover: bool = False


def is_cover(labels: list[Label]) -> bool:
    return len({label for label, *_ in labels}) >= FEWEST_LABELS


@cache
def _labels() -> dict[str, str]:
    """The labels of a cover by their spellings."""
    return {spell(text): label for label, texts in monthly_report_form().cover.labels.items() for text in texts}


def _labelled(text: str) -> tuple[str, str] | None:
    """The label that a text begins with, and what stands behind its colon."""
    before, _, after = plain(text).partition(":")
    label = _labels().get(spell(before))
    return None if label is None else (label, after.strip())


_known_labels = Kept(_labelled)


def labels_in(sheet: Sheet) -> list[Label]:
    """Each label of a cover that stands in the sheet, with the value to its right or after its colon."""
    found: list[Label] = []
    for row, cells in enumerate(sheet.rows):
        for column, text in sheet.texts[row]:
            labelled = _known_labels[text]
            if labelled is None:
                continue
            label, after = labelled
            right = None if after else next((i for i in range(column + 1, len(cells)) if not is_blank(cells[i])), None)
            if after or right is not None:
                index = column if right is None else right
                found.append((label, after or cells[index], Place(sheet.name, address(row, index))))
    return found


def read_cover(labels: list[Label], register: Register, declared: Declared) -> None:
    """Add what the cover says."""
    declared.has_cover = True
    for label, value, place in labels:
        text = text_of(value)
        if label == "month":
            declared.months.append(Said("封面", place, text, month=find_month(value)))
        elif label == "template_version":
            declared.template_version = text.strip()
        elif label in ("unit_code", "unit_name"):
            code = _code_of(label, text, register)
            said = Said("封面", place, text, unit_code=code)
            (declared.units if code else declared.unknown_units).append(said)


def cover_month(labels: list[Label]) -> date | None:
    """The month that the cover names."""
    months = [find_month(value) for label, value, _ in labels if label == "month"]
    return next((month.first for month in months if month), None)


def title_month(sheet: Sheet, first_row: int) -> date | None:
    """The month in the rows above a table."""
    months = [find_month_in_title(text) for row in sheet.texts[:first_row] for _, text in row]
    return next((month.first for month in months if month), None)


def _code_of(label: str, text: str, register: Register) -> str | None:
    if label == "unit_code":
        unit = register.ever(spell_code(text))
        return unit.unit_code if unit is not None and unit.level == "subdistrict" else None
    found = register.named_in(text, "subdistrict")
    return found.unit_code if found else None


def read_titles(sheet: Sheet, rows: range, source: str, register: Register, declared: Declared) -> None:
    """Add what the title and the unit row above a table say."""
    for row in rows:
        for column, value in sheet.texts[row]:
            if is_blank(value):
                continue
            text, place = compact(value), Place(sheet.name, address(row, column))
            where = "单位行" if "报告期" in text or "填报单位" in text else source
            month = find_month_in_title(value)
            unit = register.named_in(text, "subdistrict")
            if month is not None:
                declared.months.append(Said(where, place, value.strip(), month=month))
            if unit is not None:
                declared.units.append(Said(where, place, value.strip(), unit_code=unit.unit_code))


def decide_month(declared: Declared) -> tuple[date, list[Problem]]:
    """The month, and what is to be said about it. Raises FileRefused where it is unknown or outvoted."""
    said = [each for each in declared.months if each.month is not None]
    unread = [each for each in declared.months if each.month is None]
    if not said:
        raise FileRefused("month_unknown")
    chosen = said[0].month.first if said[0].month else date.min
    votes = Counter(each.month.first for each in said if each.month)
    others = [votes[month] for month in votes if month != chosen]
    listed = "、".join(f"{each.source} {each.month.first:%Y-%m}" for each in said if each.month) if others else ""
    if others and max(others) >= votes[chosen]:
        raise FileRefused("month_contradicts", text=listed)
    return chosen, list(_month_problems(said, unread, chosen, listed))


def _month_problems(said: list[Said], unread: list[Said], chosen: date, listed: str) -> list[Problem]:
    value, problems = f"{chosen:%Y-%m}", []
    if listed:
        different = next(each for each in said if each.month and each.month.first != chosen)
        problems.append(problem("month_differs", different.place, different.text, value, said=listed))
    for each in unread:
        problems.append(problem("month_unreadable", each.place, each.text, value))
    for each in said:
        if each.month and each.month.is_range:
            problems.append(problem("month_range", each.place, each.text, value))
        elif each.source == "封面" and each.text != f"{chosen.year}年{chosen.month}月":
            problems.append(problem("month_written_differently", each.place, each.text, value))
    return problems


def decide_unit(declared: Declared, rows_of: Counter[str], register: Register) -> tuple[str, list[Problem]]:
    """The sub-district; ``rows_of`` counts the recognised community rows of each. Raises FileRefused."""
    codes = list(dict.fromkeys(said.unit_code for said in declared.units if said.unit_code))
    if not codes:
        return _unit_of_rows(declared, rows_of, register)
    chosen = max(codes, key=lambda code: (rows_of[code], -codes.index(code)))
    if rows_of and not rows_of[chosen]:
        found, count = rows_of.most_common(1)[0]
        raise FileRefused(
            "unit_contradicts", declared=_name(codes[0], register), found=_name(found, register), count=str(count)
        )
    if len(codes) == 1 and not declared.unknown_units:
        return chosen, []
    odd = next((said for said in declared.units if said.unit_code != chosen), None) or declared.unknown_units[0]
    texts = "、".join(dict.fromkeys(f"{s.source}“{s.text}”" for s in [*declared.units, *declared.unknown_units]))
    return chosen, [problem("unit_differs", odd.place, odd.text, _name(chosen, register), said=texts)]


def _unit_of_rows(declared: Declared, rows_of: Counter[str], register: Register) -> tuple[str, list[Problem]]:
    if not rows_of or declared.unknown_units:
        raise FileRefused("unit_unknown")
    chosen = rows_of.most_common(1)[0][0]
    return chosen, [problem("unit_from_communities", Place(unit_code=chosen), None, _name(chosen, register))]


def _name(code: str, register: Register) -> str:
    unit = register.ever(code)
    return unit.unit_name if unit else code
