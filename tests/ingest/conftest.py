from __future__ import annotations

from pathlib import Path

import pytest

from ingest.data_root import DataRoot
from tests.ingest.support import new_root


@pytest.fixture
def root(tmp_path: Path) -> DataRoot:
    return new_root(tmp_path / "data")
