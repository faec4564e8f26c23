"""Folders of many reports for tests, and batches that run beside the test."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from baogao.batch.tasks import Result, Task
from reports import Edit, sample

__all__ = ["ended", "process_of", "reports", "started", "workers"]


def reports(folder: Path, edits: Mapping[str, Mapping[str, Edit]]) -> Path:
    """Return a folder with a copy of the example for each name, each with its own changes."""
    for name, files in edits.items():
        sample(folder / "made", files).rename(folder / name)
        shutil.rmtree(folder / "made")
    return folder


def started(folder: Path, out: Path, *more: str) -> subprocess.Popen[bytes]:
    """Start a batch with two workers in a process group of its own."""
    words = ["batch", "build", str(folder), "-o", str(out), "--jobs", "2", "--trust-plugins", *more]
    code = [sys.executable, "-m", "baogao", *words]
    return subprocess.Popen(code, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)


def ended(running: subprocess.Popen[bytes]) -> int:
    """Wait for the end of a run and return its exit code."""
    running.communicate()
    return running.returncode


def process_of(_task: Task) -> Result:
    """Do a task by telling which process does it."""
    return Result(str(os.getpid()), "passed")


def workers(parent: int) -> list[int]:
    """Return the processes that do reports for this one."""
    with contextlib.suppress(OSError):
        lists = Path(f"/proc/{parent}/task").glob("*/children")
        children = [pid for path in lists for pid in path.read_text().split()]
        return sorted(int(pid) for pid in children if b"spawn_main" in _command(pid))
    return []


def _command(pid: str) -> bytes:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""
