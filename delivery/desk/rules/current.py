"""The deployment's cards as its files are now: read again when one of them has changed, never by the clock."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from expectations.catalogue.cards import Rulebook, read_rulebook
from ingest.data_root import DataRoot

Stamp = tuple[str, int, int]

RESAVE = "请另存为 UTF-8（Excel 里选“CSV UTF-8”）"
TABLES = ("items", "profile_figures", "star_criteria")


class UnreadableRules(ValueError):
    """The deployment's own rules or tables cannot be read; the text says why and where."""


def current_rulebook(root: DataRoot) -> Rulebook:
    """The cards as the files in ``reference/`` say now. Raises UnreadableRules."""
    try:
        return _read(root, _stamps(root))
    except UnicodeDecodeError as error:
        raise UnreadableRules(
            f"{root.reference} 里有文件不是 UTF-8 编码：请另存为 UTF-8（Excel 里选“CSV UTF-8”）"
        ) from error
    except (ValueError, OSError) as error:
        raise UnreadableRules(str(error).replace(f"{root.path}/", "")) from error


@lru_cache(maxsize=1)
def _read(root: DataRoot, stamps: tuple[Stamp, ...]) -> Rulebook:
    return read_rulebook(root)


def _stamps(root: DataRoot) -> tuple[Stamp, ...]:
    """Taken before the files are read: what changes in between is read again at the next view."""
    own = [*sorted((root.reference / "rules").glob("*.yml")), *(root.reference / f"{name}.csv" for name in TABLES)]
    return tuple(_stamp(path) for path in own if path.exists())


def _stamp(path: Path) -> Stamp:
    found = path.stat()
    return str(path), found.st_mtime_ns, found.st_size
