"""Call a plugin: what it prints, raises, and how long it takes is kept apart from the program, under its name."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Generator
from types import TracebackType
from typing import Any

__all__ = ["Guard", "descriptor_aside"]


class Guard:
    """Stand between the program and a plugin within `with`: nothing but Ctrl-C passes.

    `error` is what it raised, even SystemExit; what it prints goes to stderr with its name before every line, and
    `printed` is the first of that; `seconds` is how long it took.
    """

    def __init__(self, plugin: str) -> None:
        """Take the plugin's name, as people know it."""
        self.plugin = plugin
        self.error: BaseException | None = None
        self.printed = ""
        self.seconds = 0.0
        self._stdout: Any = None
        self._since = 0.0

    def __enter__(self) -> Guard:
        """Put stdout aside."""
        self._stdout, sys.stdout = sys.stdout, _Aside(self)
        self._since = time.perf_counter()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        """Keep what was raised; Ctrl-C goes on, with a note of who was at work."""
        self.seconds += time.perf_counter() - self._since
        sys.stdout = self._stdout
        self.error = error
        if isinstance(error, KeyboardInterrupt):
            error.add_note(self.plugin)
            return False
        return error is not None


class _Aside:
    """What a plugin sees as stdout: stderr, with its name before every line; it cannot be closed."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._begun = False

    def write(self, text: str) -> int:
        """Pass the text on, line by line."""
        self._guard.printed = self._guard.printed or text.strip().partition("\n")[0]
        for line in text.splitlines(keepends=True):
            sys.stderr.write(line if self._begun else f"[{self._guard.plugin}] {line}")
            self._begun = not line.endswith("\n")
        return len(text)

    def close(self) -> None:
        """Stay open: it is not the plugin's to close."""

    def __getattr__(self, name: str) -> Any:
        return getattr(sys.stderr, name)


@contextlib.contextmanager
def descriptor_aside() -> Generator[None]:
    """Send to stderr what a program that a plugin starts, or a library in C, writes to stdout."""
    try:
        if sys.__stdout__ is not None:
            sys.__stdout__.flush()
        kept = os.dup(1)
        os.dup2(2, 1)
    except (OSError, ValueError):  # a process that has no stdout
        yield
        return
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
