"""PLAN: which chapters the report has, in what order, with which provider and schema."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from baogao.definitions.checking import load_shape
from baogao.definitions.editions import choose_edition, not_comparable, read_editions
from baogao.definitions.schemas import SectionSchema, read_schema
from baogao.files.resources import SearchPath, shown_path
from baogao.files.yaml import read_yaml
from baogao.hooks.loading import LoadedPlugin
from baogao.hooks.registry import Conflict, Given, Registry
from baogao.language import listed, near, say
from baogao.model.cells import CellType
from baogao.model.findings import Finding, Location, Severity
from baogao.model.forms import Chapter, Edition, Form
from baogao.model.sections import FileSection, SectionProvider
from baogao.rules.ruleset import RuleSet, gather_rules
from baogao.stages.load import REPORT_FILE, Project
from baogao.stages.types import guarded_type, wrong_type

__all__ = ["Plan", "PlannedSection", "find_edition", "form_path", "plan_sections", "planned_rules"]

NUMERALS = "零一二三四五六七八九十"
NUMBER = re.compile(f"[{NUMERALS}]+、")


@dataclass(frozen=True, slots=True)
class PlannedSection:
    """A chapter to come: its printed title, who provides it, what it may hold."""

    id: str
    title: str
    chapter: Chapter | None
    given: Given[SectionProvider]
    schema: SectionSchema
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def optional(self) -> bool:
        """Tell whether the form lets it be left out."""
        return self.chapter is not None and self.chapter.optional


@dataclass(frozen=True, slots=True)
class Plan:
    """The chapters in printed order, where schemas and templates are found, and what stands in the way.

    `notes` are about what plugins give and the report does not use; `not_comparable` are the paths that mean something
    else in another edition.
    """

    sections: tuple[PlannedSection, ...]
    search: SearchPath
    problems: tuple[Finding, ...]
    notes: tuple[Finding, ...] = ()
    not_comparable: tuple[str, ...] = ()


def find_edition(project: Project, registry: Registry) -> Edition:
    """Return the edition report.yaml names, or the one for its year; raise InputError where there is none."""
    editions = read_editions(
        project.form, partial(form_path, folder=project.folder, registry=registry), load_shape("form")
    )
    own = SearchPath(project.folder).forms()
    return choose_edition(
        editions,
        project.form,
        named=project.edition,
        year=project.year,
        known=tuple(dict.fromkeys((*own, *(given.value.id for given in registry.forms)))),
        place=project.document,
    )


def form_path(form: str, folder: Path | None, registry: Registry) -> SearchPath:
    """Return where the editions of a form lie: the report folder, and the plugin that brings it; of "" all plugins."""
    givers = (given.plugin for given in registry.forms) if not form else (registry.form_giver(form),)
    folders = dict.fromkeys(giver.folder for giver in givers if giver and giver.folder)
    return SearchPath(folder, others=tuple(folders))


def planned_rules(registry: Registry, plan: Plan) -> RuleSet:
    """Return the rules of the engine, of the planned sections' schemas, of rule files, and of plugins."""
    schemas = ((section.schema, section.given.plugin.name) for section in plan.sections)
    return gather_rules(registry, schemas, plan.search)


def plan_sections(project: Project, registry: Registry, edition: Edition) -> Plan:
    """Return the chapters of the form, and those report.yaml adds, each with its provider and schema."""
    planner = _Planner(project, registry, edition)
    planner.problems.extend(registry.conflict("报告种类", edition.form))
    entries = planner.entries()
    given = {name: found for name, _ in entries if (found := planner.provider(name)) is not None}
    givers = {name: found.plugin.folder for name, found in given.items() if found.plugin.folder is not None}
    paths = (form_path(form, project.folder, registry) for form, _ in edition.lineage)
    others = tuple(dict.fromkeys(place for path in paths for place in path.others))
    search = SearchPath(project.folder, edition.form, edition.id, givers, others, edition.extends)
    sections = tuple(planner.sections(entries, given, search))
    unused = tuple(problem for problems in planner.type_problems.values() for problem in problems)
    return Plan(sections, search, tuple(planner.problems), unused, not_comparable(search))


Entry = tuple[str, Chapter | None]


