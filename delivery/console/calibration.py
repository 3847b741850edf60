"""How far suggestions could be believed so far, and what is to be stated from now on."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

import duckdb
from rich.console import Console

from delivery.console.screen import new_table

if TYPE_CHECKING:
    from expectations.calibration import CalibrationPoint

# What several rules suggested alike about one version is one outcome.
_QUERY = """
    select max(probability), bool_or(is_right)
    from marts.suggestion_outcomes
    where is_answered
    group by submission_id, reading_values
    order by submission_id, reading_values
"""


def outcomes(connection: duckdb.DuckDBPyConnection) -> list[tuple[Decimal, bool]]:
    """The model's probability of each suggestion that a correction answered, and whether it was right."""
    return [(Decimal(str(probability)), right) for probability, right in connection.execute(_QUERY).fetchall()]


def print_points(console: Console, points: Sequence[CalibrationPoint]) -> None:
    """A line for each point of the correction."""
    table = new_table("把握的校准：模型给出的把握，以后写成多少")
    for name in ("模型的把握", "写成", "有答复的建议", "其中正确"):
        table.add_column(name, justify="right")
    for point in points:
        table.add_row(
            f"{point.confidence.normalize():f}", f"{point.corrected:.4f}", str(point.suggestions), str(point.right)
        )
    console.print(table)
