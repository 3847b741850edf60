"""How often each rule ran, from the current release: counts over the whole county, never a unit's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from delivery.published import connect
from ingest.data_root import DataRoot

LATEST = """
    select rule_code, month, sum(executed)::bigint, sum(violated)::bigint, sum(not_executed)::bigint
    from marts.rule_executions
    group by rule_code, month
    qualify month = max(month) over (partition by rule_code)
"""


class Execution(NamedTuple):
    """The last month in which a rule was asked, and how often it ran, was violated, or could not run."""

    month: date
    executed: int
    violated: int
    not_executed: int


def last_executions(root: DataRoot) -> Mapping[str, Execution] | None:
    """Rule → execution; None where nothing was published yet."""
    try:
        found = root.released_database.stat()
        return _read(root, (found.st_ino, found.st_mtime_ns, found.st_size))
    except FileNotFoundError:  # as NoRelease is
        return None


@lru_cache(maxsize=1)
def _read(root: DataRoot, release: tuple[int, int, int]) -> Mapping[str, Execution]:
    with connect(root) as connection:
        return {code: Execution(*counts) for code, *counts in connection.execute(LATEST).fetchall()}
