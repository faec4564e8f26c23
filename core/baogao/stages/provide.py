"""PROVIDE: ask each section's provider for its content, and keep where everything was written."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from baogao.files.text import read_text
from baogao.files.yaml import Document, read_yaml
from baogao.hooks.loading import raised, where
from baogao.hooks.registry import Registry
from baogao.language import near, say
from baogao.model.findings import Finding, Location, Severity
from baogao.model.report import Head
from baogao.model.sections import Content, SourceReader
from baogao.stages.load import REPORT_FILE, Project
from baogao.stages.plan import PlannedSection

__all__ = ["Provided", "provide", "unused_files"]

OTHER_FILES = frozenset({REPORT_FILE, "waivers.yaml", "README.md"})


@dataclass(frozen=True, slots=True)
class Provided:
    """What a section was given: its content, its documents, and whether its table could be read at all."""

    section: PlannedSection
    content: Content
    document: Document
    text_place: Location
    problems: tuple[Finding, ...] = ()


def provide(section: PlannedSection, project: Project, head: Head, registry: Registry) -> Provided:
    """Return the content of one section; a provider that raises leaves it blank and is named."""
    readers = tuple(given.value for given in registry.readers)
    source = _FileSource(section, project, head, readers)
    try:
        with contextlib.redirect_stdout(sys.stderr):
            content = section.given.value.provide(source, section.schema.data)
        problems = tuple(_wrong_type(section, content))
    except (Exception, SystemExit) as exc:
        content, problems = Content(), (_failed(section, exc),)
    content = content if not problems else Content()
    return Provided(section, content, source.document, source.text_place, (*problems, *source.problems))


def _wrong_type(section: PlannedSection, content: Any) -> Iterator[Finding]:
    if isinstance(content, Content):
        data, text = content.data, cast("Any", content.text)
        if isinstance(data, Mapping | list | None) and isinstance(text, str | None):
            return
    plugin = section.given.plugin
    message = say("插件 {plugin} 的 provide() 没有返回 Content：{value}", plugin=plugin.title, value=repr(content)[:60])
    yield Finding(message, section.id, "PLG-003", location=Location(plugin.file) if plugin.file else None)


def _failed(section: PlannedSection, exc: BaseException) -> Finding:
    plugin = section.given.plugin
    file, line = where(exc)
    message = say(
        "插件 {plugin} 提供“{section}”时出错：{error}", plugin=plugin.title, section=section.id, error=raised(exc)
    )
    return Finding(message, section.id, "PLG-003", location=Location(file or plugin.file, line))


class _FileSource:
    """The files of one section: `<id>.yaml`, `<id>.md`, inline in report.yaml, or what a reader knows."""

    def __init__(
        self, section: PlannedSection, project: Project, head: Head, readers: tuple[SourceReader, ...]
    ) -> None:
        self.section = section
        self.project = project
        self.readers = readers
        self._head = head
        self.problems: list[Finding] = []
        self.document = self._inline("data") or Document(f"{section.id}.yaml")
        self.text_place = Location(f"{section.id}.md", 1, 1)

    @property
    def head(self) -> Head:
        return self._head

    def data(self) -> Any:
        """Read the table once; what cannot be read is a finding, and blank."""
        inline = self._inline("data")
        self.document = inline if inline is not None else self._read_data()
        self.problems.extend(
            Finding(p.message, self.section.id, p.rule, p.severity, location=p.location) for p in self.document.problems
        )
        if self.document.data is not None and not isinstance(self.document.data, Mapping | list):
            message = say(
                "{file} 应是一行一个“名称: 值”；看看冒号是不是半角的，后面有没有空格", file=self.document.file
            )
            self._problem(message, "SRC-007", self.document.locate())
            return None
        return self.document.data

    def _inline(self, key: str) -> Document | None:
        settings = self.section.settings
        return self.project.document.at("sections", self.section.id, key) if key in settings else None

    def _read_data(self) -> Document:
        path = self._path("yaml")
        for reader in self.readers:
            for suffix in reader.suffixes:
                other = self.project.folder / f"{self.section.id}{suffix}"
                if other.is_file() and not path.is_file():
                    return self._by_reader(reader, other)
        return read_yaml(path, path.name)

    def _by_reader(self, reader: SourceReader, path: Path) -> Document:
        try:
            return Document(path.name, reader.read(path.name, path.read_bytes()))
        except (ValueError, OSError) as exc:
            message = say("无法读取 {file}：{error}", file=path.name, error=str(exc))
            return Document(path.name, problems=(Finding(message, rule="SRC-002", location=Location(path.name)),))

    def text(self) -> str | None:
        """Read the narrative; where there is no file, None."""
        inline = self._inline("text")
        if inline is not None:
            self.text_place = inline.locate()
            return str(inline.data or "")
        path = self._path("md")
        self.text_place = Location(path.name, 1, 1)
        if not path.exists() and not self._needs_text():
            return None
        read = read_text(path, path.name)
        self.problems.extend(
            Finding(p.message, self.section.id, p.rule, p.severity, location=p.location) for p in read.problems
        )
        return None if read.broken else read.text

    def _needs_text(self) -> bool:
        text = self.section.schema.text
        has_default = text is not None and bool(text.default)
        return not (has_default or self.section.optional or self.section.schema.table is not None)

    def _path(self, suffix: str) -> Path:
        named = self.section.settings.get("file", "")
        return self.project.folder / (named if named.endswith(f".{suffix}") else f"{self.section.id}.{suffix}")

    def locate(self, *keys: str | int) -> Location:
        """Return the place of a value in the section's file."""
        return self.document.locate(*keys)

    def _problem(self, message: str, rule: str, place: Location) -> None:
        self.problems.append(Finding(message, self.section.id, rule, location=place))


def unused_files(project: Project, sections: tuple[PlannedSection, ...], registry: Registry) -> Iterator[Finding]:
    """Yield a warning for every file of the folder that looks like a section's and belongs to none."""
    suffixes = {".yaml", ".yml", ".md", *(suffix for given in registry.readers for suffix in given.value.suffixes)}
    used = {*OTHER_FILES, *project.lexicons, *(name for section in sections for name in _file_names(section, suffixes))}
    # Files of a section that has no provider wait for its plugin: that is one finding already.
    waiting = project.sections.keys() - {section.id for section in sections}
    used |= {f"{name}{suffix}" for name in waiting for suffix in suffixes}
    used |= {project.sections[name].get("file", "") for name in waiting}
    for path in sorted(project.folder.iterdir()) if project.folder.is_dir() else ():
        known = path.name in used or path.name.endswith(".rules.yaml") or not path.is_file()
        if path.suffix in suffixes and not known:
            message = say("{file} 不属于任何一章，没有用到{near}", file=path.name, near=near(path.name, sorted(used)))
            yield Finding(message, "", "SRC-009", Severity.WARNING, location=Location(path.name))


def _file_names(section: PlannedSection, suffixes: set[str]) -> Iterator[str]:
    schema = section.schema
    wanted = ({".md"} if schema.text else set[str]()) | (suffixes - {".md", ".yml"} if schema.table else set[str]())
    yield from (f"{section.id}{suffix}" for suffix in wanted)
    if "file" in section.settings:
        yield section.settings["file"]
