"""PROVIDE: ask each section's provider for its content, and keep where everything was written."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import accumulate, islice
from pathlib import Path
from typing import Any, cast

from baogao.files.text import LARGEST, read_content, read_text
from baogao.files.yaml import Document, read_yaml
from baogao.hooks.guarding import Guard, Watch, safely
from baogao.hooks.loading import MOST_TOLD, LoadedPlugin, as_code, raised, where
from baogao.hooks.plain import one_line, plain_data, plain_text
from baogao.hooks.registry import Given, Registry
from baogao.language import Message, near, say, spoken
from baogao.model.findings import Finding, Location, Severity
from baogao.model.report import Head
from baogao.model.sections import Content, FileSection, SourceReader
from baogao.stages.load import REPORT_FILE, Project
from baogao.stages.plan import PlannedSection

__all__ = ["Provided", "provide", "unused_files"]

OTHER_FILES = frozenset({REPORT_FILE, "waivers.yaml", "README.md"})


@dataclass(frozen=True, slots=True)
class Provided:
    """What a section was given: its content, where it was written, and the files that were read for it.

    `written` is what stands in those files, as `data` and `text`.
    """

    section: PlannedSection
    content: Content
    document: Document
    text_place: Location
    files: frozenset[str] = frozenset()
    problems: tuple[Finding, ...] = ()
    written: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def failed(self) -> bool:
        """Tell whether a plugin broke, so that nothing is known of what was written."""
        return any(problem.rule in ("PLG-003", "SRC-002") for problem in self.problems)


def provide(section: PlannedSection, project: Project, head: Head, registry: Registry) -> Provided:
    """Return the content of one section; a provider that raises leaves it blank and is named."""
    source = _FileSource(section, project, head, registry)
    content: Content = Content()
    problems: tuple[Finding, ...] = ()
    own = type(section.given.value) is FileSection
    with Watch(section.given.plugin.title) if own else Guard(section.given.plugin.title) as guard:
        content = section.given.value.provide(source, section.schema.data)
        problems = tuple(_wrong_type(section, content))
        content = content if problems or own else _plain(content)
    if guard.error is not None:
        problems = (_failed(section, guard.error),)
    content = content if not problems else Content()
    found = (*problems, *source.problems)
    files = frozenset(source.files)
    return Provided(section, content, source.document, source.text_place, files, found, source.written)


def _plain(content: Content) -> Content:
    """Return content in plain values, whatever a plugin made it of."""
    return Content(plain_data(content.data), None if content.text is None else plain_text(content.text, LARGEST))


def _wrong_type(section: PlannedSection, content: Any) -> Iterator[Finding]:
    if isinstance(content, Content):
        data, text = content.data, cast("Any", content.text)
        if isinstance(data, Mapping | list | None) and isinstance(text, str | None):
            return
    plugin = section.given.plugin
    message = say(
        "插件 {plugin} 的 provide() 没有返回 Content：{value}", plugin=plugin.title, value=as_code(content)[:60]
    )
    yield Finding(message, section.id, "PLG-003", location=Location(plugin.file) if plugin.file else None)


def _failed(section: PlannedSection, exc: BaseException) -> Finding:
    plugin = section.given.plugin
    file, line = where(exc)
    message = say(
        "插件 {plugin} 提供“{section}”时出错：{error}", plugin=plugin.title, section=section.id, error=raised(exc)
    )
    return Finding(message, section.id, "PLG-003", location=Location(file or plugin.file, line))


def _reason(error: ValueError | OSError) -> str:
    """Return what a reader's error says, in one line; it says nothing where it breaks itself."""
    why = safely(lambda: error.strerror if isinstance(error, OSError) else spoken(error), "")
    return one_line(why or as_code(error), MOST_TOLD)


