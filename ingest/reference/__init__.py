"""Reference tables: reviewed data that ships with the project, or a deployment's own copy in ``reference/``."""

from ingest.reference.load import (
    REFERENCE_TABLES,
    ReferenceTableError,
    items,
    profile_figures,
    read_rows,
    read_table,
    read_units,
    star_criteria,
)
from ingest.reference.models import (
    CadreBand,
    CadreGroup,
    DueDay,
    Item,
    ProfileFigure,
    StarCriterion,
    StarScheme,
    Unit,
)

__all__ = [
    "REFERENCE_TABLES",
    "CadreBand",
    "CadreGroup",
    "DueDay",
    "Item",
    "ProfileFigure",
    "ReferenceTableError",
    "StarCriterion",
    "StarScheme",
    "Unit",
    "items",
    "profile_figures",
    "read_rows",
    "read_table",
    "read_units",
    "star_criteria",
]
