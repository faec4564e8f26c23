"""The reports that are meant: each with a name of its own, in the order of the names."""

from __future__ import annotations

import os
import pickle
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from baogao.batch.lists import few
from baogao.batch.scratch import Scratch, packed, unpacked
from baogao.batch.tasks import Line
from baogao.errors import InputError
from baogao.language import say
from baogao.model.findings import Finding, Location

__all__ = ["RESERVED", "Target", "Targets", "as_name"]

LONGEST_NAME = 200
"""Bytes of a folder's name at most."""
FORBIDDEN = re.compile(r'[/\\:*?"<>|\x00-\x1f\x7f]')
NUMBERS = re.compile("([0-9]+)")
RESERVED = ("findings.jsonl", "summary.html", "summary.json")
"""Names of what a run writes about all reports."""

TABLES = (
    "CREATE TABLE found (place BLOB, line INTEGER, name BLOB, folded BLOB, target BLOB, UNIQUE (place, line))",
    "CREATE INDEX alike ON found (folded)",
    "CREATE TABLE named (name BLOB, folded BLOB, sorting BLOB, target BLOB)",
    "CREATE INDEX by_name ON named (name)",
    "CREATE INDEX by_folded ON named (folded)",
    "CREATE INDEX in_order ON named (sorting, name)",
)
FIND = """INSERT INTO found VALUES (?, ?, ?, ?, ?)
ON CONFLICT (place, line) DO UPDATE SET name = excluded.name, folded = excluded.folded, target = excluded.target
WHERE excluded.name > name"""


@dataclass(frozen=True, slots=True)
class Target:
    """A report that is meant: its name is that of its folder among the outputs.

    `fuller` is the name it gets where its own is not enough; `elsewhere` is another name that last year's may have.
    """

    name: str
    source: Path
    line: Line | None = None
    fuller: str = ""
    elsewhere: str = ""

    @property
    def place(self) -> str:
        """Return where it comes from, for people."""
        return f"{self.source}:{self.line.number}" if self.line else str(self.source)


