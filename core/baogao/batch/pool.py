"""A pool of processes in which a worker that dies takes only its own task with it.

A worker is given one task at a time, so that it is known what it was doing when it died.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any

from baogao.batch.tasks import Result, Task
from baogao.errors import BaogaoError
from baogao.language import Message, say
from baogao.model.findings import Finding

__all__ = ["Bench", "Waiting", "Work", "in_processes", "lost", "nobody_waits", "titles_of"]

POLL = 0.2
"""Seconds after which it is asked again whether to stop."""
IDLE = 1.0
"""Seconds a worker waits on a bench for more work."""
PATIENCE = 10
"""Seconds a worker with nothing to do has to end."""

MOST_STILLBORN = 5
"""Workers in a row that may die before they can be given anything."""

Work = Callable[[Task], Result]
Waiting = Callable[[str, float], None]
"""Takes the name of a report that is being done, and for how many seconds."""
READY = "ready"


def nobody_waits(name: str, seconds: float) -> None:
    """Say nothing of a report that is not done yet."""


def in_processes(
    tasks: Iterable[Task],
    work: Work,
    jobs: int,
    *,
    guard: str = "",
    stopping: Callable[[], bool] = lambda: False,
    waiting: Waiting = nobody_waits,
    bench: Bench | None = None,
) -> Iterator[Result]:
    """Yield the result of every task as it comes; once `stopping` says so, only of those already begun.

    `guard` is a file that each worker holds a shared lock on as long as it lives. `waiting` is told again and again
    of every report that is being done. With a `bench`, workers are taken from it first, and sit down there afterwards.
    """
    pool = _Pool(iter(tasks), work, guard, bench)
    try:
        pool.begin(jobs, stopping)
        while pool.workers:
            yield from pool.results(stopping())
            pool.tell(waiting)
    finally:
        pool.end()


class Bench:
    """Where workers with nothing to do wait a moment for more of the same work; then they go home."""

    def __init__(self) -> None:
        """Begin empty."""
        self._lock = threading.Lock()
        self._seats: dict[object, _Worker] = {}

    def call(self) -> _Worker | None:
        """Return a worker that waits, or None."""
        with self._lock:
            while self._seats:
                _, worker = self._seats.popitem()
                if worker.process.is_alive():
                    return worker
        return None

    def seat(self, worker: _Worker) -> None:
        """Let a worker wait."""
        seat = object()
        with self._lock:
            self._seats[seat] = worker
        timer = threading.Timer(IDLE, self._clear, (seat,))
        timer.daemon = True
        timer.start()

    def _clear(self, seat: object) -> None:
        """Send the worker home that still waits on this seat."""
        with self._lock:
            worker = self._seats.pop(seat, None)
        if worker is not None:
            _dismiss(worker)


@dataclass(slots=True)
class _Worker:
    """A process, our end of the pipe to it, and what it is doing."""

    process: SpawnProcess
    pipe: Connection
    task: Task | None = None
    since: float = 0.0
    ready: bool = False


class _Pool:
    """The workers that live, and the tasks that wait."""

    def __init__(self, tasks: Iterator[Task], work: Work, guard: str, bench: Bench | None) -> None:
        self.tasks = tasks
        self.work = work
        self.guard = guard
        self.bench = bench
        self.workers: list[_Worker] = []
        self.stillborn = 0

    def begin(self, jobs: int, stopping: Callable[[], bool]) -> None:
        """Start workers, no more than there are tasks."""
        for _ in range(jobs):
            if worker := self.bench.call() if self.bench else None:
                self.workers.append(worker)
                self._hand_out(worker, stopping())
            else:
                self._start()

    def _start(self) -> None:
        # A fresh interpreter on every system: a fork would carry locks and open files along.
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs, self.work, self.guard), daemon=True)
        process.start()
        theirs.close()
        self.workers.append(_Worker(process, ours))

    def results(self, stopping: bool) -> Iterator[Result]:
        """Yield what has come meanwhile; hand out more unless it is time to stop."""
        for pipe in wait([worker.pipe for worker in self.workers], POLL):
            worker = next(worker for worker in self.workers if worker.pipe is pipe)
            try:
                said: Any = worker.pipe.recv()
            except (EOFError, OSError):
                yield from self._died(worker, stopping)
                continue
            worker.ready = True
            worker.task = None
            if said == READY:
                self.stillborn = 0
            else:
                yield said
            self._hand_out(worker, stopping)

    def tell(self, waiting: Waiting) -> None:
        """Tell of every report that is being done."""
        now = time.monotonic()
        for worker in self.workers:
            if worker.task is not None:
                waiting(worker.task.name, now - worker.since)

    def _hand_out(self, worker: _Worker, stopping: bool) -> None:
        """Give a worker its next task, or let it go."""
        worker.task = None if stopping else next(self.tasks, None)
        if worker.task is None:
            self._let_go(worker, stopping)
            return
        worker.since = time.monotonic()
        # A worker that has died in between is noticed when its answer is waited for.
        with contextlib.suppress(OSError):
            worker.pipe.send(worker.task)

    def _let_go(self, worker: _Worker, stopping: bool) -> None:
        if self.bench is None or stopping:
            self._send_home(worker)
        else:
            self.workers.remove(worker)
            self.bench.seat(worker)

    def _send_home(self, worker: _Worker) -> None:
        self.workers.remove(worker)
        _dismiss(worker)

    def _died(self, worker: _Worker, stopping: bool) -> Iterator[Result]:
        """Name what a dead worker was doing, and start another in its place."""
        self._send_home(worker)
        self.stillborn += not worker.ready
        if self.stillborn > MOST_STILLBORN:
            raise BaogaoError([Finding(say("工作进程启动不了（退出码 {code}）", code=worker.process.exitcode))])
        if worker.task is not None:
            yield lost(worker.task, _gone(worker.process.exitcode))
        if not stopping:
            self._start()

    def end(self) -> None:
        """Let no worker outlive the run."""
        for worker in self.workers:
            worker.pipe.close()
            worker.process.terminate()
        for worker in self.workers:
            worker.process.join(PATIENCE)
            _kill(worker)


def _dismiss(worker: _Worker) -> None:
    """Let a worker end that has nothing to do."""
    worker.pipe.close()
    worker.process.join(PATIENCE)
    _kill(worker)


def _kill(worker: _Worker) -> None:
    if worker.process.is_alive():
        worker.process.kill()
        worker.process.join()


def _gone(code: int | None) -> Message:
    reason = (
        say("被信号 {number} 结束", number=-code) if code is not None and code < 0 else say("退出码 {code}", code=code)
    )
    return say("处理这份报告的进程中途没了（{reason}）；其余各份不受影响", reason=reason)


def lost(task: Task, message: Message) -> Result:
    """Return the result of a report whose worker died."""
    hint = say("加 --resume 再运行，只重做没有做完的；还是这样，单独 baogao check 它，看是哪个插件")
    known = task.known.outputs if task.known else {}
    findings = (Finding(message, rule="PLG-003", hint=hint),)
    return Result(task.name, "lost", findings=findings, summary={"error": 1}, rules=titles_of(findings), outputs=known)


def titles_of(findings: Iterable[Finding]) -> dict[str, str]:
    """Return the titles of the engine's own rules that found something, by their ids."""
    from baogao.rules.ruleset import engine_rules

    known = {rule.id: rule.title for rule in engine_rules()}
    return {finding.rule: known.get(finding.rule, "") for finding in findings}


def _serve(pipe: Connection, work: Work, guard: str) -> None:
    """Do tasks until there are no more, or nobody is left to give them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; what is begun is finished
    os.dup2(2, 1)  # whatever a plugin or a library prints, stdout is for the format
    sys.stdout = sys.stderr
    threading.Thread(target=_end_with_parent, daemon=True).start()
    from baogao.batch.locks import shared

    with shared(guard) if guard else contextlib.nullcontext(), contextlib.suppress(EOFError, OSError):
        pipe.send(READY)
        while True:
            _answer(pipe, work(pipe.recv()))


def _end_with_parent() -> None:
    """End at once where the parent was killed: whoever does the report again finds nobody else at it."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _answer(pipe: Connection, result: Result) -> None:
    """Send a result; one that cannot travel, because a plugin put something odd in it, is told as such."""
    try:
        pipe.send(result)
    except OSError:
        raise
    except Exception as error:
        message = say("插件给出的结果不能在进程间传递：{error}", error=repr(error))
        found = (Finding(message, rule="PLG-003"),)
        pipe.send(Result(result.name, "failed", findings=found, summary={"error": 1}, rules=titles_of(found)))
