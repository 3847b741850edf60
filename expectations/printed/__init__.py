"""Rules over printed figures: a percentage or a mean is an interval, and whole numbers must fit into it.

Here belong the kinds of rules of the 概况表 and the exact arithmetic behind them. Reading what is printed belongs to
ingest, the rules themselves to ``expectations/rules/profile.yml``.
"""

from expectations.printed.evaluate import evaluate_profile
from expectations.printed.models import PrintedRule, parse_rule

__all__ = ["PrintedRule", "evaluate_profile", "parse_rule"]
