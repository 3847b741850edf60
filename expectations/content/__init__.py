"""Is a submission a report at all? Empty, all zeros, a copy of last month's, or half of one, over its whole content.

Single blank cells do not belong here (``structure``), nor what single figures say (``detect``).
"""

from expectations.content.check import check_content

__all__ = ["check_content"]
