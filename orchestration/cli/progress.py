"""A run's progress on the console: a moving line per stage on a terminal, one line per finished stage everywhere."""

from __future__ import annotations

from collections import Counter
from time import monotonic
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from delivery.console.words import SEVERITIES
from orchestration.cli.returns import returned
from orchestration.listener import Listener

if TYPE_CHECKING:
    from delivery.publish import Release
    from delivery.returns import Returns
    from expectations.run import EvaluationReport
    from ingest.inbox import InboxProgress, InboxReport, Refused

# A long list of refusals would push the summary off the screen; all of them lie in quarantine/ with their reasons.
REFUSALS_SHOWN = 20


class ConsoleListener(Listener):
    """Shows the stages of a refresh; a context manager, because the moving line has to end."""

    def __init__(self, console: Console) -> None:
        self._console = console
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._progress = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._task: TaskID | None = None
        self._findings: Counter[str] = Counter()
        self._nodes: Counter[str] = Counter()
        self._refused: list[Refused] = []
        self._since = monotonic()

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def file_read(self, progress: InboxProgress) -> None:
        self._move(f"读取报表（{progress.cells} 格，拒收 {progress.refused} 份）", progress.done, progress.total)

    def inbox_read(self, report: InboxReport) -> None:
        self._refused = list(report.refused)
        new = sum(not accepted.read_again for accepted in report.accepted)
        accepted = f"接收 {new} 份（{report.cells} 格）" if report.accepted else "接收 0 份"
        counts = f"{accepted}，拒收 {len(report.refused)} 份，已读过 {report.unchanged} 份"
        if report.read_again:
            changed = len(report.accepted) - new
            counts += f"；名册有变动，重读 {report.read_again} 份，其中 {changed} 份结果有变"
        self._finish("读取报表", counts)

    def evaluating(self, done: int, total: int) -> None:
        self._move("审核月份", done, total)

    def months_evaluated(self, reports: list[EvaluationReport]) -> None:
        for report in reports:
            self._findings.update(report.findings)
        counts = "，".join(f"{name} {self._findings[severity]} 条" for severity, name in SEVERITIES.items())
        self._finish("审核月份", f"{len(reports)} 个月：{counts}")

    def node_finished(self, name: str, status: str) -> None:
        self._nodes[status] += 1
        self._move("建仓检查", sum(self._nodes.values()), None)

    def built(self) -> None:
        checks = self._nodes["pass"] + self._nodes["warn"]
        self._finish("建仓检查", f"{self._nodes['success']} 张表，{checks} 项检查")

    def released(self, release: Release) -> None:
        state = "新版本" if release.changed else "内容未变，版本"
        self._finish("发布数据", f"{state} {release.release_id}，{len(release.tables)} 张表")

    def returned(self, returns: Returns) -> None:
        self._finish("生成回执", returned(returns))

    def summarise(self) -> None:
        """Name the files that were refused in this run, each with its reason."""
        for refused in self._refused[:REFUSALS_SHOWN]:
            self._console.print(
                f"[red]拒收[/red] {escape(refused.workbook)}：{escape(refused.message)}", soft_wrap=True
            )
        hidden = len(self._refused) - REFUSALS_SHOWN
        if hidden > 0:
            self._console.print(f"另有 {hidden} 份拒收文件，原因见 quarantine/")

    def _move(self, stage: str, done: int, total: int | None) -> None:
        if self._task is None:
            self._task = self._progress.add_task(stage, total=total)
        self._progress.update(self._task, description=stage, completed=done, total=total)

    def _finish(self, stage: str, text: str) -> None:
        if self._task is not None:
            self._progress.remove_task(self._task)
            self._task = None
        now = monotonic()
        self._console.print(f"[green]✓[/green] {stage}  {text}（{now - self._since:.1f} 秒）", soft_wrap=True)
        self._since = now
