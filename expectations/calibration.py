"""How far stated confidences can be believed: one monotone correction of them, fitted from what senders accepted.

Here belong the fit, its file and how it is applied. Which suggestions were right is decided in
``marts.suggestion_outcomes``; how likely the model finds a reading, in ``expectations.localise``.
"""

from __future__ import annotations

import csv
import io
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Annotated, NamedTuple

from pydantic import Field

from ingest.data_root import DataRoot
from ingest.raw.store import write_bytes
from ingest.reference import ReferenceTableError, read_rows, read_table
from ingest.reference.models import ConfidenceBand, Row

DIGITS = Decimal("0.000001")

Share = Annotated[Decimal, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0)]


@dataclass(frozen=True)
class CalibrationPoint(Row):
    """``confidence`` as the model has it is to be stated as ``corrected``; so many ``suggestions`` were ``right``."""

    confidence: Annotated[Decimal, Field(gt=0, le=1)]
    corrected: Share
    suggestions: Count
    right: Count


class Outcome(NamedTuple):
    """A suggestion of the past: how probable the model found it, and whether the sender's correction agreed."""

    probability: Decimal
    right: bool


@dataclass(frozen=True)
class Correction:
    """Straight lines between (0, 0), ``points`` (ascending in both) and (1, 1); without points nothing is changed."""

    points: tuple[tuple[float, float], ...] = ()

    def __call__(self, probability: float) -> float:
        """The confidence to be stated, to four decimals."""
        probability = min(probability, 1.0)  # a sum of shares ends a few 1e-16 above 1
        line = ((0.0, 0.0), *self.points, (1.0, 1.0))
        upper = max(1, bisect_left([x for x, _ in line], probability))
        (x0, y0), (x1, y1) = line[upper - 1], line[upper]
        return round(y0 + (y1 - y0) * (probability - x0) / (x1 - x0), 4)


def calibration_file(root: DataRoot) -> Path:
    """Where a deployment keeps its correction; it has none before it writes one."""
    return root.reference / "calibration.csv"


def read_correction(root: DataRoot) -> Correction:
    """The deployment's correction. Raises ReferenceTableError where its file is wrong."""
    path = calibration_file(root)
    points = read_rows(path, CalibrationPoint) if path.exists() else ()
    for line, (one, following) in enumerate(pairwise(points), start=3):
        if one.confidence >= following.confidence or one.corrected > following.corrected:
            raise ReferenceTableError(f"{path} 第 {line} 行：confidence 须逐行变大，corrected 不得变小")
    return Correction(tuple((float(p.confidence), float(p.corrected)) for p in points))


def write_calibration(root: DataRoot, points: Iterable[CalibrationPoint]) -> Path:
    """Put ``points`` into force: they are part of the identity of every evaluation."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(field.name for field in fields(CalibrationPoint))
    writer.writerows(astuple(point) for point in points)
    write_bytes(calibration_file(root), text.getvalue().encode())
    return calibration_file(root)


def read_edges(root: DataRoot) -> tuple[Decimal, ...]:
    """The ends of the bands in which confidences are looked at together, from the lowest to 1."""
    bands = (row for row in read_table(root, "confidence_bands") if isinstance(row, ConfidenceBand))
    return (*sorted(band.low for band in bands), Decimal(1))


def fit(outcomes: Iterable[Outcome], edges: Sequence[Decimal], prior: int) -> tuple[CalibrationPoint, ...]:
    """One point for each band between ``edges``, and one at 1; exact, so the same outcomes give the same file.

    A band moves by the mean of right − probability, as if ``prior`` more outcomes had been just as probable as stated;
    neighbours that would then cross are pooled.
    """
    bands: list[list[Outcome]] = [[] for _ in pairwise(edges)]
    for outcome in outcomes:
        bands[min(bisect_right(edges, outcome.probability), len(bands)) - 1].append(outcome)
    # The upper end moves with the last band, or 1.0 would be stated for ever.
    places = [*((low + high) / 2 for low, high in pairwise(edges)), edges[-1]]
    moving = [*bands, bands[-1]]
    moved = [place + _excess(band, prior) for place, band in zip(places, moving, strict=True)]
    levels = _ascending(moved, [Decimal(prior + len(band)) for band in moving])
    return tuple(
        CalibrationPoint(
            confidence=place,
            corrected=max(Decimal(0), min(Decimal(1), level)).quantize(DIGITS),
            suggestions=len(band),
            right=sum(outcome.right for outcome in band),
        )
        for place, level, band in zip(places, levels, [*bands, []], strict=True)
    )


def _excess(band: list[Outcome], prior: int) -> Decimal:
    """How much more often its suggestions were right than the model thought."""
    return sum((outcome.right - outcome.probability for outcome in band), Decimal(0)) / (prior + len(band))


def _ascending(values: Sequence[Decimal], weights: Sequence[Decimal]) -> list[Decimal]:
    """The nearest sequence that never falls (pool adjacent violators), by weighted squares."""
    pools: list[tuple[Decimal, Decimal, int]] = []
    for value, weight in zip(values, weights, strict=True):
        pool = (value, weight, 1)
        while pools and pools[-1][0] > pool[0]:
            before = pools.pop()
            total = before[1] + pool[1]
            pool = ((before[0] * before[1] + pool[0] * pool[1]) / total, total, before[2] + pool[2])
        pools.append(pool)
    return [value for value, _, count in pools for _ in range(count)]
