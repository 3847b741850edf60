"""Builds months into the warehouse and notes from what; without Dagster, because an as-of rebuild needs no run."""

from __future__ import annotations

from datetime import date

from ingest.data_root import DataRoot
from ingest.raw.store import ensure_schemas
from ingest.reference.publish import write_reference
from orchestration.dbt.runner import Build, build
from orchestration.listener import Listener
from orchestration.staleness import basis, inputs_by_month, needs_full_build, record_build


def build_months(root: DataRoot, months: list[date], listener: Listener) -> Build:
    """Replace ``months``, or build everything where what all months share has changed; note it if it succeeded."""
    full, built_with, inputs = needs_full_build(root), basis(root), inputs_by_month(root)
    result = build(root, [] if full else months, full, listener.node_finished)
    listener.built()
    if result.success:
        built = inputs if full or not months else {month: inputs[month] for month in months if month in inputs}
        record_build(root, built_with, built, full)
    return result


def failures(result: Build) -> str:
    """What did not pass, for readers."""
    failed = [f"{node.name}（{node.message or node.status}）" for node in result.nodes if node.failed]
    return f"dbt 有 {len(failed)} 项未通过，不发布：" + "；".join(failed)


def write_sources(root: DataRoot) -> None:
    """Write what dbt opens in any case; it is missing or old under a new root or after an edit of a reference table."""
    from expectations.catalogue import load_catalogue
    from expectations.store import write_rules

    ensure_schemas(root)
    write_reference(root)
    write_rules(root, load_catalogue(root))
