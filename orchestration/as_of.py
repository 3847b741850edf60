"""``wuxing refresh --as-of``: what was known at the end of a day, built anew in a root of its own.

Submissions and evaluations are those that had arrived by then, reference tables and rules today's, each row by its
validity. Raw, warehouse and release of the root itself are only read.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from ingest.data_root import DataRoot
from ingest.reference import read_units
from orchestration.listener import Listener
from orchestration.lock import writing
from orchestration.months import key

if TYPE_CHECKING:
    from delivery.publish import Release


class NotKnown(ValueError):
    """Nothing, or nothing of that month, was known then; the text says since when there is something."""


@dataclass(frozen=True)
class Rebuilt:
    """``root`` holds the release; ``months`` are those that anybody had sent something for."""

    root: DataRoot
    release: Release
    months: list[date]


def rebuild(root: DataRoot, day: date, listener: Listener, month: date | None = None, full: bool = False) -> Rebuilt:
    """Build and publish, under ``root.as_of(day)``, what was known of all months at the end of ``day``.

    Run again, it gives the same release. ``month`` only asks that something of it was known. Raises NotKnown,
    WarehouseBusy, BuildFailed, or ReferenceTableError where ``units.csv`` is missing or wrong.
    """
    from delivery.publish import publish
    from expectations.due import end_of
    from ingest.raw.snapshot import link_known
    from orchestration.staleness import forget_build, record_release

    now, until = datetime.now(UTC), end_of(day)
    read_units(root)
    known = _months_known(root, day, until, now)
    if month is not None and month not in known:
        raise NotKnown(f"截至 {day}，{key(month)} 还没有收到报表；当时收到过的月份：{'、'.join(map(key, known))}")
    target = root.as_of(day)
    with writing(target):
        link_known(root, target, until)
        _borrow(root, target)
        if full:
            forget_build(target)
        _evaluate(target, min(until, now), listener)
        _build(target, listener)
        release = publish(target, now, until)
        record_release(target)
    listener.released(release)
    return Rebuilt(target, release, known)


def _months_known(root: DataRoot, day: date, until: datetime, now: datetime) -> list[date]:
    from expectations.due import ZONE
    from ingest.raw.read import receipts

    arrivals = receipts(root).select(["month", "received_at"]).to_pylist()
    if not arrivals:
        raise NotKnown(f"{root.path} 里还没有收到过报表：请先运行 wuxing refresh")
    if day > now.astimezone(ZONE).date():
        raise NotKnown(f"{day} 还没有到：只能重建到今天为止")
    known = {row["month"] for row in arrivals if row["received_at"] < until}
    if not known:
        first = min(row["received_at"] for row in arrivals).astimezone(ZONE)
        raise NotKnown(f"截至 {day} 还没有收到任何报表：最早的一份是 {first:%Y-%m-%d} 收到的")
    return sorted(known)


def _borrow(root: DataRoot, target: DataRoot) -> None:
    """The tables that people edit in place are copied; originals, which never change, are only pointed at."""
    shutil.rmtree(target.reference, ignore_errors=True)
    shutil.copytree(root.reference, target.reference)
    if not target.archive.is_symlink():
        target.archive.symlink_to(os.path.relpath(root.archive, target.path), target_is_directory=True)


def _evaluate(target: DataRoot, now: datetime, listener: Listener) -> None:
    """Only where the log has no evaluation of just these inputs by today's rules."""
    from expectations.run import evaluate_months, stale_months
    from orchestration.dbt.months import write_sources

    write_sources(target)
    stale = stale_months(target, now)
    reports, _ = evaluate_months(target, stale, lambda done: listener.evaluating(done, len(stale)), now)
    listener.months_evaluated(reports)


def _build(target: DataRoot, listener: Listener) -> None:
    from orchestration.dbt.months import build_months, failures
    from orchestration.dbt.runner import BuildFailed
    from orchestration.staleness import outdated

    due = outdated(target)
    if due:
        result = build_months(target, due, listener)
        if not result.success:
            raise BuildFailed(failures(result))
