"""The work of the pool done by a Dask cluster: orders of many reports, results as they come, no report lost.

An order whose worker dies is given out again without what is done of it, and the report that was being done goes
alone; one at which worker after worker dies is itself what is wrong.
"""

from __future__ import annotations

import contextlib
import logging
import pickle
import re
import time
import uuid
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from baogao.batch.pool import Waiting, Work, lost, nobody_waits
from baogao.batch.tasks import Result, Task
from baogao.batch.working import program_of
from baogao.errors import BaogaoError
from baogao.files.writing import remove_leftovers
from baogao.language import say
from baogao.model.findings import Finding

if TYPE_CHECKING:
    from distributed import Client, Future

    from baogao.batch.serving import Order, Said

__all__ = ["LOCAL", "is_address", "on_cluster", "order_sizes"]

LOCAL = "local"
"""The address of a cluster that is started on this machine for the run."""

ADDRESS = re.compile(r"(?:(?:tcp|tls)://)?(?:\[[0-9a-fA-F:.]+\]|[^\s/:\[\]]+):([0-9]{1,5})")
HIGHEST_PORT = 65535

LEAST = 200
"""Reports of an order at least."""
MOST = 2000
"""Reports of an order at most: what is given out is held in memory here."""
MOST_ORDERS = 8
"""Orders for each process of the cluster at most, unless they would be too large."""
AHEAD = 2
"""Orders for each process that are given out at once; the others wait here, so that memory does not grow."""
MOST_DEATHS = 3
"""Workers that may die at one report before it is given up."""
POLL = 0.2
"""Seconds after which it is asked again whether to stop."""
PATIENCE = 20
"""Seconds to find the cluster, and to find a worker in it."""


def on_cluster(
    tasks: Iterable[Task],
    work: Work,
    jobs: int,
    *,
    address: str,
    total: int,
    guard: str = "",
    stopping: Callable[[], bool] = lambda: False,
    waiting: Waiting = nobody_waits,
) -> Iterator[Result]:
    """Yield the result of every task as it comes; once `stopping` says so, only of those already begun.

    `waiting` is told again and again of every report that is being done. `total` is how many tasks there are; `jobs`
    is the number of workers of a cluster on this machine. Raise BaogaoError where the cluster cannot be used, or is
    lost.
    """
    with _client(address, jobs) as client:
        run = _Run(client, iter(tasks), order_sizes(total, _hands(client)), work, guard, waiting)
        yield from run.results(stopping)
        run.end()


def is_address(text: str) -> bool:
    """Tell whether a text may be the address of a cluster: Dask waits long to end where it is none."""
    found = ADDRESS.fullmatch(text)
    return text == LOCAL or (found is not None and 0 < int(found[1]) <= HIGHEST_PORT)


