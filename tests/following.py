"""Follow a document to the letter: type what stands after `$`, write the files it shows, see what it says is printed.

In what is shown `…` stands for anything; a line of nothing else stands for any lines.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from contracts.documents import CodeBlock, blocks, text_of

__all__ = ["Typed", "amiss", "follow", "lines_of", "missed", "typed_in"]

MARK = "-- typed"


@dataclass(frozen=True, slots=True)
class Typed:
    """A command of a document, what the document shows of it, and what came of it."""

    place: str
    command: str
    shown: tuple[str, ...]
    printed: str = ""
    code: int = 0


def typed_in(block: CodeBlock) -> Iterator[Typed]:
    """Yield the commands of a console block."""
    for part in re.split(r"^\$ ", block.code, flags=re.MULTILINE)[1:]:
        command, *shown = part.rstrip("\n").split("\n")
        yield Typed(str(block), command, tuple(shown))


def follow(folder: Path, *documents: Path, lines: range = range(1, 1_000_000)) -> list[Typed]:
    """Do what the blocks of documents say, in one shell that starts in this folder; `lines` is a part of them."""
    steps: list[CodeBlock | Typed] = []
    for block in _in_order(documents):
        if block.line in lines and block.name:
            steps.append(block)
        elif block.line in lines:
            steps.extend(typed_in(block))
    ran = subprocess.run(
        ["bash", "-c", "\n".join(map(_as_shell, steps))],
        cwd=folder,
        env=_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        encoding="utf-8",
        check=False,
    )
    ends = re.split(rf"^{MARK} (\d+)\n", ran.stdout, flags=re.MULTILINE)
    commands = [step for step in steps if isinstance(step, Typed)]
    printed = zip(commands, ends[::2], ends[1::2], strict=False)
    return [Typed(one.place, one.command, one.shown, text, int(code)) for one, text, code in printed]


def _in_order(documents: tuple[Path, ...]) -> Iterator[CodeBlock]:
    """Yield the blocks that are typed or written, in the order in which they stand."""
    for document in documents:
        shown = [block for kind in ("console", "yaml", "python") for block in blocks(kind, document)]
        yield from sorted((block for block in shown if block.language == "console" or block.name), key=_line)


def _line(block: CodeBlock) -> int:
    return block.line


def _as_shell(step: CodeBlock | Typed) -> str:
    """Return a step as lines for a shell; after a command it tells how that ended."""
    if isinstance(step, Typed):
        return f'{step.command}\nprintf "\\n{MARK} %d\\n" $?'
    return f"printf %s {shlex.quote(step.code)} > {shlex.quote(step.name)}"


def _environment() -> dict[str, str]:
    """Return an environment like a newcomer's: nothing of the tests', no settings of installers."""
    ours = ("PYTHON", "PYTEST", "VIRTUAL_ENV", "BAOGAO", "COV_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    path = os.pathsep.join([str(Path(sys.executable).parent), kept.get("PATH", "")])
    return kept | {"PATH": path, "PYTHONUTF8": "1", "COLUMNS": "200"}


def missed(typed: Typed) -> list[str]:
    """Return the shown lines that were not printed, in their order."""
    printed = iter(typed.printed.splitlines())
    return [line for line in typed.shown if line != "…" and not any(_fits(line, other) for other in printed)]


def _fits(shown: str, printed: str) -> bool:
    return re.fullmatch(".*".join(map(re.escape, shown.split("…"))), printed) is not None


def lines_of(document: Path, heading: str) -> range:
    """Return the lines of a document under a heading of the second level."""
    lines = text_of(document).splitlines()
    start = lines.index(f"## {heading}") + 1
    ends = [number for number, line in enumerate(lines, 1) if line.startswith("## ") and number > start]
    return range(start, [*ends, len(lines) + 1][0])


def amiss(done: list[Typed]) -> list[tuple[str, str, int, list[str], str]]:
    """Return the commands that did not end, or did not print, as the document shows."""
    return [
        (typed.place, typed.command, typed.code, missed(typed), typed.printed)
        for typed in done
        if missed(typed) or bool(typed.code) != any(line.startswith("结论：错误") for line in typed.shown)
    ]