def _unread(plugin: LoadedPlugin, path: Path, error: BaseException | None) -> Finding:
    """Return why a reader gave nothing: the file is none that can be read, or its content is not, or it broke."""
    if isinstance(error, ValueError):
        message = say(
            "{file} 的内容写得不对，插件 {plugin} 读不了：{error}",
            file=path.name,
            plugin=plugin.title,
            error=_reason(error),
        )
        # what is wrong in JSON says where
        place = Location(path.name, getattr(error, "lineno", None), getattr(error, "colno", None))
        hint = say("改正文件的内容；应当怎样写，看插件 {plugin} 的说明", plugin=plugin.title)
        return Finding(message, rule="SRC-002", location=place, hint=hint)
    if isinstance(error, OSError):
        message = say("无法读取 {file}：{error}", file=path.name, error=_reason(error))
        return Finding(message, rule="SRC-002", location=Location(path.name))
    assert error is not None
    file, line = where(error)
    message = say("插件 {plugin} 读 {file} 时出错：{error}", plugin=plugin.title, file=path.name, error=raised(error))
    return Finding(message, rule="PLG-003", location=Location(file or plugin.file, line))


class _FileSource:
    """The files of one section: `<id>.yaml`, `<id>.md`, inline in report.yaml, or what a reader knows."""

    def __init__(self, section: PlannedSection, project: Project, head: Head, registry: Registry) -> None:
        self.section = section
        self.project = project
        self.registry = registry
        self._head = head
        self.files: set[str] = set()
        self.problems: list[Finding] = []
        self.written: dict[str, Any] = {}
        self.document = self._inline("data") or Document(f"{section.id}.yaml")
        self.text_place = Location(f"{section.id}.md", 1, 1)

    @property
    def head(self) -> Head:
        return self._head

    def data(self) -> Any:
        """Read the table; what cannot be read is a finding, and blank."""
        if "data" not in self.section.settings:
            self.document = self._read_data()
        self._take(self.document.problems)
        if self.document.data is not None and not isinstance(self.document.data, Mapping | list):
            message = say(
                "{file} 应是一行一个“名称: 值”；看看冒号是不是半角的，后面有没有空格", file=self.document.file
            )
            self._take([Finding(message, rule="SRC-007", location=self.document.locate())])
            return None
        if not self.document.problems or self.document.data is not None:
            self.written["data"] = self.document.data
        return self.document.data

    def _inline(self, key: str) -> Document | None:
        settings = self.section.settings
        return self.project.document.at("sections", self.section.id, key) if key in settings else None

    def _read_data(self) -> Document:
        path = self._table_path()
        self.files.add(path.name)
        if strayed := self._strayed(path):
            return Document(path.name, problems=(strayed,))
        given = self.registry.reader(path.suffix)
        if given is None:
            return read_yaml(path, path.name)
        self._take(self.registry.conflict("文件的读法", path.suffix))
        return self._by_reader(given, path)

    def _table_path(self) -> Path:
        """Return the file of the table: the one that is named, or the first there is of those that can be read."""
        named = self.section.settings.get("file", "")
        if named and not named.endswith(".md"):
            return self.project.files / named
        paths = [self.project.files / f"{self.section.id}{suffix}" for suffix in (".yaml", *self.registry.suffixes())]
        return next((path for path in paths if os.path.lexists(path)), paths[0])

    def _by_reader(self, given: Given[SourceReader], path: Path) -> Document:
        content = read_content(path, path.name)
        if isinstance(content, Finding):
            return Document(path.name, problems=(content,))
        data: Any = None
        with Guard(given.plugin.title) as guard:
            data = plain_data(given.value.read(path.name, content))
        if guard.error is None:
            return Document(path.name, data)
        return Document(path.name, problems=(_unread(given.plugin, path, guard.error),))

    def text(self) -> str | None:
        """Read the narrative; where there is no file, None."""
        inline = self._inline("text")
        if inline is not None:
            self.text_place = inline.locate()
            return str(inline.data or "")
        named = self.section.settings.get("file", "")
        path = self.project.files / (named if named.endswith(".md") else f"{self.section.id}.md")
        self.text_place = Location(path.name, 1, 1)
        self.files.add(path.name)
        if not os.path.lexists(path) and not self._needs_text():
            return None
        if strayed := self._strayed(path):
            self._take([strayed])
            return None
        read = read_text(path, path.name)
        self._take(read.problems)
        self.written.update({} if read.broken else {"text": read.text})
        return None if read.broken else read.text

    def _strayed(self, path: Path) -> Finding | None:
        """Return the finding that a file lies elsewhere: a link must not bring what others keep into the report."""
        folder = self.project.files
        steps = accumulate(path.parts[len(folder.parts) :], os.path.join, initial=os.fspath(folder))
        if not any(map(os.path.islink, islice(steps, 1, None))):
            return None
        # `resolve` raises where a link leads to itself; whoever reads the file says so.
        if Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder)):
            return None
        message = say("{file} 是指向报告文件夹以外的链接，没有读", file=path.name)
        hint = say("把文件本身放进报告文件夹")
        return Finding(message, rule="SRC-002", location=Location(path.name), hint=hint)

    def _needs_text(self) -> bool:
        text = self.section.schema.text
        has_default = text is not None and bool(text.default)
        return not (has_default or self.section.optional or self.section.schema.table is not None)

    def locate(self, *keys: str | int) -> Location:
        """Return the place of a value in the section's file."""
        return self.document.locate(*keys)

    def _take(self, problems: Iterable[Finding]) -> None:
        self.problems.extend(replace(problem, path=self.section.id) for problem in problems)


