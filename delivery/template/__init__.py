"""The monthly workbook as we hand it out: last month's values filled in, what may be filled open, the rest locked.

Here belong its layout, which ``examples.synthetic`` shares, and the checks and notes in its cells. What a header may be
called when it comes back is ``ingest/forms``' affair; which figures are believable is the rule catalogue's.
"""

from delivery.template.write import NoUnit, template

__all__ = ["NoUnit", "template"]
