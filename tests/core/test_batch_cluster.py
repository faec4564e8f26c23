"""A batch on a Dask cluster gives what the pool gives, byte for byte, whatever happens to its workers."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from baogao.batch import cluster
from baogao.batch.cluster import order_sizes
from core.batches import ended, reports, started, workers
from reports import EXAMPLE, Edit, Run, tree, with_path

pytestmark = [
    pytest.mark.skipif(find_spec("distributed") is None, reason="distributed is not installed: baogao[cluster]"),
    pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="looks for the workers in /proc"),
]

TRUST = "--trust-plugins"
PLUGIN = """
import os, signal
from baogao import hookimpl, Rule

def die(report, options):
    os.write(1, b"noise")
    {how}

@hookimpl
def validation_rules():
    return [Rule("DIE-001", "死", check=die)]
"""


def killer(how: str) -> dict[str, Edit]:
    """Return the files of a report whose plugin does something to its process."""
    text = (EXAMPLE / "report.yaml").read_text(encoding="utf-8")
    return {"report.yaml": text + "plugins: {load: [die.py]}\n", "die.py": PLUGIN.format(how=how)}


UNITS = {
    **{f"局{number}": {} for number in range(6)},
    "错": {"requests.yaml": None},
    "空": {"report.yaml": ""},
    "死": killer("os._exit(7)"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return reports(tmp_path_factory.mktemp("区"), UNITS)


@pytest.fixture(scope="module")
def clean(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What the pool gives."""
    out = tmp_path_factory.mktemp("clean") / "out"
    assert ended(started(folder, out)) == 3
    return tree(out)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def begun(running: subprocess.Popen[bytes], out: Path) -> None:
    """Wait until the first report is recorded."""
    journal = out / ".baogao" / "journal.jsonl"
    while running.poll() is None and not (journal.exists() and journal.stat().st_size):
        time.sleep(0.02)


def test_the_tree_is_that_of_the_pool_and_stdout_stays_clean(folder: Path, out: Path, clean, tmp_path: Path):
    words = ["batch", "build", folder.name, "-o", str(out), "--cluster", "local", "--jobs", "2", "--format", "json"]
    words.append(TRUST)
    code = [sys.executable, "-m", "baogao", *words]
    ran = subprocess.run(code, capture_output=True, check=False, cwd=folder.parent)

    assert ran.returncode == 3
    assert tree(out) == clean
    assert json.loads(ran.stdout) == json.loads(clean["summary.json"])
    assert json.loads(ran.stdout)["states"]["lost"] == 1


@pytest.mark.parametrize("one", [0, 1])
def test_a_worker_that_is_killed_loses_no_report(folder: Path, out: Path, clean, one: int):
    running = started(folder, out, "--cluster", "local")
    begun(running, out)
    os.kill(workers(running.pid)[one], signal.SIGKILL)

    assert ended(running) == 3
    assert tree(out) == clean


def test_a_report_that_kills_worker_after_worker_is_named_and_given_up(out: Path, run: Run, tmp_path: Path):
    folder = reports(tmp_path / "in", {"一": {}, "二": killer("os.kill(os.getppid(), 9)"), "三": {}})
    ran = run("batch", "build", folder, "-o", out, "--cluster", "local", TRUST, "--jobs", "1", "--format", "json")

    assert ran.code == 3
    assert {unit["name"]: unit["state"] for unit in ran.json["units"]} == {"一": "passed", "二": "lost", "三": "passed"}
    assert "二：处理这份报告的工作进程接连没了 3 个；不再重试" in ran.err


def test_killed_and_resumed_it_gives_the_same(folder: Path, out: Path, clean):
    running = started(folder, out, "--cluster", "local")
    begun(running, out)
    os.kill(running.pid, signal.SIGKILL)
    running.communicate()

    assert ended(started(folder, out, "--resume")) == 3
    assert tree(out) == clean


def test_ctrl_c_finishes_what_is_begun_and_says_how_to_go_on(folder: Path, out: Path, clean):
    running = started(folder, out, "--cluster", "local")
    begun(running, out)
    os.killpg(running.pid, signal.SIGINT)
    said = running.communicate()[1].decode()

    assert running.returncode == 130
    assert "--resume" in said
    assert "Traceback" not in said
    assert 0 < len((out / ".baogao" / "journal.jsonl").read_bytes().splitlines()) < len(UNITS)
    assert not list(out.rglob(".baogao-*"))
    assert ended(started(folder, out, "--resume", "--cluster", "local")) == 3
    assert tree(out) == clean


