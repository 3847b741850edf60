"""What was written into ``returns/``: nothing is made twice, and nothing that a person edited is overwritten."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from delivery.durable import write_json
from ingest.data_root import DataRoot
from ingest.raw.store import write_bytes


class Record:
    """Path below ``returns/`` → what the receipt was made from, and the hash of what was written."""

    def __init__(self, root: DataRoot) -> None:
        self._folder = root.returns
        self._file = root.returns / ".written.json"
        self._entries: dict[str, dict[str, str]] = {}
        if self._file.exists():
            self._entries = json.loads(self._file.read_text(encoding="utf-8"))

    def is_current(self, name: str, inputs: str) -> bool:
        """Whether the receipt was made from the same; an edited one still is."""
        entry = self._entries.get(name)
        return entry is not None and entry["inputs"] == inputs and (self._folder / name).exists()

    def is_edited(self, name: str) -> bool:
        """Whether somebody changed the receipt since it was written, or put a file of their own there."""
        path = self._folder / name
        return path.exists() and self._entries.get(name, {}).get("sha256") != _sha256(path.read_bytes())

    def put(self, name: str, inputs: str, content: bytes) -> None:
        write_bytes(self._folder / name, content)
        self._entries[name] = {"inputs": inputs, "sha256": _sha256(content)}

    def withdraw(self, month: str, kept: set[str]) -> int:
        """Remove the receipts of ``month`` that nothing is to be said about any more; how many. Edited ones stay."""
        gone = [name for name in self._entries if name.startswith(f"{month}/") and name not in kept]
        removed = 0
        for name in gone:
            if not self.is_edited(name):
                (self._folder / name).unlink(missing_ok=True)
                _remove_empty(self._folder / name, self._folder)
                removed += 1
            del self._entries[name]
        return removed

    def save(self) -> None:
        write_json(self._file, self._entries)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _remove_empty(path: Path, top: Path) -> None:
    for folder in path.parents:
        if folder == top or not folder.is_dir() or any(folder.iterdir()):
            return
        folder.rmdir()
