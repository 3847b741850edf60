"""The ``wuxing`` command: a module per command, what they share beside them, no rule and no SQL over raw data."""

from orchestration.cli.group import main

__all__ = ["main"]
