"""Writes many cell addresses of one sheet as one short text: ``P7,Q7,R7``, ``D5:D14``."""

from __future__ import annotations

import re
from collections.abc import Iterable

ADDRESS = re.compile(r"([A-Z]+)(\d+)")


def joined(addresses: Iterable[str]) -> str:
    """Addresses in reading order of columns, each once; cells below one another become a range."""
    plain: dict[str, set[int]] = {}
    others: list[str] = []
    for address in dict.fromkeys(addresses):
        match = ADDRESS.fullmatch(address)
        if match:
            plain.setdefault(match[1], set()).add(int(match[2]))
        else:
            others.append(address)
    columns = sorted(plain, key=lambda letters: (len(letters), letters))
    return ",".join([*(run for letters in columns for run in _runs(letters, sorted(plain[letters]))), *others])


def _runs(letters: str, rows: list[int]) -> list[str]:
    runs: list[list[int]] = []
    for row in rows:
        if runs and row == runs[-1][-1] + 1:
            runs[-1].append(row)
        else:
            runs.append([row])
    return [f"{letters}{run[0]}" + (f":{letters}{run[-1]}" if len(run) > 1 else "") for run in runs]