class Targets:
    """The reports in the order of their names, each once; they are on the disk."""

    def __init__(self, found: Iterable[tuple[Target, Path]]) -> None:
        """Take reports, each with the path of it that no other has; raise InputError for two of one name."""
        self._kept = Scratch(*TABLES)
        for target, place in found:
            self._find(target, place)
        for target in self._told_apart():
            self._name(target)
        self._kept.do("DROP TABLE found")
        if wrong := [*self._twice(), *self._taken()]:
            raise InputError(wrong)

    def __len__(self) -> int:
        """Return how many there are."""
        return self._kept.value("SELECT COUNT(*) FROM named")

    def __iter__(self) -> Iterator[Target]:
        """Yield them in the order of their names: numbers in these by their size, so that 2 comes before 11."""
        return self._read("SELECT target FROM named ORDER BY sorting, name")

    def __contains__(self, name: object) -> bool:
        """Tell whether a report has this name."""
        query = "SELECT 1 FROM named WHERE name = ?"
        return isinstance(name, str) and self._kept.value(query, packed(name)) is not None

    def __getitem__(self, name: str) -> Target:
        """Return the report of this name; raise KeyError where there is none."""
        found = self._kept.first("SELECT target FROM named WHERE name = ?", packed(name))
        if found is None:
            raise KeyError(name)
        return pickle.loads(found[0])  # noqa: S301  # what we wrote

    def names(self) -> Iterator[str]:
        """Yield the names in their order."""
        return (unpacked(row[0]) for row in self._kept.rows("SELECT name FROM named ORDER BY sorting, name"))

    def _read(self, query: str, *values: object) -> Iterator[Target]:
        return (pickle.loads(row[0]) for row in self._kept.rows(query, *values))  # noqa: S301  # what we wrote

    def _find(self, target: Target, place: Path) -> None:
        """Keep a report; of several names of one folder the last counts."""
        number = target.line.number if target.line else 0
        words = (os.fsencode(place), number, packed(target.name), _folded(target.name), pickle.dumps(target))
        self._kept.do(FIND, *words)

    def _name(self, target: Target) -> None:
        name = target.name
        words = (packed(name), _folded(name), _sorting(name), pickle.dumps(target))
        self._kept.do("INSERT INTO named VALUES (?, ?, ?, ?)", *words)

    def _told_apart(self) -> Iterator[Target]:
        """Yield what was found; of lines with one name each gets its form, of folders with one name all their paths."""
        below = self._paths_apart()
        for target in self._read("SELECT target FROM found ORDER BY rowid"):
            if below is not None and target.line is None:
                path = below(target)
                yield replace(target, name=as_name(path.replace("/", "-")), elsewhere=path)
            elif target.fuller and self._is_alike(target):
                yield replace(target, name=target.fuller, elsewhere="")
            else:
                yield target

    def _is_alike(self, target: Target) -> bool:
        return self._kept.value("SELECT COUNT(*) FROM found WHERE folded = ?", _folded(target.name)) > 1

    def _paths_apart(self) -> Callable[[Target], str] | None:
        """Return what gives the path of a report below the folder common to all; None where no two have one name."""
        if self._kept.first("SELECT 1 FROM found WHERE line = 0 GROUP BY folded HAVING COUNT(*) > 1 LIMIT 1") is None:
            return None
        try:
            top = self._top()
        except ValueError:  # on two drives of Windows
            return None
        return lambda target: _absolute(target).relative_to(top).as_posix()

    def _top(self) -> Path:
        """Return the folder common to all reports that are folders, and is none of them."""
        top = ""
        for target in self._read("SELECT target FROM found WHERE line = 0"):
            folder = _absolute(target)
            top = os.path.commonpath([top or folder.parent, folder.parent])
        return Path(top)

    def _twice(self) -> Iterator[Finding]:
        """Yield a finding for each name that two reports have, also where only case tells them apart."""
        for row in self._kept.rows("SELECT folded FROM named GROUP BY folded HAVING COUNT(*) > 1"):
            yield _same_name(list(self._read("SELECT target FROM named WHERE folded = ? ORDER BY rowid", row[0])))

    def _taken(self) -> Iterator[Finding]:
        """Yield a finding for each name that a run needs itself."""
        reserved = map(packed, RESERVED)
        query = "SELECT target FROM named WHERE folded IN (?, ?, ?) OR SUBSTR(folded, 1, 1) = ?"
        for target in self._read(query, *reserved, b"."):
            message = say("报告文件夹不能叫“{name}”：汇总要用这个名称，或以点开头", name=target.name)
            yield Finding(message, rule="SRC-008", location=Location(target.place))


def _same_name(same: list[Target]) -> Finding:
    places = few((target.place for target in same), len(same))
    message = say("有 {count} 份报告都叫“{name}”：{places}", count=len(same), name=same[0].name, places=places)
    hint = say("各份的结果按名称放；把其中一个文件夹改名，或分开运行")
    if all(target.line for target in same):
        hint = say("一个单位一个年度，每种报告只能有一行；去掉多余的，或放在两个 .jsonl 里分开运行")
    return Finding(message, rule="SRC-008", hint=hint)


def _absolute(target: Target) -> Path:
    return Path(os.path.abspath(target.source))  # noqa: PTH100  # no links


def _folded(name: str) -> bytes:
    """Return a name as it is compared: where case does not count, in one of the ways to write a character."""
    return packed(unicodedata.normalize("NFC", name).casefold())


def _sorting(name: str) -> bytes:
    """Return what names are sorted by: text sorts before a number, and a number by its size."""
    return b"".join(map(_part, NUMBERS.split(name)))


def _part(part: str) -> bytes:
    if not part.isdecimal():
        return b"\x01" + packed(part) + b"\x00"
    digits = str(int(part)).encode()
    return b"\x02" + len(digits).to_bytes(2) + digits


def as_name(text: str) -> str:
    """Return a text as the name of a folder, which leads nowhere else."""
    plain = FORBIDDEN.sub("_", text).strip(" .")
    whole = plain.encode("utf-8", "replace")[:LONGEST_NAME].decode("utf-8", "ignore")
    return unicodedata.normalize("NFC", whole)
