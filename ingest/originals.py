"""Keeps the originals: accepted ones in the archive by hash, refused ones in quarantine beside their reason."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from ingest.data_root import DataRoot
from ingest.raw.store import copy_all, write_bytes

MAX_NAME_BYTES = 255
PREFIX_LENGTH = 12


def keep_originals(root: DataRoot, accepted: Sequence[tuple[Path, str]]) -> None:
    """Copy each accepted file to ``archive/<sha256><extension>``, once."""
    archive = str(root.archive)
    targets = [(path, f"{archive}/{sha256}{_extension(path)}") for path, sha256 in accepted]
    copy_all((path, Path(target)) for path, target in targets if not os.path.exists(target))


def _extension(path: Path) -> str:
    suffix = os.path.splitext(path.name)[1].lower()
    return suffix if suffix.isascii() and suffix[1:].isalnum() and len(suffix) <= 8 else ""


def quarantine(root: DataRoot, path: Path, sha256: str, name: str, message: str) -> None:
    """Copy a refused file to quarantine, with its reason beside it; ``name`` is what may be shown of its name."""
    target = root.quarantine / short_name(f"{sha256[:PREFIX_LENGTH]}-{name}", room=len(".reason.txt"))
    reason = target.with_name(f"{target.name}.reason.txt")
    if reason.exists():
        return
    write_bytes(target, path.read_bytes())
    write_bytes(reason, f"{name}\n{message}\n".encode())


def release(root: DataRoot, accepted: Iterable[str]) -> None:
    """Take files out of quarantine, by hash, that are accepted after all, because the register was mended."""
    prefixes = {sha256[:PREFIX_LENGTH] for sha256 in accepted}
    for path in root.quarantine.glob("*"):
        if path.name.partition("-")[0] in prefixes:
            path.unlink()


def short_name(name: str, room: int) -> str:
    """``name`` without separators, cut so that ``room`` more bytes fit into a file name; the extension is kept."""
    plain = name.replace("/", "_").replace("\0", "_")
    stem, dot, suffix = plain.rpartition(".")
    if not dot or len(suffix.encode()) > 16:
        stem, dot, suffix = plain, "", ""
    left = MAX_NAME_BYTES - room - len(f"{dot}{suffix}".encode())
    return stem.encode()[:left].decode("utf-8", "ignore") + dot + suffix
