"""Publishes the marts: a new read-only release, swapped in by one rename while analysts read.

A release is named by its content. Where nothing changed there is no new one, and only ``manifest.json`` gets a new
``checked_at``. The order is folder → database → manifest, each by rename, so that a kill at any moment leaves the old
release readable and the next run finishes the job.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from delivery.durable import replace_file, write_json
from delivery.fingerprint import MARTS, Fingerprint, fingerprint, mart_names
from delivery.published import connect, manifest_file, read_manifest
from delivery.release import DATABASE, build_release
from ingest.data_root import DataRoot

# A year of monthly releases: enough to answer what last year's notice was made from.
RELEASES_KEPT = 12
# The columns of the marts that say when something arrived; the latest of them is the release's as-of time.
ARRIVALS = {
    "submission_status": ("received_at", "last_corrected_at"),
    "correction_effects": ("received_at",),
    "quality_alerts": ("last_seen_at",),
}


class NothingToPublish(ValueError):
    """The warehouse has no marts."""


@dataclass(frozen=True)
class Release:
    """The current release: ``tables`` maps each mart to its number of rows; ``changed`` says whether it is new."""

    release_id: str
    changed: bool
    tables: dict[str, int]


def publish(root: DataRoot, now: datetime, known_until: datetime | None = None) -> Release:
    """Make the warehouse's marts the current release. ``now`` is only noted as ``checked_at``, ``known_until`` as what
    an as-of rebuild was asked for.

    Raises NothingToPublish where dbt has built no mart yet.
    """
    marts, as_of = _survey(root.warehouse)
    release_id = _release_id(marts)
    changed = not _is_current(root, release_id)
    if changed:
        _swap_in(root, release_id, as_of)
    write_json(manifest_file(root), _manifest(release_id, marts, as_of, now, known_until))
    if changed:
        _remove_old(root, release_id)
    return Release(release_id, changed, {name: mart.rows for name, mart in marts.items()})


def _survey(warehouse: Path) -> tuple[dict[str, Fingerprint], datetime | None]:
    if not warehouse.exists():
        raise NothingToPublish(f"{warehouse} 还没有建成：请先运行 wuxing refresh")
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(f"attach '{str(warehouse).replace(chr(39), chr(39) * 2)}' as warehouse (read_only)")
        names = mart_names(connection, "warehouse")
        if not names:
            raise NothingToPublish(f"{warehouse} 里没有任何发布表（schema {MARTS}）：请先运行 wuxing refresh --full")
        return {name: fingerprint(connection, "warehouse", name) for name in names}, _as_of(connection, names)


def _as_of(connection: duckdb.DuckDBPyConnection, names: list[str]) -> datetime | None:
    times = []
    for mart, columns in ARRIVALS.items():
        for column in columns if mart in names else ():
            query = f'select cast(max({column}) as timestamp) from warehouse."{MARTS}"."{mart}"'
            row = connection.execute(query).fetchone()
            times += [row[0].replace(tzinfo=UTC)] if row and row[0] else []
    return max(times, default=None)


def _release_id(marts: dict[str, Fingerprint]) -> str:
    content = "\n".join(f"{name} {mart.digest}" for name, mart in sorted(marts.items()))
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def _is_current(root: DataRoot, release_id: str) -> bool:
    """Whether manifest, folder and database all are this release; after a kill they may be of two."""
    manifest = read_manifest(root)
    if manifest is None or manifest.get("release_id") != release_id:
        return False
    return _folder(root, release_id).exists() and _database_release(root) == release_id


def _database_release(root: DataRoot) -> str | None:
    try:
        with connect(root) as connection:
            row = connection.execute("select release_id from main.release").fetchone()
    except (FileNotFoundError, duckdb.Error):
        return None
    return row[0] if row else None


def _folder(root: DataRoot, release_id: str) -> Path:
    return root.published / "releases" / release_id


def _swap_in(root: DataRoot, release_id: str, as_of: datetime | None) -> None:
    folder = _folder(root, release_id)
    build_release(root.warehouse, folder, release_id, as_of)
    replace_file(folder / DATABASE, root.released_database)
    os.utime(folder)


def _manifest(
    release_id: str,
    marts: dict[str, Fingerprint],
    as_of: datetime | None,
    now: datetime,
    known_until: datetime | None,
) -> dict[str, object]:
    return {
        "release_id": release_id,
        "as_of": as_of.isoformat() if as_of else None,
        "checked_at": now.astimezone(UTC).isoformat(timespec="seconds"),
        **({"known_until": known_until.isoformat()} if known_until else {}),
        "tables": {name: {"rows": mart.rows, "sha256": mart.digest} for name, mart in marts.items()},
    }


def _remove_old(root: DataRoot, current: str) -> None:
    """Keep the latest releases; what a killed run left half-built goes too."""
    folders = sorted((root.published / "releases").iterdir(), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    complete = [path for path in folders if not path.name.startswith(".")]
    surplus = [path for path in complete[RELEASES_KEPT:] if path.name != current]
    for path in [*surplus, *(path for path in folders if path.name.startswith("."))]:
        shutil.rmtree(path)
