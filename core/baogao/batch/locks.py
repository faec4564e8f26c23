"""Locks that the system lets go when their process ends, however it ends."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

from baogao.errors import OutputError
from baogao.language import say
from baogao.model.findings import Finding

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

__all__ = ["exclusive", "shared", "wait_for_workers"]

PATIENCE = 60
"""Seconds that workers of a run that was killed have to finish what they are at."""


@contextlib.contextmanager
def exclusive(path: Path) -> Generator[None]:
    """Hold a lock that nobody else can have; raise OutputError where somebody has it."""
    with path.open("ab") as file:
        if not _taken(file, alone=True):
            message = say("{folder} 里另有一次运行没有结束", folder=str(path.parents[1]))
            hint = say("等它结束，或换一个文件夹（-o）")
            raise OutputError([Finding(message, rule="OUT-003", hint=hint)])
        yield


@contextlib.contextmanager
def shared(path: str) -> Generator[None]:
    """Hold a lock together with others."""
    with Path(path).open("ab") as file:
        _taken(file, alone=False)
        yield


def wait_for_workers(path: Path) -> None:
    """Wait until no worker of an earlier run is left; raise OutputError where one does not end."""
    end = time.monotonic() + PATIENCE
    with path.open("ab") as file:
        while not _taken(file, alone=True):
            if time.monotonic() > end:
                message = say("{folder} 里上一次运行的进程还在写", folder=str(path.parents[1]))
                raise OutputError([Finding(message, rule="OUT-003", hint=say("结束它，再运行一次"))])
            time.sleep(0.05)


def _taken(file: Any, *, alone: bool) -> bool:
    """Take the lock if it is free. On Windows a byte of the file is locked, and only by one at a time."""
    try:
        if fcntl is not None:
            fcntl.flock(file, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        elif alone:
            _lock_byte(file)
    except OSError:
        return False
    return True


def _lock_byte(file: Any) -> None:
    import msvcrt

    os.lseek(file.fileno(), 0, os.SEEK_SET)
    module: Any = msvcrt
    module.locking(file.fileno(), module.LK_NBLCK, 1)
