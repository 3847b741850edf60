"""Which months have to be built again: those whose raw files are not the ones the warehouse was built from.

Raw is append-only and its files are named by batch or evaluation, so a listing of names says what a month holds without
opening a file. The record is written after a successful build, and marked released after publish: a kill before either
leaves work pending.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from delivery.durable import write_json
from ingest.data_root import DataRoot
from ingest.reference import REFERENCE_TABLES
from ingest.reference.load import SHIPPED
from orchestration.dbt.project import sources_hash
from orchestration.months import contiguous, key, month_of


@dataclass(frozen=True)
class Pending:
    """``months`` to refresh, ascending; ``full`` where what all months share has changed: nothing old may stay."""

    months: list[date]
    full: bool

    @property
    def ranges(self) -> list[tuple[date, date]]:
        """First and last month of each run to start; a full build is one run, because it publishes all months."""
        if self.full and self.months:
            return [(self.months[0], self.months[-1])]
        return contiguous(self.months)


def pending(root: DataRoot) -> Pending:
    """What a refresh has to do now."""
    from expectations.run import stale_months

    unreleased = [] if _read(root)["released"] else sorted(inputs_by_month(root))[-1:]
    return Pending(sorted({*outdated(root), *unreleased, *stale_months(root)}), needs_full_build(root))


def outdated(root: DataRoot) -> list[date]:
    """The months whose raw files are not those that the warehouse was built from; all where a full build is due."""
    full, built = needs_full_build(root), _read(root)["months"]
    return [month for month, value in inputs_by_month(root).items() if full or built.get(key(month)) != value]


def needs_full_build(root: DataRoot) -> bool:
    """Whether the warehouse is missing, or what all months have in common has changed since it was built."""
    return not root.warehouse.exists() or _read(root)["basis"] != basis(root)


def basis(root: DataRoot) -> str:
    """Hash of what every month is built with: the dbt project and the reference tables in force."""
    files = (root.reference / f"{name}.csv" for name in REFERENCE_TABLES)
    own = [hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else "" for path in files]
    shipped = [hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(SHIPPED.glob("*.csv"))]
    return _hash([sources_hash(), *own, *shipped])


def record_build(root: DataRoot, basis: str, inputs: dict[date, str], full: bool) -> None:
    """Note that the warehouse now holds these months' ``inputs``; a full build forgets all others."""
    months = {} if full else _read(root)["months"]
    months |= {key(month): value for month, value in inputs.items()}
    write_json(_record(root), {"basis": basis, "months": months, "released": False})


def record_release(root: DataRoot) -> None:
    """Note that what was built is published."""
    write_json(_record(root), _read(root) | {"released": True})


def forget_build(root: DataRoot) -> None:
    """Ask for a full build: whatever the warehouse holds counts as built from something else."""
    _record(root).unlink(missing_ok=True)


def inputs_by_month(root: DataRoot) -> dict[date, str]:
    """For each month with raw files, the hash of their names."""
    names: dict[str, list[str]] = {}
    for path in sorted(root.raw.glob("*/month=*/*.parquet")):
        names.setdefault(path.parent.name.removeprefix("month="), []).append(f"{path.parent.parent.name}/{path.name}")
    return {month_of(month): _hash(parts) for month, parts in names.items()}


def _hash(parts: list[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _record(root: DataRoot) -> Path:
    return root.warehouse.with_name("built.json")


def _read(root: DataRoot) -> dict[str, Any]:
    nothing = {"basis": None, "months": {}, "released": True}
    try:
        return nothing | json.loads(_record(root).read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return nothing
