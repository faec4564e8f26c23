"""The way of a batch, told from the top: lock, tidy up, hand out, record, sum up."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Protocol

from baogao.batch.cluster import on_cluster
from baogao.batch.journal import Journal, Record
from baogao.batch.locks import exclusive, wait_for_workers
from baogao.batch.pool import in_processes
from baogao.batch.targets import RESERVED, Target, Targets
from baogao.batch.tasks import Result, Settings, Task
from baogao.batch.working import do
from baogao.errors import OutputError
from baogao.files.writing import remove_leftovers
from baogao.language import say
from baogao.model.findings import Finding
from baogao.stages.load import REPORT_FILE

__all__ = ["Batch", "Progress", "run_batch"]

STATE_FOLDER = ".baogao"
"""In the folder of the outputs: the journal and the locks."""


class Progress(Protocol):
    """Is told how far a run is."""

    def done(self, result: Result) -> None:
        """Take a report that is done."""
        ...

    def waiting(self, name: str, seconds: float) -> None:
        """Take a report that has been under way for so long; called again and again."""
        ...


@dataclass(frozen=True, slots=True)
class Batch:
    """What a run is to do: which reports, how, where last year's lie, how many at once, and on which cluster.

    `passed_over` are the folders among the reports that are none.
    """

    targets: Targets
    settings: Settings
    jobs: int
    previous: Path | None = None
    cluster: str = ""
    passed_over: tuple[str, ...] = ()

    def previous_of(self, target: Target) -> Path | None:
        """Return last year's folder of a report: of the same name or path, for a line also of the unit's name."""
        if self.previous is None:
            return None
        folders = (self.previous / name for name in (target.name, target.elsewhere) if name)
        return next((folder for folder in folders if (folder / REPORT_FILE).exists()), None)


def run_batch(
    batch: Batch,
    recorded: Callable[[Result], Record],
    finished: Callable[[Journal], None],
    *,
    progress: Progress,
    stopping: Callable[[], bool] = lambda: False,
) -> bool:
    """Do every report that needs it; once all are done `finished` is given the journal. Tell whether they were."""
    out = batch.settings.out
    state = out / STATE_FOLDER
    try:
        state.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = say("无法写入 {folder}：{error}", folder=str(out), error=error.strerror or str(error))
        raise OutputError([Finding(message, rule="OUT-003")]) from error
    with ExitStack() as stack:
        stack.enter_context(exclusive(state / "run.lock"))
        wait_for_workers(state / "workers.lock")
        _tidy(out, batch.targets.names())
        with Journal(state / "journal.jsonl") as journal:
            done = _do(batch, journal, str(state / "workers.lock"), recorded, progress, stopping)
            if done < len(batch.targets):
                return False
            journal.settle()
        with Journal(state / "journal.jsonl") as journal:
            finished(journal)
    return True


def _do(
    batch: Batch,
    journal: Journal,
    guard: str,
    recorded: Callable[[Result], Record],
    progress: Progress,
    stopping: Callable[[], bool],
) -> int:
    """Hand out the reports and record what comes; return how many came."""
    count = 0
    jobs = max(1, min(batch.jobs, len(batch.targets)))
    in_turn = partial(on_cluster, address=batch.cluster, total=len(batch.targets)) if batch.cluster else in_processes
    tasks = _tasks(batch, journal)
    for result in in_turn(tasks, do, jobs, guard=guard, stopping=stopping, waiting=progress.waiting):
        if result.state != "unchanged":
            _outdate(batch.settings.out)
            journal.add(recorded(result))
        progress.done(result)
        count += 1
    return count


def _tasks(batch: Batch, journal: Journal) -> Iterator[Task]:
    """Yield the tasks one by one, each with what is known of it, so that they are never all in memory."""
    for target in batch.targets:
        previous, known = batch.previous_of(target), journal.known(target.name)
        yield Task(target.name, target.source, batch.settings, target.line, previous, known)


def _outdate(out: Path) -> None:
    """Remove the summary of an earlier run, which no longer says what is there."""
    for name in RESERVED:
        with contextlib.suppress(OSError):
            (out / name).unlink(missing_ok=True)


def _tidy(out: Path, names: Iterable[str]) -> None:
    """Remove what a run that was killed has left."""
    for name in chain(("", STATE_FOLDER), names):
        remove_leftovers(out / name)