# A cluster that is there already


@contextlib.contextmanager
def process(
    module: str, *words: str, cwd: Path, env: dict[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Have a process of the cluster run for a while."""
    code = [sys.executable, "-m", f"distributed.cli.{module}", *words]
    running = subprocess.Popen(code, cwd=cwd, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield running
    finally:
        running.terminate()
        running.wait()


@contextlib.contextmanager
def scheduling(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Have a scheduler without workers run for a while: its address and its process."""
    file = folder / "scheduler.json"
    words = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))
    with process("dask_scheduler", *words, cwd=folder) as running:
        while not (file.exists() and file.stat().st_size):
            time.sleep(0.05)
        yield json.loads(file.read_text())["address"], running


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[str]:
    with scheduling(tmp_path) as (address, _):
        yield address


NO_DASHBOARD = ("--no-dashboard", "--host", "127.0.0.1")


def test_a_worker_in_another_folder_with_two_threads_does_the_same(
    folder: Path, out: Path, clean, run: Run, scheduler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(folder.parent)
    with process("dask_worker", scheduler, "--no-nanny", "--nthreads", "2", *NO_DASHBOARD, cwd=tmp_path):
        assert run("batch", "build", folder.name, "-o", out, TRUST, "--cluster", scheduler).code == 3
        assert tree(out) == clean
        ran = run("batch", "build", folder.name, "-o", out, TRUST, "--cluster", scheduler, "--resume")

    assert ran.code == 3
    assert tree(out) == clean


def test_workers_that_go_on_after_the_run_was_killed_stop_by_themselves(
    out: Path, scheduler: str, tmp_path: Path, run: Run
):
    folder = reports(tmp_path / "in", {f"局{number}": {} for number in range(40)})
    with process("dask_worker", scheduler, "--no-nanny", "--nthreads", "1", *NO_DASHBOARD, cwd=tmp_path):
        code = [sys.executable, "-m", "baogao", "batch", "check", str(folder), "-o", str(out), "--cluster", scheduler]
        running = subprocess.Popen(code, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        begun(running, out)
        running.kill()
        running.wait()
        start = time.monotonic()
        assert run("batch", "check", folder, "-o", out, "--resume", "--jobs", "1").code == 0
        assert time.monotonic() - start < 60


def test_a_cluster_that_is_lost_is_said_and_what_is_done_is_kept(out: Path, tmp_path: Path, run: Run):
    folder = reports(tmp_path / "in", {f"局{number}": {} for number in range(40)})
    words = ("--no-nanny", "--nthreads", "1", *NO_DASHBOARD)
    with scheduling(tmp_path) as (address, scheduler), process("dask_worker", address, *words, cwd=tmp_path):
        code = [sys.executable, "-m", "baogao", "batch", "check", str(folder), "-o", str(out), "--cluster", address]
        running = subprocess.Popen(code, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        begun(running, out)
        scheduler.kill()
        said = running.communicate()[1].decode()

    assert running.returncode == 3
    assert "与集群的连接断了" in said
    assert "Traceback" not in said
    assert run("batch", "check", folder, "-o", out, "--resume", "--jobs", "1").code == 0


def test_a_worker_with_other_plugins_is_refused(folder: Path, out: Path, run: Run, scheduler: str, tmp_path: Path):
    (tmp_path / "more.py").write_text("")
    info = tmp_path / "more-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: more\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[baogao]\nmore = more\n")
    words = (scheduler, "--no-nanny", *NO_DASHBOARD)
    with process("dask_worker", *words, cwd=tmp_path, env=with_path(tmp_path)):
        ran = run("batch", "build", folder, "-o", out, "--cluster", scheduler)

    assert ran.code == 3
    assert "程序、插件或依赖的版本与本机的不同" in ran.err
    assert not (out / "summary.json").exists()


def test_a_worker_that_sees_another_folder_is_refused(
    folder: Path, run: Run, scheduler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    # This path is absolute, and each process finds its own folder there.
    (tmp_path / "mine").mkdir()
    monkeypatch.chdir(tmp_path / "mine")
    with process("dask_worker", scheduler, "--no-nanny", *NO_DASHBOARD, cwd=tmp_path):
        ran = run("batch", "build", folder, "-o", "/proc/self/cwd/out", "--cluster", scheduler)

    assert ran.code == 3
    assert "各台机器要有同一个共享文件夹" in ran.err


def test_a_worker_that_may_start_no_process_is_refused(folder: Path, out: Path, run: Run, scheduler: str, tmp_path):
    with process("dask_worker", scheduler, *NO_DASHBOARD, cwd=tmp_path):
        ran = run("batch", "build", folder, "-o", out, "--cluster", scheduler)

    assert ran.code == 3
    assert "--no-nanny" in ran.err


def test_a_cluster_that_is_not_there_is_named(folder: Path, out: Path, run: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cluster, "PATIENCE", 0.5)
    ran = run("batch", "check", folder, "-o", out, "--cluster", "tcp://127.0.0.1:1")

    assert ran.code == 3
    assert "集群 tcp://127.0.0.1:1 用不了" in ran.err.splitlines()[-2]
    assert ran.err.splitlines()[-2].startswith("集群")


@pytest.mark.parametrize("address", ["nowhere", "http://127.0.0.1:1", "tcp://127.0.0.1", "tcp://h:99999", ""])
def test_what_is_no_address_is_refused_at_once(folder: Path, out: Path, run: Run, address: str):
    ran = run("batch", "check", folder, "-o", out, "--cluster", address)

    assert (ran.code, out.exists()) == (2, False)
    assert f"“{address}”不是地址" in ran.err


def test_tls_without_a_certificate_says_where_it_goes(folder: Path, out: Path, run: Run):
    ran = run("batch", "check", folder, "-o", out, "--cluster", "tls://127.0.0.1:1")

    assert ran.code == 3
    assert "DASK_DISTRIBUTED__COMM__TLS__CLIENT__CERT" in ran.err


def test_without_distributed_it_says_what_to_install(folder: Path, out: Path, tmp_path: Path):
    (tmp_path / "distributed.py").write_text("raise ImportError('not here')")
    code = [sys.executable, "-m", "baogao", "batch", "check", str(folder), "-o", str(out), "--cluster", "local"]
    ran = subprocess.run(code, capture_output=True, text=True, env=with_path(tmp_path), check=False)

    assert ran.returncode == 3
    assert 'pip install "baogao[cluster]"' in ran.stderr
    assert "Traceback" not in ran.stderr


def test_jobs_are_for_this_machine_only(folder: Path, out: Path, run: Run):
    assert run("batch", "check", folder, "-o", out, "--cluster", "tcp://127.0.0.1:1", "--jobs", "2").code == 2


def test_one_process_does_all_orders_of_a_worker(tmp_path: Path, out: Path, run: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cluster, "LEAST", 2)
    pids = tmp_path / "pids"
    plugin = PLUGIN.format(how=f"open({str(pids)!r}, 'a').write(f'{{os.getpid()}}\\n'); return ()")
    text = (EXAMPLE / "report.yaml").read_text(encoding="utf-8") + "plugins: {load: [die.py]}\n"
    folder = reports(tmp_path / "in", {f"局{number}": {"report.yaml": text, "die.py": plugin} for number in range(8)})

    ran = run("batch", "check", folder, "-o", out, "--cluster", "local", "--jobs", "1", TRUST)
    assert (ran.code, len(pids.read_text().split())) == (0, 8)
    assert len(list(order_sizes(8, 1))) == 4
    assert len(set(pids.read_text().split())) == 1


@pytest.mark.parametrize(
    ("total", "hands", "sizes"),
    [(10, 2, [5, 5]), (3, 4, [1, 1, 1]), (399, 2, [199, 200]), (601, 2, [200, 200, 201]), (0, 2, []), (5, 0, [5])],
)
def test_orders_are_even_and_every_process_gets_one(total: int, hands: int, sizes: list[int]):
    assert list(order_sizes(total, hands)) == sizes


@pytest.mark.parametrize("hands", [1, 2, 50])
def test_orders_of_large_batches_have_at_least_two_hundred_reports(hands: int):
    for total in range(hands * 200, 60_000, 997):
        sizes = list(order_sizes(total, hands))
        assert (sum(sizes), min(sizes) >= 200, len(sizes) <= 8 * hands or min(sizes) > 1000) == (total, True, True)


def test_orders_are_no_larger_however_large_the_batch():
    assert [max(order_sizes(total, 2)) for total in (32_000, 33_000, 10**6)] == [2000, 1942, 2000]
