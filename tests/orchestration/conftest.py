from __future__ import annotations

from pathlib import Path

import pytest

from ingest.data_root import ENVIRONMENT_VARIABLE, DataRoot
from tests.orchestration.roots import small_root


@pytest.fixture
def unread_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataRoot:
    """A root whose inbox was not read yet, named in the environment."""
    root = small_root(tmp_path)
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, str(root.path))
    return root
