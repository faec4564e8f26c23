"""Find what is installed from the metadata of distributions, one by one: a malformed one harms no other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from importlib import import_module
from importlib.metadata import Distribution, EntryPoint, PackageNotFoundError, distributions, version
from pathlib import Path
from typing import Any

from baogao.hooks.guarding import safely
from baogao.hooks.markers import PROJECT
from baogao.hooks.plain import one_line
from baogao.language import Message, say
from baogao.model.findings import Finding, Location

__all__ = ["COMMANDS", "Entry", "canonical", "installed"]

COMMANDS = f"{PROJECT}.commands"
"""The group of the entry points that are further subcommands."""

LONGEST = 200
"""Characters of a name, a version or a line that are told: more is no name."""

REQUIREMENT = re.compile(rf"\s*{PROJECT}(?![\w.-])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry point with its distribution and its place; `fault` says why nothing may be loaded from it."""

    name: str
    value: str = ""
    distribution: str = ""
    version: str = ""
    place: Location | None = None
    fault: Finding | None = None

    @property
    def bundled(self) -> bool:
        """Tell whether it is one of our own."""
        return self.distribution == PROJECT

    @property
    def title(self) -> str:
        """Return the name with the distribution and its version."""
        made_by = f"{self.distribution} {self.version}".strip()
        return f"{self.name} ({made_by})" if made_by else self.name

    def load(self) -> Any:
        """Import the module, or the object in it; raise whatever that raises."""
        return EntryPoint(self.name, self.value, PROJECT).load()


