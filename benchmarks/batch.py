"""How a batch grows with the number of its reports, and the pool against a cluster on the same machine."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

from benchmarks.reports import lines
from benchmarks.tables import Table
from benchmarks.turns import ratio

__all__ = ["against_cluster", "growth"]

LEAST = 1000
JOBS = 2
PAIRS = 2
CLUSTER = ("--cluster", "local")
SAMPLE = ("--verify", "sample")

PAUSE = 0.2
"""Seconds between two looks at the memory of the workers."""

PROGRAM = """
import resource, sys
from pathlib import Path
from baogao.cli.main import main
if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except SystemExit as left:
        used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        busy = sum(one.ru_utime + one.ru_stime for one in used)
        peak = Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]
        print("MEASURED", left.code, busy, peak, file=sys.stderr)
"""
"""Reads its own peak, as that of the workers is read: `getrusage` also counts the memory of whoever started it."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a batch took: seconds by the clock and of the processors, the most memory of the parent and of any worker.

    What else the machine does shows in the clock; in the processors' time hardly.
    """

    seconds: float
    busy: float
    parent: int
    worker: int


def run(command: str, reports: Path, out: Path, *more: str) -> Ran:
    """Run a batch in a process of its own; raise ValueError where it does not pass."""
    script = out.with_suffix(".py")
    script.write_text(PROGRAM, encoding="utf-8")
    words = ["batch", command, str(reports), "-o", str(out), "--jobs", str(JOBS), "--format", "json", *more]
    start = time.perf_counter()
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        ran = subprocess.Popen([sys.executable, str(script), *words], stdout=subprocess.DEVNULL, stderr=said)  # noqa: S603  # this program
        worker = _most_of_workers(ran)
        spent = time.perf_counter() - start
        said.seek(0)
        text = said.read()
    measured = next((line.split() for line in text.splitlines() if line.startswith("MEASURED")), None)
    if measured is None or measured[1] != "0":
        raise ValueError(text)
    return Ran(spent, float(measured[2]), int(measured[3]), worker)


def _most_of_workers(ran: subprocess.Popen[bytes]) -> int:
    """Wait for a process and return the most memory that one of its children held, in KiB."""
    most = 0
    while ran.poll() is None:
        most = max([most, *map(_peak, _children(ran.pid))])
        time.sleep(PAUSE)
    return most


def _children(pid: int) -> list[str]:
    return _read(f"/proc/{pid}/task/{pid}/children").split()


def _peak(pid: str) -> int:
    lines_ = (line.split() for line in _read(f"/proc/{pid}/status").splitlines())
    return next((int(words[1]) for words in lines_ if words[0] == "VmHWM:"), 0)


def _read(path: str) -> str:
    try:
        return Path(path).read_text("utf-8")
    except OSError:  # it has ended
        return ""


def growth() -> Iterator[Table]:
    """Measure a thousand reports, twice and ten times as many."""
    with tempfile.TemporaryDirectory() as folder:
        yield _growth(LEAST, Path(folder))


def against_cluster() -> Iterator[Table]:
    """Measure pool and cluster by turns."""
    with tempfile.TemporaryDirectory() as folder:
        yield _against_cluster("check", 10 * LEAST, Path(folder))


def _growth(count: int, folder: Path) -> Table:
    checks = _runs(("check",), (1, 2, 10), count, folder)
    builds = _runs(("build", *SAMPLE), (1, 10), count, folder)
    rows = [
        [f"`batch {command}`", f"{count * times}", *(f"{value:.2f}" for value in _against(now, ran[1], times))]
        for command, ran in (("check", checks), (f"build {' '.join(SAMPLE)}", builds))
        for times, now in ran.items()
    ]
    said = (
        f"从 .jsonl，{JOBS} 个进程，连同启动；都与同一命令 {count} 份的那次比。"
        f"检查，份数加倍，处理器时间是 {checks[2].busy / checks[1].busy:.2f} 倍，"
        f"钟点是 {checks[2].seconds / checks[1].seconds:.2f} 倍。"
    )
    columns = ["命令", "份数", "每份的处理器时间", "每份的钟点", "主进程的内存", "工作进程的内存"]
    return Table("一批的大小", said, columns, rows)


def _runs(words: Sequence[str], sizes: Sequence[int], count: int, folder: Path) -> dict[int, Ran]:
    """Run a command on so many times as many reports, each time into a new folder that is then removed."""
    ran: dict[int, Ran] = {}
    for times in sizes:
        out = folder / f"{words[0]}-{times}"
        ran[times] = run(words[0], lines(folder / f"{times}.jsonl", count * times), out, *words[1:])
        shutil.rmtree(out)
    return ran


def _against(now: Ran, first: Ran, times: int) -> Sequence[float]:
    """Return a run as multiples of the first."""
    clock, busy = now.seconds / first.seconds / times, now.busy / first.busy / times
    return busy, clock, now.parent / first.parent, now.worker / first.worker


def _against_cluster(command: str, count: int, folder: Path) -> Table:
    """Compare whole runs, and what each further report takes once everything has started."""
    few, many = lines(folder / "few.jsonl", count // 10), lines(folder / "many.jsonl", count)
    pool, cluster = list[tuple[Ran, Ran]](), list[tuple[Ran, Ran]]()
    for number in range(PAIRS):
        for ran, name, more in ((pool, "pool", ()), (cluster, "cluster", CLUSTER)):
            short, whole = (
                run(command, reports, folder / f"{name}-{reports.stem}-{number}", *more) for reports in (few, many)
            )
            ran.append((short, whole))
    keys = (attrgetter("busy"), attrgetter("seconds"))
    whole_run = [ratio([key(many) for _, many in cluster], [key(many) for _, many in pool]) for key in keys]
    each = [
        ratio([key(many) - key(few) for few, many in cluster], [key(many) - key(few) for few, many in pool])
        for key in keys
    ]
    said = (
        f"`batch {command}`，{count} 份，从 .jsonl，都是 {JOBS} 个工作进程，轮流各 {PAIRS} 次。"
        "--cluster local 是进程池的几倍："
    )
    rows = [["连同启动", *whole_run], [f"启动以后每多做一份（{count} 份减去 {count // 10} 份）", *each]]
    return Table("进程池与集群", said, ["什么", "处理器时间", "钟点"], rows)