def order_sizes(total: int, hands: int) -> Iterator[int]:
    """Yield how many reports each order has: 200 to 2000, or fewer where some process would then have none."""
    most = max(MOST_ORDERS * hands, -(-total // MOST))
    orders = min(max(total // LEAST, hands, 1), most, total)
    for number in range(orders):
        yield total * (number + 1) // orders - total * number // orders


@dataclass(slots=True)
class _Out:
    """An order that is given out: its reports that are not done, and the worker that has begun it."""

    order: Order
    future: Future[None]
    undone: dict[str, Task]
    worker: str = ""
    since: float = 0.0
    ended: bool = False


@dataclass(slots=True)
class _Run:
    """The orders of a batch that are given out, and what is yet to be."""

    client: Client
    tasks: Iterator[Task]
    sizes: Iterator[int]
    work: Work
    guard: str
    waiting: Waiting
    topic: str = field(default_factory=lambda: f"baogao-{uuid.uuid4().hex}")
    out: dict[str, _Out] = field(default_factory=dict[str, _Out])
    begun: list[str] = field(default_factory=list[str])
    stopped: bool = False
    deaths: Counter[Path] = field(default_factory=Counter[Path])
    inbox: SimpleQueue[Said] = field(default_factory=SimpleQueue["Said"])

    def results(self, stopping: Callable[[], bool]) -> Iterator[Result]:
        """Give out orders and yield what comes of them, until nothing is out."""
        self.client.subscribe_topic(self.topic, self._hear)
        self._fill()
        while self.out:
            # What is told of an order comes before its end: so the end is looked at first.
            settled = [one for one in self.out.values() if one.future.status != "pending"]
            yield from self._heard()
            if stopping():
                yield from self._stop()
                return
            for one in settled:
                yield from self._settle(one)
            if settled:
                self._fill()
            self._tell()

    def _tell(self) -> None:
        """Tell of every report that is being done: the first of an order that was begun and is not done."""
        now = time.monotonic()
        for one in self.out.values():
            if one.worker and one.undone:
                self.waiting(next(iter(one.undone)), now - one.since)

    def _hear(self, event: tuple[float, bytes]) -> None:
        self.inbox.put(pickle.loads(event[1]))  # noqa: S301  # a cluster is as trusted as this machine

    def _fill(self) -> None:
        """Give out orders until every process of the cluster has its share."""
        share = AHEAD * max(1, _hands(self.client))
        while len(self.out) < share and (size := next(self.sizes, 0)):
            self._give(*islice(self.tasks, size))

    def _give(self, *tasks: Task, again: bool = False) -> None:
        from baogao.batch.serving import Order, serve

        key = uuid.uuid4().hex
        program = program_of(tasks[0].settings)
        order = Order(key, self.topic, tuple(map(_anywhere, tasks)), self.work, self.guard, program)
        self.begun.append(order.begun)
        future = self.client.submit(serve, order, key=f"baogao-{key}", pure=False, priority=int(again))
        self.out[key] = _Out(order, future, {task.name: task for task in tasks})

    def _heard(self) -> Iterator[Result]:
        """Yield the results that have come; wait a moment where none have."""
        said = _next(self.inbox, POLL)
        while said is not None:
            one = self.out.get(said.key)
            if one is not None:
                yield from self._take(one, said)
            said = _next(self.inbox, 0)

    def _take(self, one: _Out, said: Said) -> Iterator[Result]:
        from baogao.batch.serving import Began, Ended, Refused

        one.since = time.monotonic()
        if isinstance(said, Began):
            one.worker = said.worker
        elif isinstance(said, Ended):
            one.ended = True
        elif isinstance(said.result, Refused):
            raise BaogaoError(said.result.findings)
        elif (task := one.undone.pop(said.result.name, None)) is not None:
            yield from self._came(task, said.result)

    def _came(self, task: Task, result: Result) -> Iterator[Result]:
        """Yield a result, unless its process died and it is to be tried again."""
        if result.state != "lost" or self._too_often(task) or self.stopped:
            yield result
        else:
            self._give(task, again=True)

    def _too_often(self, task: Task) -> bool:
        """Count that a worker died at a report; tell whether that is enough."""
        folder = task.settings.out / task.name
        self.deaths[folder] += 1
        return self.deaths[folder] >= MOST_DEATHS

    def _settle(self, one: _Out) -> Iterator[Result]:
        """Cross an order off; what its worker has left undone is given out again."""
        del self.out[one.order.key]
        failure = _failure(one.future)
        if failure:
            raise BaogaoError([failure])
        undone = one.undone.values()
        if undone and one.future.status == "error" and not one.worker:
            self._give(*undone, again=True)  # it only waited for a worker that died at something else
        elif undone:
            yield from self._after_death(*undone)

    def _after_death(self, suspect: Task, *others: Task) -> Iterator[Result]:
        if self._too_often(suspect):
            yield lost(suspect, say("处理这份报告的工作进程接连没了 {count} 个；不再重试", count=MOST_DEATHS))
        else:
            self._give(suspect, again=True)
        if others:
            self._give(*others, again=True)

    def _stop(self) -> Iterator[Result]:
        """Take back the orders, and yield the results of the reports that were begun."""
        self.stopped = True
        with _reached():
            self.client.cancel([one.future for one in self.out.values()])
        while any(not one.ended and one.worker in _threads(self.client) for one in self.out.values()):
            yield from self._heard()

    def end(self) -> None:
        """Remove what workers that died have left half written, and what the scheduler remembers of the run."""
        from distributed import Event

        for folder in self.deaths:
            remove_leftovers(folder)
        with contextlib.suppress(OSError):
            for name in self.begun:  # not sooner: the scheduler may try an order again as long as it is known here
                Event(name, client=self.client).clear()


def _next(inbox: SimpleQueue[Said], seconds: float) -> Said | None:
    with contextlib.suppress(Empty):
        return inbox.get(timeout=seconds) if seconds else inbox.get_nowait()
    return None


def _anywhere(task: Task) -> Task:
    """Return the task with paths that mean the same in any folder."""
    previous = task.previous.absolute() if task.previous else None
    return replace(task, source=task.source.absolute(), previous=previous)


def _failure(future: Future[None]) -> Finding | None:
    """Return why the cluster cannot go on; a worker that died is no reason."""
    from distributed import KilledWorker

    if future.status == "cancelled":
        return _cut_off()
    error = future.exception() if future.status == "error" else None
    if error is None or isinstance(error, KilledWorker):
        return None
    reason = f"{type(error).__name__}: {error}"
    return Finding(say("集群的工作进程出错：{error}；各台机器要装同样的程序", error=reason))


def _cut_off() -> Finding:
    return Finding(say("与集群的连接断了"), hint=say("集群好了以后加 --resume 再运行，接着做剩下的"))


@contextlib.contextmanager
def _reached() -> Generator[None]:
    """Say that the cluster is gone where it does not answer."""
    try:
        yield
    except OSError as error:
        raise BaogaoError([_cut_off()]) from error


def _threads(client: Client) -> Mapping[str, int]:
    """Return how many orders each worker does at once."""
    with _reached():
        found: Any = client.nthreads()
    return found


def _hands(client: Client) -> int:
    """Return how many orders the cluster does at once."""
    return sum(_threads(client).values())


@contextlib.contextmanager
def _client(address: str, jobs: int) -> Generator[Client]:
    """Give a client of the cluster; raise BaogaoError where there is none, or nobody works there."""
    try:
        import distributed
    except ImportError as error:
        hint = say('运行 pip install "baogao[cluster]"')
        raise BaogaoError([Finding(say("--cluster 要用 distributed，还没有装"), hint=hint)]) from error
    if address.startswith("tls://") and not distributed.Security().tls_client_cert:
        hint = say(
            "把证书写在环境变量 DASK_DISTRIBUTED__COMM__TLS__CLIENT__CERT 等里，见 docs/batch.md 的“几台机器一起做”"
        )
        raise BaogaoError([Finding(say("集群 {address} 要证书，还没有配", address=address), hint=hint)])
    with contextlib.ExitStack() as stack:
        for name in ("distributed", "distributed.client"):
            logging.getLogger(name).setLevel(logging.CRITICAL)  # what matters is said by us
        place = stack.enter_context(_local(jobs)) if address == LOCAL else address
        try:
            client = stack.enter_context(distributed.Client(place, timeout=PATIENCE, set_as_default=False))
            client.wait_for_workers(1, timeout=PATIENCE)
        except (OSError, ValueError, TypeError) as error:
            raise BaogaoError([_not_there(address, error)]) from error
        yield client


def _not_there(address: str, error: Exception) -> Finding:
    hint = say("看调度程序（dask scheduler）和工作进程（dask worker）是否已经启动，地址是否写对")
    return Finding(say("集群 {address} 用不了：{error}", address=address, error=str(error)), hint=hint)


@contextlib.contextmanager
def _local(jobs: int) -> Generator[object]:
    """Start a cluster that only this machine can reach, and end it afterwards."""
    from dask import config
    from distributed import LocalCluster

    # A worker that is a daemon may not start processes of its own.
    with (
        config.set({"distributed.worker.daemon": False}),
        LocalCluster(
            n_workers=jobs,
            threads_per_worker=1,
            host="127.0.0.1",
            scheduler_kwargs={"dashboard": False, "dashboard_address": "127.0.0.1:0"},
            memory_limit=None,
            preload=["baogao.batch.serving"],
            silence_logs=logging.CRITICAL,
        ) as cluster,
    ):
        yield cluster
