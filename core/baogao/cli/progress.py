"""How far a batch is: a bar with rate and time left in a terminal, plain lines elsewhere; always on stderr."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING

import click

from baogao.cli.speaking import catalogue_of, tell
from baogao.language import say

if TYPE_CHECKING:
    from baogao.batch.running import Progress
    from baogao.batch.tasks import Result

__all__ = ["progress_of"]

STEPS = 10
"""How many plain lines there are at most."""
PATIENCE = 60
"""Seconds after which a report that is not done is named; again after twice as long, and so on."""


@contextlib.contextmanager
def progress_of(context: click.Context, total: int) -> Generator[Progress]:
    """Give what is to be told of every result."""
    if sys.stderr.isatty():
        with _bar(context, total) as progress:
            yield progress
    else:
        progress = _Lines(context, total)
        yield progress
    progress.end()


class _Naming:
    """Name at once the reports that are lost, and after a while those that take long."""

    def __init__(self, context: click.Context) -> None:
        self.context = context
        self.start = time.monotonic()
        self.count = 0
        self.unchanged = 0
        self.named: dict[str, float] = {}

    def done(self, result: Result) -> None:
        """Count a report; one that was lost is named at once."""
        self.count += 1
        self.unchanged += result.state == "unchanged"
        self.named.pop(result.name, None)
        for finding in result.findings if result.state == "lost" else ():
            tell(self.context, say("{name}：{message}", name=result.name, message=finding.message))

    def waiting(self, name: str, seconds: float) -> None:
        """Name a report that takes long."""
        if seconds >= self.named.get(name, PATIENCE):
            self.named[name] = seconds * 2
            tell(self.context, say("还在做：{name}（已经 {seconds} 秒）", name=name, seconds=int(seconds)))

    def end(self) -> None:
        """Say how many reports were as they had been."""
        if self.unchanged:
            tell(self.context, say("{count} 份没有变，用上次的结果", count=self.unchanged))

    @property
    def rate(self) -> float:
        """Return how many reports are done in a second."""
        return self.count / max(time.monotonic() - self.start, 0.001)


class _Lines(_Naming):
    """Say every tenth, with the rate and the time left."""

    def __init__(self, context: click.Context, total: int) -> None:
        super().__init__(context)
        self.total = total

    def done(self, result: Result) -> None:
        """Count a report, and say how far it is."""
        super().done(result)
        if self.count * STEPS // self.total == (self.count - 1) * STEPS // self.total:
            return
        left = round((self.total - self.count) / self.rate)
        counted = say("已完成 {done}/{total}", done=self.count, total=self.total)
        tell(
            self.context,
            say("{counted}，每秒 {rate} 份，还要 {left} 秒", counted=counted, rate=f"{self.rate:.1f}", left=left),
        )


class _Bar(_Naming):
    """Move a bar."""

    def __init__(self, context: click.Context, move: Callable[[float], None]) -> None:
        super().__init__(context)
        self.move = move

    def done(self, result: Result) -> None:
        """Count a report, and move the bar on."""
        super().done(result)
        self.move(self.rate)


@contextlib.contextmanager
def _bar(context: click.Context, total: int) -> Generator[_Bar]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    rate = TextColumn(catalogue_of(context).text(say("每秒 {rate} 份", rate="{task.fields[rate]:.1f}")))
    columns = (BarColumn(), MofNCompleteColumn(), rate, TimeRemainingColumn())
    with Progress(*columns, console=Console(file=sys.stderr), redirect_stdout=False) as bar:
        task = bar.add_task("", total=total, rate=0.0)
        yield _Bar(context, lambda rate: bar.update(task, advance=1, rate=rate))
