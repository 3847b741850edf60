"""From a number in a mart back to workbook, sheet and cell, the text as sent, and what was done to it.

Here belongs the way back through the published release and raw; nothing is computed anew but the sums that are shown to
be the published ones. What a mart means is described in ``dbt_project``.
"""

from delivery.trace.run import trace
from delivery.trace.steps import CannotTrace, Step

__all__ = ["CannotTrace", "Step", "trace"]
