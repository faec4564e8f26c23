"""Find the reports that are meant: folders, folders of folders, globs, and the lines of .jsonl files."""

from __future__ import annotations

import codecs
import contextlib
import glob
import json
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from baogao.batch.tasks import Line
from baogao.errors import InputError
from baogao.language import Message, listed, say
from baogao.model.findings import Finding, Location
from baogao.stages.load import REPORT_FILE

__all__ = ["RESERVED", "Target", "Targets", "deeper", "find_targets"]

LONGEST_NAME = 200
"""Bytes of a folder's name at most."""
FORBIDDEN = re.compile(r'[/\\:*?"<>|\x00-\x1f\x7f]')
NUMBERS = re.compile("([0-9]+)")
RESERVED = frozenset({"summary.json", "summary.html", "findings.jsonl"})
"""Names of what a run writes about all reports."""


@dataclass(frozen=True, slots=True)
class Target:
    """A report that is meant: its name is that of its folder among the outputs.

    `fuller` is the name it gets where its own is not enough; `elsewhere` are other names that last year's may have.
    """

    name: str
    source: Path
    line: Line | None = None
    fuller: str = ""
    elsewhere: tuple[str, ...] = ()

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
        counts = Counter(folder.name for folder in self.passed_over)
        fuller = (f"{folder.absolute().parent.name}/{folder.name}" for folder in self.passed_over)
        return tuple(
            full if counts[folder.name] > 1 else folder.name
            for folder, full in zip(self.passed_over, fuller, strict=True)
        )


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
    named = tuple(_told_apart(tuple(unique.values())))
    _refuse_same_names(named)
    return Targets(tuple(sorted(named, key=lambda target: _in_order(target.name))), tuple(others))


def _in_order(name: str) -> list[tuple[int, str]]:
    """Return what names are sorted by: numbers in them by their size, so that 2 comes before 11."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in NUMBERS.split(name)]


def _told_apart(targets: tuple[Target, ...]) -> Iterator[Target]:
    """Yield the reports; of lines with one name each gets its form, and where folders have one name all their paths."""
    counts = Counter(_folded(target.name) for target in targets)
    paths = _paths_apart([target for target in targets if target.line is None])
    for target in targets:
        if below := paths.get(target.source):
            yield replace(target, name=_as_name(below.replace("/", "-")), elsewhere=(below,))
        elif target.fuller and counts[_folded(target.name)] > 1:
            yield replace(target, name=target.fuller, elsewhere=())
        else:
            yield target


def _paths_apart(targets: list[Target]) -> dict[Path, str]:
    """Return the paths of the reports below the folder common to all, where two have one name; else nothing."""
    if len({_folded(target.name) for target in targets}) == len(targets):
        return {}
    folders = {target.source: Path(os.path.abspath(target.source)) for target in targets}  # noqa: PTH100  # no links
    try:
        top = Path(os.path.commonpath(folders.values()))
    except ValueError:  # on two drives of Windows
        return {}
    top = top.parent if top in folders.values() else top
    return {source: folder.relative_to(top).as_posix() for source, folder in folders.items()}


def _folded(name: str) -> str:
    """Return a name as it is compared: where case does not count, in one of the ways to write a character."""
    return unicodedata.normalize("NFC", name).casefold()


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
    fuller = _as_name(f"{unit}{year}-{form}") if form else ""
    return Target(_as_name(f"{unit}{year}"), path, line, fuller, (_as_name(unit),))


def _as_name(text: str) -> str:
    """Return a text as the name of a folder, which leads nowhere else."""
    plain = FORBIDDEN.sub("_", text).strip(" .")
    whole = plain.encode("utf-8", "replace")[:LONGEST_NAME].decode("utf-8", "ignore")
    return unicodedata.normalize("NFC", whole)


def _refuse_same_names(targets: Iterable[Target]) -> None:
    """Raise InputError where two reports would be written to one folder, also where case does not count."""
    named: dict[str, list[Target]] = {}
    for target in targets:
        named.setdefault(_folded(target.name), []).append(target)
    wrong = [_twice(same) for same in named.values() if len(same) > 1]
    wrong += [_taken(same[0]) for name, same in named.items() if name in RESERVED or name.startswith(".")]
    if wrong:
        raise InputError(wrong)


def _twice(same: list[Target]) -> Finding:
    places = listed(target.place for target in same)
    message = say("有 {count} 份报告都叫“{name}”：{places}", count=len(same), name=same[0].name, places=places)
    hint = say("各份的结果按名称放；把其中一个文件夹改名，或分开运行")
    if all(target.line for target in same):
        hint = say("一个单位一个年度，每种报告只能有一行；去掉多余的，或放在两个 .jsonl 里分开运行")
    return Finding(message, rule="SRC-008", hint=hint)


def _taken(target: Target) -> Finding:
    message = say("报告文件夹不能叫“{name}”：汇总要用这个名称，或以点开头", name=target.name)
    return Finding(message, rule="SRC-008", location=Location(target.place))


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
