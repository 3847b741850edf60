"""Builds the warehouse with dbt and says how each node ended."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.data_root import DataRoot
from orchestration.dbt.invoke import invoke
from orchestration.dbt.project import manifest_path

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

# A unit test asks our SQL, not the data: `make test` runs them, a refresh does not.
SKIPPED_TYPES = ["--exclude-resource-type", "unit_test"]


class BuildFailed(RuntimeError):
    """dbt could not even start to build; the text is dbt's own."""


@dataclass(frozen=True)
class NodeResult:
    """What dbt says of one model or test. ``status`` is success, pass, warn, fail, error or skipped."""

    unique_id: str
    name: str
    status: str
    message: str | None
    failures: int | None
    seconds: float

    @property
    def failed(self) -> bool:
        return self.status in ("fail", "error", "runtime error")


@dataclass(frozen=True)
class Build:
    """All that one ``dbt build`` did; ``success`` is False as soon as one node failed."""

    success: bool
    nodes: list[NodeResult]


def build(root: DataRoot, months: Sequence[date], full: bool, on_node: Callable[[str, str], None]) -> Build:
    """Build the models for ``months`` (none: all) and test them; ``on_node`` hears of each node's name and status.

    Raises BuildFailed where dbt could not start. The caller holds the root's lock.
    """
    arguments = ["build", "--no-write-json", *SKIPPED_TYPES, *(["--full-refresh"] if full else [])]
    environment = _environment(root, months)
    with _environ(environment):
        outcome = invoke(arguments, _working_folder(root, "target"), _working_folder(root, "logs"), kept(), on_node)
    if outcome.result is None:
        raise BuildFailed(f"dbt 没有运行起来：{outcome.exception}")
    return Build(outcome.success, [_node_result(result) for result in outcome.result.results])


def kept() -> Manifest:
    """A fresh copy of the kept manifest: a build leaves compiled SQL in the object, the next must not find it."""
    from dbt.contracts.graph.manifest import Manifest
    from dbt.parser.manifest import extended_mashumuro_decoder

    packed = manifest_path().with_name("partial_parse.msgpack").read_bytes()
    manifest = Manifest.from_msgpack(packed, decoder=extended_mashumuro_decoder)
    manifest.build_flat_graph()  # macros read `graph`, which dbt fills only when it parses
    return manifest


def _environment(root: DataRoot, months: Sequence[date]) -> dict[str, str]:
    return {
        "WUXING_DATA": str(root.path),
        "WUXING_WAREHOUSE": str(root.warehouse),
        "WUXING_MONTHS": ",".join(month.isoformat() for month in sorted(months)),
    }


@contextmanager
def _environ(values: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _working_folder(root: DataRoot, name: str) -> Path:
    return root.warehouse.parent / "dbt" / name


def _node_result(result: Any) -> NodeResult:
    return NodeResult(
        unique_id=result.node.unique_id,
        name=result.node.name,
        status=str(result.status),
        message=result.message,
        failures=result.failures,
        seconds=result.execution_time,
    )
