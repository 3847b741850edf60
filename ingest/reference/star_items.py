"""Which stars read an item: looked up from the criteria, never judged; that is dbt's business."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from ingest.data_root import DataRoot
from ingest.reference.load import read_table
from ingest.reference.models import StarCriterion, StarScheme


def star_items(root: DataRoot, month: date) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """(scheme, item) → the names of the stars whose criteria read the item in ``month``, in the order of the stars."""
    names = {
        (row.star_scheme, row.star): (row.star_order, row.name_zh)
        for row in read_table(root, "star_schemes")
        if isinstance(row, StarScheme) and row.holds_on(month)
    }
    found: dict[tuple[str, str], set[tuple[int, str]]] = {}
    for row in read_table(root, "star_criteria"):
        if isinstance(row, StarCriterion) and row.holds_on(month):
            for item in filter(None, (row.numerator_item, row.denominator_item)):
                found.setdefault((row.star_scheme, item), set()).add(names[row.star_scheme, row.star])
    return {key: tuple(name for _, name in sorted(stars)) for key, stars in found.items()}
