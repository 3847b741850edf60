"""Colours the cells that take part in a finding and hangs a note on each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment

from delivery.console.words import SEVERITIES
from delivery.returns.originals import bounds
from delivery.returns.palette import fill
from delivery.returns.remarks import CELLS, Place, Remark
from delivery.spreadsheet.text import plain
from ingest.opinions import MARK

AUTHOR = "五星数仓"
# A finding on a whole column of a sheet of 5,000 rows would make the receipt slow to open.
CELLS_COLOURED = 2000
NOTE_WIDTH, NOTE_LINE, LINE_LENGTH = 340, 18, 24


_Position = tuple[str, int, int]  # sheet, row, column


@dataclass(frozen=True)
class _Mark:
    number: int
    remark: Remark
    suspected: bool

    @property
    def rank(self) -> tuple[int, bool]:
        return list(SEVERITIES).index(self.remark.severity), not self.suspected


def mark(book: Any, remarks: Sequence[Remark]) -> None:
    """Mark ``remarks``, numbered from 1, in the sheets of ``book``; a place that it does not have is left out."""
    coloured: dict[_Position, list[_Mark]] = {}
    noted: dict[_Position, list[_Mark]] = {}
    for number, remark in enumerate(remarks, start=1):
        for place, one in _marks(number, remark):
            positions = _positions(book, place)
            for position in positions:
                coloured.setdefault(position, []).append(one)
            for position in positions[:1]:
                noted.setdefault(position, []).append(one)
    for (title, row, column), marks in coloured.items():
        worst = min(marks, key=lambda one: one.rank)
        book[title].cell(row, column).fill = fill(worst.remark.severity, worst.suspected)
    for (title, row, column), marks in noted.items():
        _hang(book[title].cell(row, column), sorted(marks, key=lambda one: one.rank))


def _marks(number: int, remark: Remark) -> Iterator[tuple[Place, _Mark]]:
    """Where nothing is suspected, every cell that takes part is."""
    known = any(place.suspected for place in remark.places)
    for place in remark.places:
        yield place, _Mark(number, remark, place.suspected or not known)


def sheet_of(book: Any, place: Place) -> Any | None:
    """The sheet that ``place`` names; of a book with one sheet (a csv's twin) that one."""
    if place.sheet in book.sheetnames:
        return book[place.sheet]
    return book.worksheets[0] if len(book.worksheets) == 1 else None


def _positions(book: Any, place: Place) -> list[_Position]:
    """The cells of ``D5``, ``D5:D9`` or ``A5、A9``; of merged cells only the one that shows."""
    sheet = sheet_of(book, place)
    if sheet is None:
        return []
    found = [position for part in CELLS.finditer(place.cells) for position in _of_range(part[0].replace("$", ""))]
    found = found[:CELLS_COLOURED]
    shown = [position for position in found if not isinstance(sheet.cell(*position), MergedCell)]
    return [(sheet.title, *position) for position in shown or [_anchor(sheet, each) for each in found[:1]]]


def _of_range(cells: str) -> Iterator[tuple[int, int]]:
    left, top, right, bottom = bounds(cells)
    yield from ((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))


def _anchor(sheet: Any, position: tuple[int, int]) -> tuple[int, int]:
    coordinate = sheet.cell(*position).coordinate
    merged = next(part for part in sheet.merged_cells.ranges if coordinate in part)
    return merged.min_row, merged.min_col


def _hang(cell: Any, marks: Iterable[_Mark]) -> None:
    """Add our note to the cell; what the sender had noted there comes first and stays theirs."""
    text = plain(f"{MARK}" + "\n\n".join(_text(one) for one in marks))
    before, author = ("", AUTHOR) if cell.comment is None else (f"{cell.comment.text}\n\n", cell.comment.author)
    lines = sum(1 + len(line) // LINE_LENGTH for line in text.splitlines()) + 1
    cell.comment = Comment(before + text, author, height=min(lines, 40) * NOTE_LINE, width=NOTE_WIDTH)


def _text(one: _Mark) -> str:
    remark = one.remark
    lines = [f"第{one.number}条 {SEVERITIES[remark.severity]}", f"{remark.unit}：{remark.sentence}"]
    if remark.suggestion:
        lines.append(f"建议：{remark.suggestion}")
    return "\n".join([*lines, f"接受：{remark.accepted}"])
