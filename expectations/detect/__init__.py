"""Evaluates the expression rules of a month, vectorised, on an in-memory DuckDB over Arrow tables.

``columns`` writes one reference as SQL, ``sent`` and ``wide`` put all references of a scope beside each other,
``states`` decides each rule on them, ``engine`` runs it, ``counts`` counts. All arithmetic is on whole hundredths
(HUGEINT): exact, never out of range.
"""

from expectations.detect.engine import detect

__all__ = ["detect"]
