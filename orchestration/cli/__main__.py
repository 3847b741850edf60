"""``python -m orchestration.cli``: the same as ``wuxing``."""

from orchestration.cli import main

main()
