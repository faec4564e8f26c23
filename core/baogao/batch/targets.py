"""Find the reports that are meant: folders, folders of folders, globs, and the lines of .jsonl files."""

from __future__ import annotations

import glob
import json
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from baogao.batch.tasks import Line
from baogao.errors import InputError
from baogao.language import Message, listed, say
from baogao.model.findings import Finding, Location
from baogao.stages.load import REPORT_FILE

__all__ = ["Target", "Targets", "find_targets"]

LONGEST_NAME = 200
"""Bytes of a folder's name at most."""
FORBIDDEN = re.compile(r'[/\\:*?"<>|\x00-\x1f\x7f]')
RESERVED = frozenset({"summary.json", "summary.html", "findings.jsonl"})


@dataclass(frozen=True, slots=True)
class Target:
    """A report that is meant: its name is that of its folder among the outputs."""

    name: str
    source: Path
    line: Line | None = None
    unit: str = ""

    @property
    def place(self) -> str:
        """Return where it comes from, for people."""
        return f"{self.source}:{self.line.number}" if self.line else str(self.source)


@dataclass(frozen=True, slots=True)
class Targets:
    """The reports by name, and the folders beside them that are none."""

    reports: tuple[Target, ...]
    passed_over: tuple[Path, ...] = ()

    @property
    def names_passed_over(self) -> tuple[str, ...]:
        """Return the folders that are none by their names, the same on every machine."""
        return tuple(folder.name for folder in self.passed_over)


def find_targets(words: Iterable[str]) -> Targets:
    """Return what the words of a command line mean; raise InputError for one that means nothing, or a name twice."""
    found: list[Target] = []
    others: list[Path] = []
    for word in words:
        before = len(found)
        for path in _paths(word):
            found.extend(_in(path, others))
        if len(found) == before:
            raise InputError([_nothing(word)])
    unique = {(target.source.resolve(), target.line): target for target in found}
    _refuse_same_names(unique.values())
    return Targets(tuple(sorted(unique.values(), key=lambda target: target.name)), tuple(others))


def _paths(word: str) -> list[Path]:
    """Return the paths a word stands for; a path that exists stands for itself, whatever signs it has."""
    if os.path.lexists(word):
        return [Path(word)]
    found = sorted(glob.glob(word, recursive=True))  # noqa: PTH207  # the pattern may be absolute
    return [path for path in map(Path, found) if not _unmeant(path)]


def _unmeant(path: Path) -> bool:
    """Tell whether a glob has caught a file that is no list of reports."""
    return path.is_file() and path.suffix != ".jsonl"


def _in(path: Path, others: list[Path]) -> Iterator[Target]:
    """Yield the reports in a path; folders in it without a report.yaml are noted."""
    if path.is_file():
        yield from _lines(path)
    elif os.path.lexists(path / REPORT_FILE):
        yield Target(path.resolve().name, path)
    elif path.is_dir():
        folders = [child for child in sorted(path.iterdir()) if child.is_dir() and not child.name.startswith(".")]
        reports = [folder for folder in folders if os.path.lexists(folder / REPORT_FILE)]
        yield from (Target(folder.name, folder) for folder in reports)
        others.extend(folder for folder in folders if reports and folder not in reports)


def _lines(path: Path) -> Iterator[Target]:
    """Yield the lines of a file; blank ones are none."""
    offset = 0
    with path.open("rb") as file:
        for number, content in enumerate(file, 1):
            if content.strip():
                unit, name = _called(content, number)
                yield Target(name, path, Line(number, offset, len(content)), unit)
            offset += len(content)


def _called(content: bytes, number: int) -> tuple[str, str]:
    """Return the unit of a line, and unit and year as a folder's name; a line that cannot be read has its number."""
    try:
        data = json.loads(content)
        unit, year = str(data["unit"]["name"]), int(data["year"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return "", say("第{number}行", number=number)
    plain = FORBIDDEN.sub("_", f"{unit}{year}").strip(" .")
    whole = plain.encode("utf-8", "replace")[:LONGEST_NAME].decode("utf-8", "ignore")
    return unit, unicodedata.normalize("NFC", whole)


def _refuse_same_names(targets: Iterable[Target]) -> None:
    """Raise InputError where two reports would be written to one folder, also where case does not count."""
    named: dict[str, list[Target]] = {}
    for target in targets:
        named.setdefault(unicodedata.normalize("NFC", target.name).casefold(), []).append(target)
    wrong = [_twice(same) for same in named.values() if len(same) > 1]
    wrong += [_taken(same[0]) for name, same in named.items() if name in RESERVED or name.startswith(".")]
    if wrong:
        raise InputError(wrong)


def _twice(same: list[Target]) -> Finding:
    places = listed(target.place for target in same)
    message = say("有 {count} 份报告都叫“{name}”：{places}", count=len(same), name=same[0].name, places=places)
    hint = say("各份的结果按名称放；把其中一个文件夹改名，或分开运行")
    return Finding(message, rule="SRC-008", hint=hint)


def _taken(target: Target) -> Finding:
    message = say("报告文件夹不能叫“{name}”：汇总要用这个名称，或以点开头", name=target.name)
    return Finding(message, rule="SRC-008", location=Location(target.place))


def _nothing(word: str) -> Finding:
    message: Message = say("“{word}”里没有报告", word=word)
    hint = say("写报告文件夹、装着许多报告文件夹的文件夹、带 * 的路径（加引号），或 .jsonl 文件")
    return Finding(message, rule="SRC-001", hint=hint)
