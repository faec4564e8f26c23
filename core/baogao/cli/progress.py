"""How far a batch is: a bar with rate and time left in a terminal, plain lines elsewhere; always on stderr."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Generator
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


@contextlib.contextmanager
def progress_of(context: click.Context, total: int) -> Generator[Progress]:
    """Give what is to be called with every result."""
    if sys.stderr.isatty():
        with _bar(context, total) as progress:
            yield progress
    else:
        yield _Lines(context, total)


class _Lines:
    """Say every tenth, with the rate and the time left."""

    def __init__(self, context: click.Context, total: int) -> None:
        self.context = context
        self.total = total
        self.done = 0
        self.start = time.monotonic()

    def __call__(self, result: Result) -> None:
        """Count a report; one that was lost is named at once."""
        self.done += 1
        _tell_lost(self.context, result)
        if self.done * STEPS // self.total == (self.done - 1) * STEPS // self.total:
            return
        rate = self.done / max(time.monotonic() - self.start, 0.001)
        left = round((self.total - self.done) / rate)
        counted = say("已完成 {done}/{total}", done=self.done, total=self.total)
        tell(
            self.context,
            say("{counted}，每秒 {rate} 份，还要 {left} 秒", counted=counted, rate=f"{rate:.1f}", left=left),
        )


def _tell_lost(context: click.Context, result: Result) -> None:
    for finding in result.findings if result.state == "lost" else ():
        tell(context, say("{name}：{message}", name=result.name, message=finding.message))


@contextlib.contextmanager
def _bar(context: click.Context, total: int) -> Generator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    rate = TextColumn(catalogue_of(context).text(say("每秒 {rate} 份", rate="{task.fields[rate]:.1f}")))
    columns = (BarColumn(), MofNCompleteColumn(), rate, TimeRemainingColumn())
    with Progress(*columns, console=Console(file=sys.stderr), redirect_stdout=False) as bar:
        task = bar.add_task("", total=total, rate=0.0)
        start = time.monotonic()

        def count(result: Result) -> None:
            _tell_lost(context, result)
            done = bar.tasks[0].completed + 1
            bar.update(task, advance=1, rate=done / max(time.monotonic() - start, 0.001))

        yield count
