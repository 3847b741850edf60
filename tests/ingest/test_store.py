"""Files reach the disk whole, whichever way they are synced."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ingest.raw import store


@pytest.mark.parametrize("at_once", [True, False])
def test_many_files_are_whole_whichever_way_they_are_synced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: bool
) -> None:
    monkeypatch.setattr(store, "MANY", 1 if at_once else 1_000)
    wanted = {tmp_path / "new" / f"{number}.xlsx": b"%d" % number * number for number in range(120)}
    store.write_all(wanted.items())
    assert {path: path.read_bytes() for path in (tmp_path / "new").iterdir()} == wanted


def test_a_disk_that_does_not_take_a_file_is_an_error() -> None:
    with pytest.raises(OSError, match="Bad file descriptor"):
        store._sync_file_system(-1)


def test_each_file_system_is_synced_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr(store, "MANY", 1)
    monkeypatch.setattr(store, "_syncs_file_systems", lambda: True)
    monkeypatch.setattr(store, "_sync_file_system", lambda descriptor: synced.append(os.fstat(descriptor).st_dev))
    with (tmp_path / "one").open("wb") as one, (tmp_path / "two").open("wb") as two, Path(os.devnull).open() as other:
        store._sync([one.fileno(), two.fileno(), other.fileno()])
        wanted = {os.fstat(one.fileno()).st_dev, os.fstat(other.fileno()).st_dev}
    assert sorted(synced) == sorted(wanted)
    assert len(wanted) == 2
