"""The 合计 row against its ten communities: one of the eleven figures is wrong, unseen by any rule of its own row.

Beside what is reached stands what nobody can beat: ``perfect``.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from benchmarks.editing.form import Ints
from benchmarks.editing.perfect import Asked, log_blame
from benchmarks.editing.province import CELLS, MONEY, PER_SUBDISTRICT, Years, codes
from benchmarks.editing.slips import KINDS, Slips
from expectations.catalogue import load_catalogue
from expectations.localise.beliefs import Beliefs
from expectations.localise.records import Sheet
from expectations.localise.totals import Blame, Question, blame
from expectations.localise.verification import Verification
from ingest.reference import items

ADDITIVE = tuple(CELLS.index(item.item_code) for item in items() if item.item_code in CELLS and item.additive)
ONE_CELL = ("digit", "transposed", "dropped", "inserted", "ten_times", "tenth", "yuan_in_a_cell", "sign",
            "copied_month", "rounded", "out_of_nowhere", "copied_neighbour")  # fmt: skip
SHARE_WRONG = 0.2  # of the sub-districts
TRIES = 60


@dataclass(frozen=True)
class Planted:
    """What was done to a sub-district: which item, in which community's row (None: the 合计 row), from which figure."""

    item: str
    part: int | None
    true: int


@dataclass
class Ranks:
    """By kind of place and for "all": how often the wrong figure stood first, among the first three, first with its
    value right, and the sum of the confidences in the first; ``perfect`` is how often perfect knowledge of the
    generator has it first.
    """

    asked: Counter[str] = field(default_factory=Counter)
    first: Counter[str] = field(default_factory=Counter)
    third: Counter[str] = field(default_factory=Counter)
    value: Counter[str] = field(default_factory=Counter)
    perfect: Counter[str] = field(default_factory=Counter)
    confidence: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def add(self, reasons: list[Blame], unit: str | None, true: int) -> None:
        rank = [reason.unit for reason in reasons].index(unit)
        for kind in _kinds(unit):
            self.asked[kind] += 1
            self.first[kind] += rank == 0
            self.third[kind] += rank < 3
            self.value[kind] += rank == 0 and reasons[0].value == true
            self.confidence[kind] += reasons[0].probability

    def add_perfect(self, before: int, unit: str | None) -> None:
        for kind in _kinds(unit):
            self.perfect[kind] += before == 0


def _kinds(unit: str | None) -> tuple[str, str]:
    return "合计 row" if unit is None else "community", "all"


def measure(count: int, month: date, draw: np.random.Generator) -> Ranks:
    """``count`` communities in ``month``; every sub-district that was tampered with is asked once."""
    years, catalogue = Years.drawn(count, month, draw), load_catalogue(None)
    tamperer = Tamperer(years, draw)
    planted = dict(tamperer.plant())
    inputs = years.inputs(tamperer.typed)
    sheet = Sheet.read(inputs, catalogue, "community")
    ranks, (communities, subdistricts) = Ranks(), codes(count)
    questions = [
        Question(was.item, subdistricts[place * PER_SUBDISTRICT], int(tamperer.totals[place, CELLS.index(was.item)]))
        for place, was in planted.items()
    ]
    blamed = blame(Verification.read(inputs, catalogue, Beliefs.of(sheet), "community"), questions, {})
    for (place, was), reasons in zip(planted.items(), blamed, strict=True):
        unit = None if was.part is None else communities[was.part]
        ranks.add(reasons, unit, was.true)
        ranks.add_perfect(_places_before(tamperer, place, was), unit)
    return ranks


def _places_before(tamperer: Tamperer, place: int, was: Planted) -> int:
    """How many of the eleven figures perfect knowledge holds for likelier than the one that is wrong."""
    cell = CELLS.index(was.item)
    rows = slice(place * PER_SUBDISTRICT, (place + 1) * PER_SUBDISTRICT)
    below = np.roll(tamperer.typed[:, cell], -1)[rows], np.roll(tamperer.totals[:, cell], -1)[place]
    years = tamperer.years
    history = years.last[rows], years.levels[:, rows], years.january
    asked = Asked(cell, tamperer.typed[rows], *history, int(tamperer.totals[place, cell]), *below)
    scores = log_blame(asked, cell in MONEY and len(CELLS) / len(MONEY), tamperer.successes)
    possible = [not tamperer.seen(row, record) for record, row in enumerate(asked.as_meant(), start=rows.start)]
    scores[:-1] = np.where(possible, scores[:-1], -np.inf)
    return int((scores > scores[-1 if was.part is None else was.part - rows.start]).sum())


class Tamperer:
    """Writes slips into copies of true rows and of their sums."""

    def __init__(self, years: Years, draw: np.random.Generator) -> None:
        self.years, self.draw, self.last = years, draw, years.last
        self.typed, self.totals = years.true.copy(), _sums(years.true)
        self.clean = Sheet.read(years.inputs(years.true), load_catalogue(None), "community")
        self.order = [CELLS.index(cell) for cell in self.clean.compiled.system.cells]
        self.tries, self.done = Counter[bool](), Counter[bool]()

    def plant(self) -> Iterator[tuple[int, Planted]]:
        """(sub-district, what was done to it); each of its eleven rows is as likely to be the wrong one."""
        sums = _sums(self.last)
        chosen = self.draw.choice(len(self.totals), round(len(self.totals) * SHARE_WRONG), replace=False)
        for place in chosen.tolist():
            part = int(self.draw.integers(PER_SUBDISTRICT + 1))
            record = None if part == PER_SUBDISTRICT else place * PER_SUBDISTRICT + part
            rows, last, line = (self.totals, sums, place) if record is None else (self.typed, self.last, record)
            was = rows[line].copy()
            cell = self._slip(rows, last, line, record)
            if cell is not None:
                yield place, Planted(CELLS[cell], record, int(was[cell]))

    def _slip(self, rows: Ints, last: Ints, line: int, record: int | None) -> int | None:
        """The additive cell of ``rows[line]`` that was changed unseen; None where no try succeeded."""
        slips = Slips(rows, last, [], MONEY, self.draw)
        for _ in range(TRIES):
            self.tries[record is None] += 1
            row = rows[line].copy()
            KINDS[str(self.draw.choice(ONE_CELL))](slips, row, line)
            changed = np.flatnonzero(row != rows[line]).tolist()
            if len(changed) == 1 and changed[0] in ADDITIVE and not (record is not None and self.seen(row, record)):
                rows[line] = row
                self.done[record is None] += 1
                return int(changed[0])
        return None

    @property
    def successes(self) -> tuple[float, float]:
        """The share of tries that changed a community's figure unseen, and of those that changed a total."""
        of_part, of_total = (self.done[total] / max(self.tries[total], 1) for total in (False, True))
        return of_part, of_total

    def seen(self, row: Ints, record: int) -> bool:
        """Whether a rule of the community's own row is broken."""
        constants = self.clean.frame.batch.constants[record]
        return bool(self.clean.compiled.system.violated(row[None, self.order], constants[None]).any())


def _sums(rows: Ints) -> Ints:
    return rows.reshape(-1, PER_SUBDISTRICT, rows.shape[1]).sum(axis=1)
