from __future__ import annotations

from pathlib import Path

import pytest

from ingest.data_root import DataRoot
from ingest.units import Register
from tests.ingest.support import new_root, register


@pytest.fixture
def root(tmp_path: Path) -> DataRoot:
    return new_root(tmp_path / "data")


@pytest.fixture(scope="module")
def units(tmp_path_factory: pytest.TempPathFactory) -> Register:
    return register(new_root(tmp_path_factory.mktemp("root")))
