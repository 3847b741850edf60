"""The console that tables are printed on: wide enough when piped, never a cut cell."""

from __future__ import annotations

import os
import sys

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

# A pipe has no width; 100 columns hold every table without wrapping a number, and fit a README.
PIPED_WIDTH = 100


def screen(to_stderr: bool = False) -> Console:
    """The user's console, on stdout unless told otherwise."""
    stream = sys.stderr if to_stderr else sys.stdout
    width = None if stream.isatty() else int(os.environ.get("COLUMNS") or PIPED_WIDTH)
    return Console(stderr=to_stderr, width=width, highlight=False, soft_wrap=False, emoji=False)


def new_table(title: str | None = None) -> Table:
    """An empty table in the project's style; its cells wrap where they are too wide."""
    return Table(title=title, box=SIMPLE_HEAD, title_justify="left", title_style="bold", pad_edge=False)
