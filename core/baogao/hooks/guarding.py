"""Call a plugin: what it prints, raises, changes, and how long it takes is kept apart from the program."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import time
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any, TypeVar

from baogao.language import Message, listed, say

__all__ = ["Guard", "Process", "Watch", "safely"]

T = TypeVar("T")


class Watch:
    """Stand between the program and a plugin within `with`, once or again and again: nothing but Ctrl-C passes.

    `error` is what it raised, even SystemExit; what it prints goes to stderr with its name before every line, and
    `printed` is the first of that; `seconds` is how long it took.
    """

    def __init__(self, plugin: str) -> None:
        """Take the plugin's name, as people know it."""
        self.plugin = plugin
        self.error: BaseException | None = None
        self.printed = ""
        self.seconds = 0.0
        self._streams: tuple[Any, Any] = (None, None)
        self._aside: tuple[_Named, _Kept] | None = None
        self._since = 0.0

    def __enter__(self) -> Watch:
        """Put stdout and stderr aside."""
        self._streams = sys.stdout, sys.stderr
        if self._aside is None:
            self._aside = _Named(sys.stderr, self), _Kept(sys.stderr)
        sys.stdout, sys.stderr = self._aside
        self._since = time.perf_counter()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        """Keep what was raised; Ctrl-C goes on, with a note of who was at work."""
        self.seconds += time.perf_counter() - self._since
        sys.stdout, sys.stderr = self._streams
        self.error = error
        if isinstance(error, KeyboardInterrupt):
            if self.plugin not in getattr(error, "__notes__", ()):
                error.add_note(self.plugin)
            return False
        return error is not None


class Guard(Watch):
    """A watch that also gives back what belongs to the whole process; a plugin that takes it has failed.

    That is the folder it works in and the rights of new files; the depth of calls is put back, and no fault. What a
    program that the plugin starts, or a library in C, writes to stdout goes to stderr.
    """

    def __enter__(self) -> Guard:
        """Remember the process as it is."""
        self._process = Process()
        self._process.__enter__()
        super().__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        """Put the process back as it was; to have changed it is an error of its own."""
        kept = super().__exit__(kind, error, trace)
        self._process.__exit__(kind, error, trace)
        changed = self._process.changed()
        if changed and error is None:
            self.error = RuntimeError(changed)
        return kept


class Process:
    """Keep what all the program shares as it is, within `with`; the descriptor of stdout leads to stderr."""

    def __enter__(self) -> Process:
        """Remember it."""
        self._depth = sys.getrecursionlimit()
        self._mask = os.umask(0o077)
        os.umask(self._mask)
        self._folder = _folder()
        self._changed: Message | str = ""
        self._stdout = _aside()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Put it back."""
        if self._stdout is not None:
            os.dup2(self._stdout, 1)
            os.close(self._stdout)
        self._changed = self.changed()

    def changed(self) -> Message | str:
        """Return what was changed since it was asked last, and has been put back, "" for nothing."""
        before, self._changed = self._changed, ""
        if before:
            return before
        sys.setrecursionlimit(self._depth)
        changed: list[Message] = []
        if os.umask(self._mask) != self._mask:
            changed.append(say("新文件的权限（os.umask）"))
        if _folder() != self._folder:
            changed.append(say("当前文件夹（os.chdir）"))
            with contextlib.suppress(OSError):
                os.chdir(self._folder)
        return say("改了{what}，那是整个程序的；已改回", what=listed(changed)) if changed else ""


def _folder() -> str:
    """Return the folder the process works in, "" where it has been removed."""
    try:
        return os.getcwd()  # noqa: PTH109  # a path would take ten times as long
    except OSError:
        return ""


def _aside() -> int | None:
    """Send to stderr what is written to the descriptor of stdout; return where it went, None where there is none."""
    try:
        if sys.__stdout__ is not None:
            sys.__stdout__.flush()
        kept = os.dup(1)
        os.dup2(2, 1)
    except (OSError, ValueError):
        return None
    return kept


def safely(make: Callable[[], T], otherwise: T) -> T:
    """Return what a plugin's object says of itself, or something else where it raises instead; Ctrl-C goes on."""
    try:
        with contextlib.redirect_stdout(sys.stderr):
            return make()
    except KeyboardInterrupt:
        raise
    except BaseException:
        return otherwise


class _Kept:
    """What a plugin sees as stderr: it may write, and neither close it nor take it away."""

    encoding = "utf-8"
    errors = "backslashreplace"
    closed = False
    newlines = None

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Pass the text on."""
        if self._stream is not None:
            self._stream.write(text)
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Pass all lines on."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Have what was written appear."""
        if self._stream is not None:
            self._stream.flush()

    def fileno(self) -> int:
        """Return the descriptor, for programs that are started with it."""
        return self._stream.fileno()

    def isatty(self) -> bool:
        """Tell that nobody sits before it: no colours."""
        return False

    def writable(self) -> bool:
        """Tell that it can be written to."""
        return True

    readable = seekable = isatty

    def close(self) -> None:
        """Stay open: it is not the plugin's to close."""

    def reconfigure(self, **_more: Any) -> None:
        """Stay as it is."""

    @property
    def buffer(self) -> _Bytes:
        """Return what takes bytes, and is no more the plugin's to close."""
        return _Bytes(self)

    def detach(self) -> _Bytes:
        """Return what takes bytes, and stay."""
        return _Bytes(self)


class _Named(_Kept):
    """What a plugin sees as stdout: stderr, with its name before every line."""

    def __init__(self, stream: Any, guard: Watch) -> None:
        super().__init__(stream)
        self._guard = guard
        self._begun = False

    def write(self, text: str) -> int:
        """Pass the text on, line by line."""
        self._guard.printed = self._guard.printed or text.strip().partition("\n")[0]
        for line in text.splitlines(keepends=True):
            super().write(line if self._begun else f"[{self._guard.plugin}] {line}")
            self._begun = not line.endswith("\n")
        return len(text)


class _Bytes(io.BufferedIOBase):
    """Bytes for a stream of words."""

    def __init__(self, stream: _Kept) -> None:
        self._kept = stream

    def write(self, content: Any) -> int:
        """Pass the bytes on as text."""
        data = bytes(content)
        self._kept.write(data.decode("utf-8", "backslashreplace"))
        return len(data)

    def writable(self) -> bool:
        """Tell that it can be written to."""
        return True

    def fileno(self) -> int:
        """Return the descriptor of the stream."""
        return self._kept.fileno()
