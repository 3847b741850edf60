"""Where data lives: one root folder, whose layout every other module asks for here."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

ENVIRONMENT_VARIABLE = "WUXING_DATA"


@dataclass(frozen=True)
class DataRoot:
    """One deployment's folder; the attributes are its parts and exist after :meth:`create`."""

    path: Path

    @classmethod
    def from_environment(cls) -> DataRoot:
        return cls(Path(os.environ.get(ENVIRONMENT_VARIABLE, "data")).resolve())

    @property
    def inbox(self) -> Path:
        return self.path / "inbox"

    @property
    def archive(self) -> Path:
        return self.path / "archive"

    @property
    def quarantine(self) -> Path:
        return self.path / "quarantine"

    @property
    def raw(self) -> Path:
        return self.path / "raw"

    @property
    def reference(self) -> Path:
        return self.path / "reference"

    @property
    def warehouse(self) -> Path:
        return self.path / "warehouse" / "wuxing.duckdb"

    @property
    def published(self) -> Path:
        return self.path / "published"

    @property
    def released_database(self) -> Path:
        return self.published / "wuxing.duckdb"

    @property
    def returns(self) -> Path:
        return self.path / "returns"

    @property
    def data_docs(self) -> Path:
        return self.path / "data_docs"

    @property
    def dagster_home(self) -> Path:
        return self.path / "dagster"

    @property
    def units_file(self) -> Path:
        return self.reference / "units.csv"

    def as_of(self, day: date) -> DataRoot:
        """The root of its own in which what was known at the end of ``day`` is built."""
        return DataRoot(self.path / "as-of" / day.isoformat())

    def create(self) -> DataRoot:
        """Make the folders that are missing; what is there stays as it is."""
        for folder in (
            self.inbox,
            self.archive,
            self.quarantine,
            self.raw,
            self.reference,
            self.warehouse.parent,
            self.published,
            self.returns,
            self.data_docs,
            self.dagster_home,
        ):
            folder.mkdir(parents=True, exist_ok=True)
        return self
