"""What a printed figure may have been meant to be: every value that one slip can explain, and every small count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import numpy as np

from expectations.localise.channel import candidates, log_likelihood
from expectations.localise.values import SLIP
from expectations.printed.sheet import Cell, Sheet
from ingest.reference import profile_figures

Place = tuple[str, str]  # figure, unit: one cell
SMALL = 60  # counts up to this are all tried: most printed counts are of people in a team or of communities
LARGEST_RATIO = 3  # a printed figure is hardly ever off by more: it would be seen
COPIED = 0.3  # share of slips in which the neighbour's figure was typed again
LEFT_BLANK = 0.02  # how often a figure that is not 0 is left blank


def alternatives(sheet: Sheet, place: Place) -> Iterator[tuple[Cell, float]]:
    """Other values of a cell, each with log P(it was meant, and what is printed came of one slip)."""
    cell = sheet.cells.get(place)
    if cell is None:
        figure = next(f for f in profile_figures() if f.figure_code == place[0])
        blank = Cell(figure, "", Decimal(0), None, Decimal(1), "exact")
        yield from ((_reprinted(blank, value), float(np.log(LEFT_BLANK / SMALL))) for value in range(1, SMALL))
        return
    if cell.qualifier != "exact" or cell.value_to is not None:
        return
    typed = int(cell.value / cell.step)
    copied = {
        int(c.value / cell.step) for (code, unit), c in sheet.cells.items() if unit == place[1] or code == place[0]
    }
    options = set(candidates(np.array([typed]))[0].tolist()) | set(range(SMALL)) | copied
    likely = sorted(v for v in options if v != typed and 0 <= v <= LARGEST_RATIO * max(typed, SMALL))
    slip = log_likelihood(np.full(len(likely), typed), np.array(likely), np.full(len(likely), np.nan))
    for value, score in zip(likely, slip.tolist(), strict=True):
        again = np.log(COPIED / len(copied)) if typed in copied and value not in copied else -np.inf
        yield _reprinted(cell, value), float(np.log(SLIP) + np.logaddexp(score, again))


def _reprinted(cell: Cell, steps: int) -> Cell:
    value = steps * cell.step
    percent = "%" if cell.figure.unit == "%" else ""
    return replace(cell, value=value, text=f"{value.normalize():f}{percent}")
