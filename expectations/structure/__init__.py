"""Great Expectations over a batch of months: presence, ranges, choices, keys and completeness, with Data Docs.

Suites are generated from the catalogue's structure rules. Rules over several operands do not belong here: the rule
engine evaluates them, and repeating its violations as expectations would say the same twice, without the arithmetic.
"""

from expectations.structure.evaluate import StructureInputs, SuiteResult, evaluate_structure

__all__ = ["StructureInputs", "SuiteResult", "evaluate_structure"]
