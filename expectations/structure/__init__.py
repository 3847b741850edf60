"""Great Expectations over the month's batch: presence, ranges, choices, keys and completeness, with Data Docs.

Suites are generated from the catalogue's structure rules. Rules over several operands do not belong here: the rule
engine evaluates them, and repeating its violations as expectations would say the same twice, without the arithmetic.
"""

from expectations.structure.evaluate import SuiteResult, evaluate_structure

__all__ = ["SuiteResult", "evaluate_structure"]