class _Planner:
    """Plan one report, collecting what is missing."""

    def __init__(self, project: Project, registry: Registry, edition: Edition) -> None:
        self.project = project
        self.registry = registry
        self.edition = edition
        self._chapters = frozenset(chapter.section for chapter in edition.chapters)
        added = {name: {**place, **project.sections.get(name, {})} for name, place in edition.added.items()}
        self.placed: Mapping[str, Mapping[str, Any]] = {
            **added,
            **{name: settings for name, settings in project.sections.items() if name not in added},
        }
        self.problems: list[Finding] = []
        self.type_problems: dict[str, tuple[Finding, ...]] = {}

    def entries(self) -> list[Entry]:
        """Return the sections in order: the form's chapters, with the added ones where they ask to be."""
        entries: list[Entry] = [(chapter.section, chapter) for chapter in self.edition.chapters]
        chapters = {name for name, _ in entries}
        waiting = {name: settings for name, settings in self.placed.items() if name not in chapters}
        for name in (chapters | self.edition.added.keys()) & self.project.sections.keys():
            self._check_unmoved(name, self.project.sections[name])
        while waiting:
            names = [name for name, _ in entries]
            ready = [name for name, settings in waiting.items() if _anchor(settings) in ("", *names)]
            for name in ready or list(waiting):
                self._insert(entries, name, waiting.pop(name))
                if ready:
                    break
        return entries

    def _check_unmoved(self, name: str, settings: Mapping[str, Any]) -> None:
        for key in ("after", "before"):
            if key in settings:
                self._problem("SRC-008", say("“{name}”是规定的章，位置不能改", name=name), name, key)

    def _insert(self, entries: list[Entry], name: str, settings: Mapping[str, Any]) -> None:
        """Put an added section beside its anchor, behind those that were put there before it."""
        anchor = _anchor(settings)
        names = [known for known, _ in entries]
        if anchor and anchor not in names:
            message = say(
                "“{name}”要放在“{anchor}”旁边，但没有这一章{near}", name=name, anchor=anchor, near=near(anchor, names)
            )
            self._problem("SRC-008", message, name, "after" if "after" in settings else "before")
        position = len(entries)
        if anchor in names:
            position = names.index(anchor) + ("after" in settings)
            while "after" in settings and position < len(names) and self._hangs_on(names[position], anchor):
                position += 1
        entries.insert(position, (name, None))

    def _hangs_on(self, name: str, anchor: str) -> bool:
        """Tell whether an added section stands where it does because of this anchor."""
        return self.placed.get(name, {}).get("after") == anchor

    def provider(self, name: str) -> Given[SectionProvider] | None:
        """Return who supplies a section; none, or several, is a finding."""
        supplied = (self._suppliers(name, form) for form, _ in self.edition.lineage)
        found = next(filter(None, supplied), ())
        if not found and (own := self._own(name)) is not None:
            return own
        if not found:
            self.problems.append(self.registry.missing_section(name, self._place(name), self._plugin(name)))
            return None
        if len(found) > 1:
            self.problems.append(Conflict("章节", name, found).finding)
        return next(iter(found))

    def _suppliers(self, name: str, form: str) -> tuple[Given[SectionProvider], ...]:
        """Return who supplies a section of a form; the plugin of a plain one its chapters, where it says no more."""
        found = self.registry.sections(name, form)
        plain = (given.plugin for given in self.registry.forms if given.value == Form(form, plain=True))
        giver = next(plain, None) if self._prescribes(form, name) else None
        if giver is None or giver.name in {given.plugin.name for given in found}:
            return found
        return (Given(FileSection(name, (form,)), giver), *found)

    def _prescribes(self, form: str, name: str) -> bool:
        """Tell whether a chapter is one of those of a form itself, or one that it adds to the form it extends."""
        is_first = form == self.edition.lineage[-1][0] and name in self._chapters
        return is_first or (form == self.edition.form and name in self.edition.added)

    def _own(self, name: str) -> Given[SectionProvider] | None:
        """Return the provider of a section that is defined in the report folder: it is just its files.

        A chapter that the form of a plugin prescribes is supplied by plugins only.
        """
        folder = self.project.folder
        own = SearchPath(folder, self.edition.form, self.edition.id, bases=self.edition.extends)
        path = own.find("schemas", f"{name}.yaml")
        is_own_form = self.edition.id in SearchPath(folder).editions(self.edition.form)
        if path is None or not path.is_relative_to(folder) or (name in self._chapters and not is_own_form):
            return None
        return Given(FileSection(name), LoadedPlugin(REPORT_FILE, origin="local", file=str(folder / REPORT_FILE)))

    def sections(
        self, entries: list[Entry], given: Mapping[str, Given[SectionProvider]], search: SearchPath
    ) -> Iterator[PlannedSection]:
        """Yield the sections whose provider and schema can be used."""
        if search.find("schemas", "form.yaml"):
            self._note_replaced("form.yaml", "", replace(search, bases=()))
        types = {**self._given_types(), **self.edition.cell_types}
        shape = load_shape("section")
        number = 0
        last = max(position for position, (_, chapter) in enumerate(entries) if chapter)
        for position, (name, chapter) in enumerate(entries):
            numbered = chapter.numbered if chapter else position > last and self._is_numbered()
            number += numbered
            schema = self._schema(name, search, types, shape) if name in given else None
            if schema is not None:
                settings = self.project.sections.get(name, {})
                self._check_settings(name, settings, schema)
                title = settings.get("title") or self._title(chapter, schema, number if numbered else 0)
                yield PlannedSection(name, title, chapter, given[name], schema, settings)

    def _is_numbered(self) -> bool:
        """Tell whether the form prints a number before any of its chapters, so that one behind them has one too."""
        return any(chapter.numbered and NUMBER.match(chapter.title) for chapter in self.edition.chapters)

    def _check_settings(self, name: str, settings: Mapping[str, Any], schema: SectionSchema) -> None:
        """Refuse content that the section has no place for, and a file nobody reads."""
        for key, wanted in (("data", schema.table), ("text", schema.text)):
            if key in settings and wanted is None:
                what = say("表格") if key == "data" else say("文字")
                self._problem(
                    "SRC-008", say("章节“{name}”没有{what}，{key} 用不上", name=name, what=what, key=key), name, key
                )
        file = settings.get("file", "")
        suffixes = {".yaml", ".md", *self.registry.suffixes()}
        if file and Path(file).suffix not in suffixes:
            known = listed(sorted(suffixes))
            message = say("“{file}”不是能读的文件；可以是 {known}", file=file, known=known)
            self._problem("SRC-008", message, name, "file")

    def _title(self, chapter: Chapter | None, schema: SectionSchema, number: int) -> str:
        if chapter is not None:
            return chapter.title
        return f"{_numeral(number)}、{schema.title}" if number else schema.title

    def _given_types(self) -> dict[str, CellType]:
        """Return the cell types of plugins, without those whose Cerberus rules are wrong."""
        good: dict[str, CellType] = {}
        for name, given in self.registry.cell_types().items():
            wrong = tuple(wrong_type(name, given))
            self.type_problems[name] = (*wrong, *self.registry.conflict("单元格类型", name))
            good.update({} if wrong else {name: guarded_type(name, given)})
        return good

    def _judge_types(self, schema: SectionSchema) -> None:
        """Tell of the cell types of plugins only where the report uses them."""
        for name in schema.cells - self.edition.cell_types.keys():
            self.problems.extend(self.type_problems.pop(name, ()))

    def _schema(self, name: str, search: SearchPath, types: Mapping[str, CellType], shape: Any) -> SectionSchema | None:
        path = search.find("schemas", f"{name}.yaml", name)
        if path is None:
            message = say("找不到章节“{name}”的定义 schemas/{name}.yaml", name=name)
            self.problems.append(Finding(message, name, "SRC-010", location=self._place(name)))
            return None
        schema = read_schema(read_yaml(path, self.registry.shown(path)), types, shape, section=name)
        self._judge_types(schema)
        self._note_replaced(f"{name}.yaml", name, search)
        self.problems.extend(self.registry.named(schema.problems, path))
        return None if schema.problems else schema

    def _note_replaced(self, file: str, section: str, search: SearchPath) -> None:
        """Warn where the report folder replaces a definition that lies elsewhere too."""
        first, *others = search.find_all("schemas", file, section)
        if others and first.is_relative_to(self.project.folder):
            message = say("报告文件夹里的 {file} 替换了官方的定义", file=shown_path(first))
            place = Location(first.relative_to(self.project.folder).as_posix())
            self.problems.append(Finding(message, section, "SRC-012", Severity.WARNING, location=place))

    def _plugin(self, name: str) -> str:
        """Return the distribution that report.yaml says supplies a section."""
        return self.project.sections.get(name, {}).get("plugin", "")

    def _place(self, name: str) -> Location:
        return self.project.document.locate("sections", name)

    def _problem(self, rule: str, message: str, *keys: str) -> None:
        place = self.project.document.locate("sections", *keys)
        self.problems.append(Finding(message, "", rule, location=place))


def _anchor(settings: Mapping[str, Any]) -> str:
    """Return the section an added one wants to stand beside, or ""."""
    return str(settings.get("after") or settings.get("before") or "")


def _numeral(number: int) -> str:
    """Return a chapter's number as official papers print it (up to 99)."""
    tens, ones = divmod(number, 10)
    if not tens:
        return NUMERALS[ones]
    return (NUMERALS[tens] if tens > 1 else "") + "十" + (NUMERALS[ones] if ones else "")
