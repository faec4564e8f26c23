"""Find the reports that are meant: folders, folders of folders, globs, and the lines of .jsonl files."""

from __future__ import annotations

import codecs
import contextlib
import glob
import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from baogao.batch.targets import Target, Targets, as_name
from baogao.batch.tasks import Line
from baogao.errors import InputError
from baogao.language import Message, say
from baogao.model.findings import Finding
from baogao.stages.load import REPORT_FILE

__all__ = ["Found", "deeper", "find_targets"]


@dataclass(frozen=True, slots=True)
class Found:
    """The reports, and the folders beside them that are none."""

    reports: Targets
    passed_over: tuple[Path, ...] = ()

    @property
    def names_passed_over(self) -> tuple[str, ...]:
        """Return the folders that are none by their names, the same on every machine."""
        counts = Counter(folder.name for folder in self.passed_over)
        fuller = (f"{folder.absolute().parent.name}/{folder.name}" for folder in self.passed_over)
        return tuple(
            full if counts[folder.name] > 1 else folder.name
            for folder, full in zip(self.passed_over, fuller, strict=True)
        )


def find_targets(words: Iterable[str]) -> Found:
    """Return what the words of a command line mean; raise InputError for one that means nothing, or a name twice."""
    others: list[Path] = []
    return Found(Targets(_meant(words, others)), tuple(others))


def _meant(words: Iterable[str], others: list[Path]) -> Iterator[tuple[Target, Path]]:
    """Yield the reports, each with the path that no other has; folders among them that are none are noted."""
    for word in words:
        nothing = True
        for path in _paths(word):
            for found in _in(path, others):
                nothing = False
                yield found
        if nothing:
            raise InputError([_nothing(word)])


def _paths(word: str) -> Iterator[Path]:
    """Yield the paths a word stands for; a path that exists stands for itself, whatever signs it has."""
    if os.path.lexists(word):
        yield Path(word)
        return
    found = map(Path, glob.iglob(word, recursive=True))  # noqa: PTH207  # the pattern may be absolute
    yield from (path for path in found if not _unmeant(path))


def _unmeant(path: Path) -> bool:
    """Tell whether a glob has caught a file that is no list of reports."""
    return path.is_file() and path.suffix != ".jsonl"


def _in(path: Path, others: list[Path]) -> Iterator[tuple[Target, Path]]:
    """Yield the reports in a path; folders in it without a report.yaml are noted."""
    if path.is_file():
        place = path.resolve()
        yield from ((target, place) for target in _lines(path))
    elif os.path.lexists(path / REPORT_FILE):
        yield Target(path.resolve().name, path), path.resolve()
    elif path.is_dir():
        yield from _below(path, others)


def _below(folder: Path, others: list[Path]) -> Iterator[tuple[Target, Path]]:
    """Yield the reports that a folder holds; where it holds one, its folders that are none are noted."""
    nones: list[Path] = []
    some = False
    for child in _folders(folder):
        if os.path.lexists(child / REPORT_FILE):
            some = True
            yield Target(child.name, child), child.resolve()
        else:
            nones.append(child)
    others.extend(sorted(nones) if some else ())


def _folders(folder: Path) -> Iterator[Path]:
    """Yield the folders in a folder one by one, without the hidden ones."""
    with os.scandir(folder) as entries:
        for child in map(Path, entries):
            if child.is_dir() and not child.name.startswith("."):
                yield child


def _lines(path: Path) -> Iterator[Target]:
    """Yield the lines of a file; blank ones are none."""
    offset = 0
    with path.open("rb") as file:
        for number, content in enumerate(file, 1):
            if content.removeprefix(codecs.BOM_UTF8).strip():
                yield _called(content.removeprefix(codecs.BOM_UTF8), path, Line(number, offset, len(content)))
            offset += len(content)


def _called(content: bytes, path: Path, line: Line) -> Target:
    """Return a line by its unit and year; one that cannot be read has its number."""
    try:
        data = json.loads(content)
        unit, year, form = str(data["unit"]["name"]), int(data["year"]), str(data.get("form", ""))
    except (ValueError, KeyError, TypeError, RecursionError):
        return Target(say("第{number}行", number=line.number), path, line)
    fuller = as_name(f"{unit}{year}-{form}") if form else ""
    return Target(as_name(f"{unit}{year}"), path, line, fuller, as_name(unit))


def _nothing(word: str) -> Finding:
    message: Message = say("“{word}”里没有报告", word=word)
    if deeper(Path(word)):
        hint = say("报告在再下一层，写 '{word}/*/*'（加引号）", word=word.rstrip("/"))
        return Finding(message, rule="SRC-001", hint=hint)
    hint = say("写报告文件夹、装着许多报告文件夹的文件夹、带 * 的路径（加引号），或 .jsonl 文件")
    return Finding(message, rule="SRC-001", hint=hint)


def deeper(folder: Path, pattern: str = "*/*") -> bool:
    """Tell whether there are reports deeper in a folder than it is looked for them."""
    with contextlib.suppress(OSError):
        return any(folder.glob(f"{pattern}/{REPORT_FILE}"))
    return False
