"""Report folders for tests: the example report with a few files changed, and what the program says of them."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

__all__ = ["EXAMPLE", "MARK", "Edit", "Ran", "Run", "Said", "change", "marked_place", "sample", "tree", "with_path"]

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "luolong-2020"

MARK = "▸"
"""Stands in a test's input before the character that a finding must point to."""

Edit = str | bytes | tuple[str, str] | None
"""A file's whole text or bytes, an (old, new) pair to change in it, or None to remove it."""


def sample(folder: Path, files: Mapping[str, Edit] = {}, *, of: str = EXAMPLE.name) -> Path:
    """Return a copy of an example report in `folder`, with these files changed."""
    report = folder / "report"
    shutil.copytree(EXAMPLE.parent / of, report, ignore=shutil.ignore_patterns("out"))
    for name, edit in files.items():
        _edit(report, name, edit)
    return report


def _edit(report: Path, name: str, edit: Edit) -> None:
    path = report / name
    path.parent.mkdir(parents=True, exist_ok=True)
    match edit:
        case None:
            path.unlink(missing_ok=True)
        case bytes():
            path.write_bytes(edit)
        case str():
            path.write_text(edit, encoding="utf-8", newline="")
        case (old, new):
            change(report, name, old, new)


def change(report: Path, name: str, old: str, new: str) -> None:
    """Put `new` in the place of `old`, which stands in the file exactly once."""
    path = report / name
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands in {name} {text.count(old)} times"
    path.write_text(text.replace(old, new), encoding="utf-8")


def marked_place(report: Path) -> str:
    """Take the mark out of the folder's files and return where it stood, as `file:line:column`; "" without one."""
    for path in sorted(report.rglob("*")):
        text = path.read_bytes().decode("utf-8", "surrogateescape") if path.is_file() else ""
        if MARK in text:
            before, after = text.split(MARK)
            path.write_bytes((before + after).encode("utf-8", "surrogateescape"))
            line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
            return f"{path.relative_to(report).as_posix()}:{line}:{column}"
    return ""


def with_path(*folders: Path) -> dict[str, str]:
    """Return the environment of a process that finds modules in these folders first."""
    known = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    return {**os.environ, "PYTHONPATH": os.pathsep.join([*map(str, folders), *filter(None, known)])}


def tree(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder with its bytes."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@dataclass(frozen=True)
class Said:
    """A finding as the program showed it: its rule, `file:line:column`, and its message and hint."""

    rule: str
    place: str
    words: str
    path: str = ""


@dataclass(frozen=True)
class Ran:
    """How a call of the program ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def findings(self) -> list[Said]:
        """What was found; where no report could be read, what stderr says instead of the JSON."""
        return [_said(finding) for finding in self.json["findings"]] if self.out else list(_told(self.err))


class Run(Protocol):
    def __call__(self, *arguments: object) -> Ran: ...


def _said(finding: Mapping[str, Any]) -> Said:
    place = finding["location"] or {}
    shown = ":".join(str(place[key]) for key in ("file", "line", "column") if place.get(key) is not None)
    return Said(finding["rule"], shown, f"{finding['message']}\n{finding['hint']}", finding["path"])


def _told(err: str) -> Iterator[Said]:
    for line in err.splitlines():
        if found := re.match(r"(?:(\S+): )?([A-Z]{3}-\d{3}) (.*)", line):
            yield Said(found[2], found[1] or "", found[3])
