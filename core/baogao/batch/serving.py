"""What a machine of a cluster does with an order: its reports one by one, each told as soon as it is done.

The reports are done in a process of their own, as in the pool: one that dies takes only its report with it. It is
kept for the next order of the same run, and for no other: nothing is left over from a run with other plugins.
"""

from __future__ import annotations

import multiprocessing
import pickle
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from distributed import Event, Worker, get_client, get_worker

from baogao.batch.pool import Bench, Work, in_processes
from baogao.batch.tasks import Result, Task
from baogao.batch.working import program_of
from baogao.errors import BaogaoError
from baogao.language import Message, say
from baogao.model.findings import Finding

__all__ = ["Began", "Came", "Ended", "Order", "Refused", "Said", "dask_setup", "serve"]


MOST_RUNS = 8
"""How many runs at a time have a bench of their own in a worker."""


def dask_setup(worker: Worker) -> None:  # noqa: ARG001  # as Dask calls what is preloaded
    """Leave Ctrl-C, which reaches all processes of a terminal, to who gives the orders."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@dataclass(frozen=True, slots=True)
class Order:
    """Reports that one worker does; what comes of them is told under the topic."""

    key: str
    topic: str
    tasks: tuple[Task, ...]
    work: Work
    guard: str
    program: str

    @property
    def begun(self) -> str:
        """Return the name of the event that says that the order was begun."""
        return f"{self.topic}-{self.key}"


@dataclass(frozen=True, slots=True)
class Began:
    """A worker has begun with an order."""

    key: str
    worker: str


@dataclass(frozen=True, slots=True)
class Came:
    """A report of an order is done."""

    key: str
    result: Result


@dataclass(frozen=True, slots=True)
class Ended:
    """A worker does no more of an order."""

    key: str


Said = Began | Came | Ended


@dataclass(frozen=True, slots=True)
class Refused(Result):
    """Says why a worker cannot do what is asked, whichever report it is."""


def serve(order: Order) -> None:
    """Do an order; one that was begun before, by a worker that died, is left to whoever gave it."""
    worker = get_worker()
    begun = Event(order.begun, client=get_client())
    if begun.is_set():
        return
    begun.set()
    _tell(worker, order, Began(order.key, worker.address))
    try:
        for result in _results(order, worker):
            _tell(worker, order, Came(order.key, result))
    finally:
        _tell(worker, order, Ended(order.key))


def _tell(worker: Worker, order: Order, said: Said) -> None:
    worker.log_event(order.topic, pickle.dumps(said))


def _results(order: Order, worker: Worker) -> Iterator[Result]:
    """Yield the results as long as somebody wants them."""
    key = worker.get_current_task()

    def unwanted() -> bool:
        # Whoever gave the order has taken it back, or is no more.
        task = worker.state.tasks.get(key)
        return task is None or task.state != "executing"

    unfit = _unfit(order.guard)
    if unfit:
        yield _refused(worker.address, unfit)
        return
    try:
        work = _SameProgram(order.work, order.program, worker.address)
        bench = _bench(order.topic)
        yield from in_processes(order.tasks, work, 1, guard=order.guard, stopping=unwanted, bench=bench)
    except BaogaoError as error:
        yield Refused("", "failed", findings=error.findings)


@lru_cache(maxsize=MOST_RUNS)
def _bench(topic: str) -> Bench:  # noqa: ARG001  # a run has its own
    """Return where processes wait for the next order of a run; those of another run go home by themselves."""
    return Bench()


def _unfit(guard: str) -> Message | None:
    """Return why this worker can do no order at all."""
    if not Path(guard).is_file():
        folder = str(Path(guard).parents[1])
        return say("看不到结果文件夹 {folder}；各台机器要有同一个共享文件夹，路径相同", folder=folder)
    if multiprocessing.current_process().daemon:
        return say("不能另起进程；用 dask worker --no-nanny 启动它")
    return None


def _refused(worker: str, reason: Message) -> Refused:
    message = say("集群的 {worker} 做不了：{reason}", worker=worker, reason=reason)
    return Refused("", "failed", findings=(Finding(message),))


@dataclass(frozen=True, slots=True)
class _SameProgram:
    """Work that is refused where program, plugins or libraries are not those of who gave the order."""

    work: Work
    program: str
    worker: str

    def __call__(self, task: Task) -> Result:
        if program_of(task.settings) != self.program:
            return _refused(self.worker, say("程序、插件或依赖的版本与本机的不同；各台机器要装得一样"))
        return self.work(task)
