from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import django
import pytest
from django.test import Client, override_settings

from ingest.data_root import DataRoot
from tests.delivery.warehouses import new_root

os.environ["DJANGO_SETTINGS_MODULE"] = "delivery.desk.settings"
django.setup()


@pytest.fixture
def root(tmp_path: Path) -> DataRoot:
    return new_root(tmp_path / "data")


@pytest.fixture
def client(root: DataRoot) -> Iterator[Client]:
    """Asks the desk over ``root``; an error of ours is a page, as for a browser."""
    with override_settings(DATA_ROOT=root):
        yield Client(raise_request_exception=False, headers={"host": "localhost"})
