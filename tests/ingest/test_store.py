"""Files reach the disk whole, whichever way they are synced."""

from __future__ import annotations

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
