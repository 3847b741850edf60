"""Read-only access to the current release: the only door to the marts for whoever is not dbt."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb

from ingest.data_root import DataRoot


class NoRelease(FileNotFoundError):
    """Nothing has been published under this root yet."""


def connect(root: DataRoot) -> duckdb.DuckDBPyConnection:
    """A read-only connection to the current release; a later release does not disturb it.

    Raises NoRelease where there is none yet.
    """
    if not root.released_database.exists():
        raise NoRelease(f"{root.path} 里还没有发布过数据：请先运行 wuxing refresh")
    return duckdb.connect(str(root.released_database), read_only=True)


def manifest_file(root: DataRoot) -> Path:
    return root.published / "manifest.json"


def read_manifest(root: DataRoot) -> dict[str, Any] | None:
    """What ``manifest.json`` says of the current release; None where there is none or it cannot be read."""
    try:
        content = json.loads(manifest_file(root).read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    return content if isinstance(content, dict) else None
