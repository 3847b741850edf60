"""What is wrong with the catalogue itself: rules that contradict or repeat one another, items that nothing reads.

Here belongs what can be said without any data. How often a rule would be violated belongs to ``rehearsal``.
"""

from expectations.lint.report import Report, lint

__all__ = ["Report", "lint"]
