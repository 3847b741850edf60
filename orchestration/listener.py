"""Who hears of a run's progress: nobody under Dagster's daemon, the console under ``wuxing refresh``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from delivery.publish import Release
    from delivery.returns import Returns
    from expectations.run import EvaluationReport
    from ingest.inbox import InboxProgress, InboxReport


class Listener:
    """Hears each stage's progress. This one is silent; the console's overrides what it shows."""

    def file_read(self, progress: InboxProgress) -> None: ...

    def inbox_read(self, report: InboxReport) -> None: ...

    def evaluating(self, done: int, total: int) -> None: ...

    def months_evaluated(self, reports: list[EvaluationReport]) -> None: ...

    def node_finished(self, name: str, status: str) -> None: ...

    def built(self) -> None: ...

    def released(self, release: Release) -> None: ...

    def returned(self, returns: Returns) -> None: ...
