"""A batch that is killed at any moment and resumed gives what one clean run gives, byte for byte."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import random
import signal
import time
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from baogao.batch import hashing
from baogao.batch.journal import Journal
from baogao.batch.tasks import Known, Settings, Task
from baogao.batch.working import do
from core.batches import ended, reports, started, workers
from reports import Run, sample, tree

pytestmark = pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="looks for the workers in /proc")
VICTIM = hashlib.sha256(b"x").hexdigest()
UNITS = {**{f"局{number}": {} for number in range(5)}, "错": {"requests.yaml": None}, "空": {"report.yaml": ""}}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return reports(tmp_path_factory.mktemp("区"), UNITS)


@pytest.fixture(scope="module")
def clean(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bytes], float]:
    """What a run that nobody disturbs gives, and the seconds it takes."""
    out = tmp_path_factory.mktemp("clean") / "out"
    start = time.monotonic()
    assert ended(started(folder, out)) == 1
    return tree(out), time.monotonic() - start


def killed_and_resumed(folder: Path, out: Path, seconds: float, seed: int) -> dict[str, bytes]:
    chance = random.Random(seed)
    running = started(folder, out)
    time.sleep(chance.uniform(0.1, seconds))
    victims = [running.pid] if chance.random() < 0.5 else workers(running.pid)[:1]
    for pid in victims:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    running.communicate()
    assert ended(started(folder, out, "--resume")) == 1
    return tree(out)


@pytest.mark.parametrize("seed", range(5))
def test_killed_at_a_random_moment_and_resumed(folder: Path, tmp_path: Path, clean, seed: int):
    assert killed_and_resumed(folder, tmp_path / "out", clean[1], seed) == clean[0]


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 200))
def test_killed_at_a_hundred_random_moments_and_resumed(folder: Path, tmp_path: Path, clean, seed: int):
    assert killed_and_resumed(folder, tmp_path / "out", clean[1], seed) == clean[0]


def test_what_a_killed_run_left_half_done_is_removed(folder: Path, tmp_path: Path, clean):
    out = tmp_path / "out"
    for left in ("局0/.baogao-x.tmp", "局0/.baogao-y.old", ".baogao-z.tmp"):
        (out / left).parent.mkdir(parents=True, exist_ok=True)
        (out / left).write_bytes(b"half")
    assert ended(started(folder, out)) == 1

    assert tree(out) == clean[0]


def test_ctrl_c_finishes_what_is_begun_and_says_how_to_go_on(folder: Path, tmp_path: Path, clean):
    out = tmp_path / "out"
    running = started(folder, out)
    journal = out / ".baogao" / "journal.jsonl"
    while not (journal.exists() and journal.stat().st_size):
        time.sleep(0.02)
    os.killpg(running.pid, signal.SIGINT)
    said = running.communicate()[1].decode()

    assert running.returncode == 130
    assert "--resume" in said
    assert "Traceback" not in said
    assert 0 < len(journal.read_bytes().splitlines()) < len(UNITS)
    assert not (out / "summary.json").exists()
    assert ended(started(folder, out, "--resume")) == 1
    assert tree(out) == clean[0]


def test_the_summary_of_an_earlier_run_goes_with_the_first_report_done_again(tmp_path: Path):
    folder, out = reports(tmp_path / "in", {f"局{number}": {} for number in range(6)}), tmp_path / "out"
    assert ended(started(folder, out)) == 0
    for unit in folder.iterdir():
        (unit / "overview.md").write_text("本年主动公开信息66篇。\n", encoding="utf-8")
    size = (out / ".baogao" / "journal.jsonl").stat().st_size
    running = started(folder, out, "--resume")
    while (out / ".baogao" / "journal.jsonl").stat().st_size <= size and running.poll() is None:
        time.sleep(0.02)
    os.killpg(running.pid, signal.SIGINT)

    assert ended(running) == 130
    assert sorted(path.name for path in out.iterdir() if path.is_file()) == []
    ended(started(folder, out, "--resume"))
    assert (out / "summary.html").is_file()


def recorded(name: str) -> dict[str, Any]:
    """Return the least that a record of a report holds."""
    empty: dict[str, Any] = {key: {} for key in ("report", "summary", "rules", "outputs")}
    return {"name": name, "input": "", "state": "passed", **empty, "findings": []}


def test_a_torn_line_of_the_journal_is_cut_off(tmp_path: Path):
    path = tmp_path / "journal.jsonl"
    with Journal(path) as journal:
        journal.add(recorded("一"))
        journal.add(recorded("二"))
    whole = path.read_bytes()
    for cut in range(len(whole)):
        path.write_bytes(whole[:cut])
        with Journal(path) as journal:
            kept = [record["name"] for record in journal.records(["一", "二"])]
            journal.add(recorded("三"))
        with Journal(path) as journal:
            assert journal.record("三") == recorded("三")
        assert kept == ["一", "二"][: whole[:cut].count(b"\n")]


@pytest.mark.parametrize(
    "change",
    [
        {"input": None},
        {"outputs": [1]},
        {"outputs": {"../../victim.txt": VICTIM}},
        {"outputs": {"/victim.txt": VICTIM}},
        {"outputs": {"..": VICTIM}},
        {"outputs": {"x": 1}},
        {"findings": None},
        {"report": "x"},
    ],
)
def test_a_record_that_is_none_of_ours_is_not_believed(folder: Path, tmp_path: Path, run: Run, change: dict[str, Any]):
    victim, out = tmp_path / "victim.txt", tmp_path / "out"
    victim.write_text("x", "utf-8")
    run("batch", "check", folder / "局1", "-o", out)
    journal = out / ".baogao" / "journal.jsonl"
    record = {**json.loads(journal.read_text("utf-8")), "input": "0", **change}
    journal.write_text(json.dumps(record) + "\n", "utf-8")
    ran = run("batch", "check", folder / "局1", "-o", out, "--resume")

    assert (ran.code, victim.read_text("utf-8")) == (0, "x")
    assert json.loads(journal.read_text("utf-8"))["outputs"] == {}


def test_a_settled_journal_has_each_report_once_in_the_order_of_names(tmp_path: Path):
    path = tmp_path / "journal.jsonl"
    with Journal(path) as journal:
        for name, state in (("b", "lost"), ("a", "found"), ("b", "passed")):
            journal.add({"name": name, "state": state})
        journal.settle()

    assert path.read_text() == '{"name": "a", "state": "found"}\n{"name": "b", "state": "passed"}\n'


def test_resuming_where_nothing_was_begun_does_everything(folder: Path, tmp_path: Path, clean, run: Run):
    assert run("batch", "build", folder, "-o", tmp_path / "out", "--resume").code == 1
    assert tree(tmp_path / "out") == clean[0]


TOMORROW = date.today() + timedelta(days=1)
WAIVER = "- {{rule: PRC-001, path: '', reason: 无, author: 甲, approver: 乙, date: {day}}}\n"


@pytest.mark.parametrize(
    ("files", "holds"),
    [
        ({}, True),
        ({"waivers.yaml": WAIVER.format(day="2021-01-20")}, True),
        ({"waivers.yaml": WAIVER.format(day=TOMORROW)}, False),
        ({"waivers.yaml": WAIVER.format(day=f"2021-01-20, until: {date.today()}")}, False),
        ({"overview.md": f"定于{TOMORROW}召开会议。\n"}, False),
    ],
    ids=["no day", "a day gone by", "a waiver of tomorrow", "a waiver that ends today", "a day in a chapter"],
)
def test_a_record_holds_until_a_day_written_in_the_report_has_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], holds: bool
):
    task = Task("局", sample(tmp_path, files), Settings(tmp_path / "out", build=False, only_changed=True))
    first = do(task)
    monkeypatch.setattr(hashing, "date", Mock(today=lambda: TOMORROW))
    again = do(replace(task, known=Known(first.input, first.outputs, done=True)))

    assert (again.state == "unchanged") == holds
