"""The dbt project's manifest, kept as long as its sources are unchanged: ``dbt parse`` costs some six seconds."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from functools import cache
from importlib.metadata import version
from pathlib import Path

from orchestration.dbt.invoke import PROJECT, invoke

# What dbt writes itself; everything else in the folder is a source of the manifest.
_GENERATED = {"target", "logs", "dbt_packages"}


class ProjectError(ValueError):
    """The dbt project cannot be parsed; the text is dbt's own."""


def sources_hash() -> str:
    """Hash of the dbt project's files and of dbt's version: what the kept manifest is valid for."""
    return _hash_of(PROJECT)


@cache
def _hash_of(project: Path) -> str:
    digest = hashlib.sha256(f"{version('dbt-core')} {version('dbt-duckdb')}".encode())
    for path in sorted(project.rglob("*")):
        relative = path.relative_to(project)
        if path.is_file() and relative.parts[0] not in _GENERATED and not relative.name.startswith("."):
            digest.update(f"\n{relative.as_posix()}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def manifest_path() -> Path:
    """The kept ``manifest.json`` (for Dagster; dbt's own form of it, partial_parse.msgpack, lies beside it).

    It is parsed now where there is none for the sources as they are.
    Raises ProjectError where dbt refuses the project.
    """
    kept = PROJECT / "target" / "kept" / sources_hash()
    if not kept.exists():
        _parse_into(kept)
    return kept / "manifest.json"


def _parse_into(kept: Path) -> None:
    """Parse beside, then rename: two processes may do so at once, and a kill leaves no half-written manifest."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=kept.parent) as folder:
        target = Path(folder) / "target"
        outcome = invoke(["parse", "--no-partial-parse"], target=target, logs=Path(folder))
        if not outcome.success:
            raise ProjectError(f"dbt 项目无法解析：{outcome.exception}")
        try:
            os.rename(target, kept)
        except OSError:
            if not kept.exists():
                raise
    for other in kept.parent.iterdir():
        if other != kept and not other.name.startswith("tmp"):
            shutil.rmtree(other, ignore_errors=True)
