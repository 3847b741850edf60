"""What was found out about a value, kept, because the cells and texts of a month repeat themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

MOST_KEPT = 20_000

Key = TypeVar("Key")
Found = TypeVar("Found")


class Kept(dict[Key, Found]):
    """``kept[key]`` is ``find(key)``, asked once. What ``find`` raises is raised each time.

    A dictionary, because ``map(kept.__getitem__, keys)`` looks thousands up without calling anything of Python's.
    """

    def __init__(self, find: Callable[[Key], Found]) -> None:
        super().__init__()
        self.find = find

    def __missing__(self, key: Key) -> Found:
        found = self.find(key)
        if len(self) >= MOST_KEPT:
            self.clear()
        self[key] = found
        return found
