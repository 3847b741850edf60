"""The register of units: which unit a code or a name means in a month.

Here belongs looking units up; whether a row may be loaded does not.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from ingest.files.grid import Value
from ingest.kept import Kept
from ingest.reference import Unit
from ingest.succession import Succession
from ingest.values.text import compact

CODE = re.compile(r"\d{12}")
SUBDISTRICT_SUFFIXES = ("街道办事处", "街道", "镇人民政府", "镇", "乡")
SHORTEST_NAME_IN_TEXT = 2
SHORTEST_NAME_WITH_A_SLIP = 3  # of two characters one wrong is another name


def spell_code(text: str) -> str:
    """The digits of a code however it was written; the text itself where other characters than separators are in it."""
    if text.isascii() and text.isdigit():
        return text
    plain = re.sub(r"[\s\-·.'’]", "", compact(text))
    return plain if plain.isdigit() else compact(text)


def resembles(text: str, unit: Unit) -> bool:
    """Whether ``text`` may be a slip for the unit's name: it holds it, or differs from it by one character."""
    plain = compact(text)
    names = [compact(name) for name in (unit.unit_name, *unit.aliases)]
    return any((len(name) >= SHORTEST_NAME_IN_TEXT and name in plain) or _one_edit_apart(plain, name) for name in names)


def _one_edit_apart(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) < SHORTEST_NAME_WITH_A_SLIP or len(longer) - len(shorter) > 1:
        return False
    if len(shorter) == len(longer):
        return sum(left != right for left, right in zip(one, other, strict=True)) == 1
    return any(longer[:place] + longer[place + 1 :] == shorter for place in range(len(longer)))


class Names:
    """The units of one level by name and alias."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self.units: dict[str, list[Unit]] = defaultdict(list)
        for unit in units:
            for name in {unit.unit_name, *unit.aliases}:
                self.units[compact(name)].append(unit)
        lengths = {length for length in map(len, self.units) if length >= SHORTEST_NAME_IN_TEXT}
        self.lengths = sorted(lengths, reverse=True)  # of names that may be looked for in a text


class Register:
    """All versions of all units; the methods take the month for which they ask."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self.versions: dict[str, list[Unit]] = defaultdict(list)
        self.below: dict[str, list[Unit]] = defaultdict(list)
        self.of_level: dict[str, list[Unit]] = defaultdict(list)
        # By level, when first asked: communities are mostly sent with their codes, and a province has 50,000.
        self.names: Kept[str, Names] = Kept(lambda level: Names(self.of_level[level]))
        for unit in units:
            self.versions[unit.unit_code].append(unit)
            self.below[unit.parent_code or ""].append(unit)
            self.of_level[unit.level].append(unit)

    def get(self, code: str, month: date) -> Unit | None:
        """The version of the unit that holds in ``month``."""
        for unit in self.versions.get(code, ()):
            if unit.holds_on(month):
                return unit
        return None

    def community(self, code: Value, name: Value) -> Unit | None:
        """The community that has, or had, exactly this code and name."""
        for unit in self.versions.get(code, ()) if isinstance(code, str) else ():
            if unit.unit_name == name and unit.level == "community":
                return unit
        return None

    def ever(self, code: str) -> Unit | None:
        """The latest version of the unit, whether or not it still holds."""
        versions = self.versions.get(code)
        return max(versions, key=lambda unit: unit.valid_from) if versions else None

    def by_name(self, name: str, month: date, level: str) -> list[Unit]:
        """The units of a level that have this name or alias in ``month``."""
        found = self.names[level].units.get(compact(name), ())
        return [unit for unit in found if unit.holds_on(month)]

    def children(self, parent_code: str, month: date) -> list[Unit]:
        """The units directly below a unit in ``month``, by code."""
        holding = [unit for unit in self.below.get(parent_code, ()) if unit.holds_on(month)]
        return sorted(holding, key=lambda unit: unit.unit_code)

    def members(self, series: str, month: date) -> list[Unit]:
        """The units of a series (``Succession.series``) in ``month``."""
        known = Succession(unit for versions in self.versions.values() for unit in versions).series
        codes = {code for code, last in known.items() if last == series} or {series}
        return [unit for code in sorted(codes) if (unit := self.get(code, month))]

    def named_in(self, text: str, level: str) -> Unit | None:
        """The unit of a level whose name stands in ``text``, the longest name first; None where none or several do."""
        plain, known = compact(text), self.names[level].units
        for length in self.names[level].lengths:
            pieces = [plain[start : start + length] for start in range(len(plain) - length + 1)]
            codes = {unit.unit_code for piece in pieces if piece in known for unit in known[piece]}
            if codes:
                return self.ever(codes.pop()) if len(codes) == 1 else None
        return None

    def subdistrict_called(self, name: str, month: date) -> Unit | None:
        """The sub-district of a column header: its name, an alias, or its short name (甲 = 甲街道)."""
        plain = compact(name)
        candidates = [plain, *(plain + suffix for suffix in SUBDISTRICT_SUFFIXES)]
        for candidate in candidates:
            found = {unit.unit_code: unit for unit in self.by_name(candidate, month, "subdistrict")}
            if len(found) == 1:
                return next(iter(found.values()))
        return None

    def counties(self, month: date) -> list[Unit]:
        return list({unit.unit_code: unit for unit in self.of_level["county"] if unit.holds_on(month)}.values())
