"""Read a text file: UTF-8 only, within bounds, and say what is wrong with one that is not."""

from __future__ import annotations

import codecs
import errno
import os
import stat
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from baogao.language import Message, say
from baogao.model.findings import Finding, Location, Severity

__all__ = [
    "LARGEST",
    "ReadText",
    "open_regular",
    "read_bytes",
    "read_content",
    "read_text",
    "text_of",
    "without_mark",
]

LARGEST = 5_000_000
"""Bytes; a section's file above this is refused."""


@dataclass(frozen=True, slots=True)
class ReadText:
    """A file's text, "" where it could not be read, and the findings that say why."""

    text: str = ""
    problems: tuple[Finding, ...] = ()

    @property
    def broken(self) -> bool:
        """Tell whether the file could not be read."""
        return any(problem.severity is Severity.ERROR for problem in self.problems)


def read_text(path: Path, file: str) -> ReadText:
    """Return the text of a file; `file` is its name in messages."""
    content = read_content(path, file)
    return ReadText("", (content,)) if isinstance(content, Finding) else text_of(content, file)


def read_content(path: Path, file: str) -> bytes | Finding:
    """Return the bytes of a section's file, or the finding that says why there are none."""
    try:
        content = read_bytes(path, LARGEST + 1)
    except FileNotFoundError:
        return _refused("SRC-001", say("找不到文件 {file}{like}", file=file, like=_like(path)), file)
    except OSError as exc:
        message = say("无法读取 {file}：{error}", file=file, error=exc.strerror or str(exc))
        hint = say("换成普通文件") if exc.errno in (errno.EINVAL, errno.ELOOP) else ""
        return _refused("SRC-002", message, file, hint)
    if len(content) > LARGEST:
        message = say("{file} 太大，超过 {limit} 字节", file=file, limit=LARGEST)
        return _refused("SRC-002", message, file, say("看看是不是放错了文件；是这个文件，删去多余的内容"))
    return content


def text_of(content: bytes, file: str) -> ReadText:
    """Return the text of bytes that were read; `file` is their name in messages."""
    content, problems = without_mark(content, file)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as exc:
        before = content[: exc.start].decode("utf-8", "replace")
        line, column = before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1
        message = say("{file} 不是 UTF-8 编码{guess}", file=file, guess=_guess(content))
        return ReadText("", (Finding(message, rule="SRC-003", location=Location(file, line, column)),))
    return ReadText(text.replace("\r\n", "\n"), problems)


def without_mark(content: bytes, file: str, line: int = 1) -> tuple[bytes, tuple[Finding, ...]]:
    """Return bytes without a byte order mark at their beginning, and the finding that there was one."""
    if not content.startswith(codecs.BOM_UTF8):
        return content, ()
    message = say("{file} 开头有字节顺序标记（BOM），已略过；内容不受影响", file=file)
    found = Finding(message, rule="SRC-011", severity=Severity.INFO, location=Location(file, line, 1))
    return content.removeprefix(codecs.BOM_UTF8), (found,)


def read_bytes(path: Path, most: int) -> bytes:
    """Return at most so many bytes of a regular file; raise OSError for anything else, such as a pipe."""
    with open_regular(path) as file:
        size = os.fstat(file.fileno()).st_size
        content = file.read(min(size + 1, most))
        return content if len(content) <= size else content + file.read(most - len(content))  # it is being written


def open_regular(path: Path) -> BufferedReader:
    """Open a regular file; raise OSError for anything else, such as a pipe, rather than wait for it."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    file = os.fdopen(handle, "rb")
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        file.close()
        raise OSError(errno.EINVAL, say("不是普通文件"))
    return file


def _like(path: Path) -> Message:
    """Name a file that was probably meant: Windows hides the last ending of `overview.md.txt`."""
    if path.is_symlink():
        return say("：它是一个链接，指向的文件不存在")
    others = sorted(path.parent.glob("*")) if path.parent.is_dir() else []
    stem = path.stem.casefold()
    found = next((other.name for other in others if other.name.casefold().startswith(f"{stem}.")), "")
    return say("；有一个 {found}，是不是它？改名后再试", found=found) if found else say("")


def _guess(content: bytes) -> Message:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return say("（看来是 UTF-16，即记事本所说的 Unicode）")
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return say("")
    return say("（看来是 GBK，即记事本所说的 ANSI）")


def _refused(rule: str, message: Message, file: str, hint: str = "") -> Finding:
    return Finding(message, rule=rule, hint=hint, location=Location(file))