def unused_files(
    project: Project, provided: tuple[Provided, ...], registry: Registry, planned: frozenset[str]
) -> Iterator[Finding]:
    """Yield a warning for every file of the folder that looks like a section's and was not read.

    `planned` are the sections of the form, which report.yaml need not name.
    """
    suffixes = {".yaml", ".yml", ".md", *registry.suffixes()}
    read = {name for given in provided for name in given.files}
    # Files of a section that has no provider wait for its plugin: that is one finding already.
    waiting = project.sections.keys() - {given.section.id for given in provided}
    waiting_files = {f"{name}{suffix}" for name in waiting for suffix in suffixes}
    waiting_files |= {project.sections[name].get("file", "") for name in waiting}
    used = read | waiting_files | OTHER_FILES | frozenset(project.lexicons)
    paths = project.files.iterdir() if project.files.is_dir() else ()
    for path in sorted(path for path in paths if path.name not in used):
        if path.suffix in suffixes and path.is_file():
            message = _beside(path, read, registry) or _strange(path, read)
            if path.stem not in planned | {given.section.id for given in provided}:
                message = _not_asked_for(path, project, registry) or message
            yield Finding(message, "", "SRC-009", Severity.WARNING, location=Location(path.name))


def _strange(path: Path, read: set[str]) -> Message:
    return say("{file} 不属于任何一章，或那一章写在别处，没有用到{near}", file=path.name, near=near(path.name, read))


def _beside(path: Path, read: set[str], registry: Registry) -> Message | None:
    """Say that a chapter's table is read from another file."""
    suffixes = (".yaml", *registry.suffixes())
    used = next((path.stem + suffix for suffix in suffixes if path.stem + suffix in read), "")
    if path.suffix not in suffixes or not used:
        return None
    return say("{file} 没有用到：这一章用的是 {used}", file=path.name, used=used)


def _not_asked_for(path: Path, project: Project, registry: Registry) -> Message | None:
    """Say which lines report.yaml lacks, where a file is of a chapter that is defined and not asked for."""
    name = path.stem
    own = {found.stem for found in (project.folder / "schemas").rglob("*.yaml")}
    if name not in own and not registry.sections(name, project.form):
        return None
    plugin = project.folder.absolute() / "plugins" / f"{name}.py"
    is_waiting = plugin.is_file() and plugin not in project.selection.local
    load = f"，plugins: {{load: [plugins/{name}.py]}}" if is_waiting else ""
    return say(
        "{file} 没有用到：report.yaml 里没有写这一章；加上 {lines}",
        file=path.name,
        lines=f"sections: {{{name}: {{}}}}{load}",
    )