def canonical(name: str) -> str:
    """Return a distribution's name as packaging compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def installed(group: str = PROJECT, taken: Iterable[str] = ()) -> tuple[Entry, ...]:
    """Return the entry points of a group: our own first, then by name.

    A name that is taken, by an earlier distribution or by one of `taken`, becomes `name@distribution`.
    """
    found = [entry for package in _packages() for entry in package.entries(group)]
    names = set(taken)
    named: list[Entry] = []
    for entry in sorted(found, key=lambda entry: (not entry.bundled, entry.name, entry.distribution)):
        name = f"{entry.name}@{entry.distribution}" if entry.name in names else entry.name
        names.add(name)
        named.append(replace(entry, name=name))
    return tuple(named)


def _packages() -> Iterator[_Package]:
    """Yield the distributions that have to do with us; of two with one name the first on the path counts.

    Of our own that one counts which is of this version: another may lie about since an earlier installation.
    """
    running = _running()
    found = [package for package in map(_Package, distributions()) if package.concerns_us]
    found.sort(key=lambda package: package.is_ours and package.version != running)
    known: dict[str, _Package] = {}
    for package in found:
        first = known.setdefault(package.key, package)
        if first is not package and first.differs(package):
            package.hidden_by = first
        if first is package or package.hidden_by:
            yield package


def _engine() -> str:
    """Return our own version, "" where we run without being installed."""
    try:
        version(PROJECT)
    except PackageNotFoundError:
        return ""
    return _running()


def _running() -> str:
    """Return the version of the package that runs, which lies above this layer, whatever is installed beside it."""
    return import_module(PROJECT).__version__


class _Package:
    """The metadata of one distribution, any part of which may be missing or wrong."""

    def __init__(self, distribution: Distribution) -> None:
        self._distribution = distribution
        self.hidden_by: _Package | None = None

    @cached_property
    def folder(self) -> Path:
        # The folder of the metadata has no public name; a distribution of another kind has none at all.
        return Path(str(getattr(self._distribution, "_path", "")))

    @cached_property
    def key(self) -> str:
        return canonical(self.name) or str(self.folder)

    @cached_property
    def name(self) -> str:
        return self._header("Name")

    @cached_property
    def version(self) -> str:
        return self._header("Version")

    @property
    def is_ours(self) -> bool:
        return self.key == PROJECT

    def differs(self, other: _Package) -> bool:
        """Tell whether another of the same name is not the same thing found twice."""
        return (self.version, self._text) != (other.version, other._text)

    def _header(self, name: str) -> str:
        try:
            return one_line(str(self._distribution.metadata[name] or "").strip(), LONGEST)
        except Exception:  # no METADATA, or none that can be read
            return ""

    @cached_property
    def _requires(self) -> tuple[str, ...]:
        try:
            return tuple(self._distribution.requires or ())
        except Exception:  # no METADATA, or none that can be read
            return ()

    @cached_property
    def _text(self) -> str | Exception:
        try:
            return self._distribution.read_text("entry_points.txt") or ""
        except Exception as exc:  # bytes that are no UTF-8, a disk that fails
            return exc

    @property
    def concerns_us(self) -> bool:
        """Tell whether there is an entry point of ours, or may have been meant to be."""
        if isinstance(self._text, str):
            return PROJECT in self._text
        return bool(self._requires and any(map(REQUIREMENT.match, self._requires))) or PROJECT in self.folder.name

    def entries(self, group: str) -> Iterator[Entry]:
        """Yield the entry points of a group; a line that is none stands for a plugin that cannot be loaded."""
        if self.hidden_by is not None:
            yield from self._hidden(self.hidden_by) if group == PROJECT else ()
            return
        fault = self._fault()
        for entry in dict.fromkeys(self._lines(group)):
            yield replace(entry, fault=entry.fault or fault)

    def _hidden(self, first: _Package) -> Iterator[Entry]:
        """Yield that the distribution lies behind another of the same name."""
        message = say(
            "用的是另一个同名的发行包 {version}（{folder}）；卸掉其中一个",
            version=first.version,
            folder=str(first.folder),
        )
        yield self._broken(self.name, message, self._place("METADATA"))

    def _lines(self, group: str) -> Iterator[Entry]:
        if isinstance(self._text, Exception):
            yield from self._unreadable(group, self._text)
            return
        section = ""
        for number, raw in enumerate(self._text.split("\n"), 1):
            line = raw.strip()
            if line.startswith("[") and line.endswith("]"):
                section = line[1:-1].strip()
            elif line and not line.startswith(("#", ";")):
                yield from self._line(line, section, group, number)

    def _line(self, line: str, section: str, group: str, number: int) -> Iterator[Entry]:
        name, equals, value = (part.strip() for part in line.partition("="))
        place = self._place("entry_points.txt", number)
        if name and equals and EntryPoint.pattern.match(value):
            if section == group:
                yield Entry(one_line(name, LONGEST), value, self.name, self.version, place)
        elif section == group or (group == PROJECT and section != COMMANDS):
            message = say("entry_points.txt 的这一行不是“名称 = 模块”：{text}", text=one_line(line, LONGEST))
            yield self._broken(name if equals else "", message, place)

    def _unreadable(self, group: str, error: Exception) -> Iterator[Entry]:
        if group == PROJECT:
            place = self._place("entry_points.txt")
            yield self._broken("", say("entry_points.txt 读不出来：{error}", error=one_line(str(error))), place)

    def _broken(self, name: str, message: Message, place: Location) -> Entry:
        name = one_line(name or self.name or self.folder.stem, LONGEST)
        return Entry(name, "", self.name, self.version, place, Finding(message, rule="PLG-009", location=place))

    def _place(self, file: str, line: int | None = None) -> Location:
        return Location(str(self.folder / file), line)

    def _fault(self) -> Finding | None:
        """Return why nothing of it may be loaded: it has no name or version, or is for another engine."""
        if not self.name or not self.version:
            what = say("名称（Name）") if not self.name else say("版本（Version）")
            place = self._place("METADATA")
            message = say("发行包 {folder} 的元数据里没有{what}", folder=self.folder.name, what=what)
            return Finding(message, rule="PLG-009", location=place)
        wanted = filter(REQUIREMENT.match, self._requires if self.name != PROJECT else ())
        return next(filter(None, map(self._unfit, wanted)), None)

    def _unfit(self, wanted: str) -> Finding | None:
        """Return why this engine is none that a distribution says it is for."""
        from packaging.requirements import Requirement

        try:
            requirement = Requirement(wanted)
            applies = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
        except Exception:  # what packaging cannot read, or cannot compare, such as a version with a word
            message = say("依赖写得不对：{text}", text=one_line(wanted, LONGEST))
            return Finding(message, rule="PLG-009", location=self._requirement_place(wanted))
        engine = _engine()
        if not applies or not engine or requirement.specifier.contains(engine, prereleases=True):
            return None
        message = say("它要 baogao {wanted}，现在是 {version}", wanted=str(requirement.specifier), version=engine)
        return Finding(message, rule="PLG-010", location=self._requirement_place(wanted))

    def _requirement_place(self, wanted: str) -> Location:
        lines = safely(lambda: self._distribution.read_text("METADATA") or "", "").splitlines()
        header = re.compile(rf"Requires-Dist:\s*{re.escape(wanted)}\s*$", re.IGNORECASE)
        return self._place("METADATA", next((n for n, line in enumerate(lines, 1) if header.match(line)), None))
