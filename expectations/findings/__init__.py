"""From what evaluators and ingest said to findings: sentences with numbers, cells, and what follows from what.

Evaluating rules does not belong here (``detect``, ``structure``, ``printed``), nor what becomes of a finding.
"""

from expectations.findings.collect import collect
from expectations.findings.model import Finding

__all__ = ["Finding", "collect"]
