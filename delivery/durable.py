"""Writing that survives a crash: a file or folder has its old content or its new one, never half of it."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

from ingest.raw.store import write_bytes


def flush(path: Path) -> None:
    """Make the file's content, or the folder's list of names, reach the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace_file(source: Path, target: Path) -> None:
    """Put a copy of ``source`` in the place of ``target`` in one step."""
    copy = target.with_name(f".{target.name}.new")
    copy.unlink(missing_ok=True)
    shutil.copyfile(source, copy)
    flush(copy)
    copy.chmod(source.stat().st_mode)
    os.replace(copy, target)
    flush(target.parent)


def write_json(target: Path, content: Any) -> None:
    """Put ``content`` in the place of ``target`` in one step, with sorted keys so that equal content is equal bytes."""
    text = json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True)
    write_bytes(target, f"{text}\n".encode())
