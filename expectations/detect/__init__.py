"""Evaluates the expression rules of a month, vectorised, on an in-memory DuckDB over Arrow tables.

``columns`` writes one reference as SQL, ``wide`` puts all references of a scope beside each other, ``states`` decides
each rule on them, ``engine`` runs it and counts. All arithmetic is on whole hundredths (HUGEINT): exact, never out of
range.
"""

from expectations.detect.engine import detect

__all__ = ["detect"]
