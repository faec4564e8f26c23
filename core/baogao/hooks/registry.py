"""The registry: what the loaded plugins give, by name, with every conflict named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Generic, TypeVar

from baogao.files.resources import shown_path
from baogao.hooks.loading import LoadedPlugin, Selection, load_plugins
from baogao.language import Message, listed, near, say
from baogao.model.cells import CellType
from baogao.model.findings import Finding, Location
from baogao.model.forms import Form
from baogao.model.jobs import Profile, Renderer
from baogao.model.rules import ArtifactRule, Rule
from baogao.model.sections import SectionProvider, SourceReader

__all__ = ["Conflict", "Given", "Registry", "open_registry", "settling"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Given(Generic[T]):
    """Something a plugin gives, with the plugin."""

    value: T
    plugin: LoadedPlugin


@dataclass(frozen=True)
class Registry:
    """What the plugins of a run give; built for the run and passed on, never global."""

    plugins: tuple[LoadedPlugin, ...]

    def _given(self, hook: str) -> Iterable[Given[Any]]:
        return self._by_hook.get(hook, ())

    @cached_property
    def _by_hook(self) -> Mapping[str, list[Given[Any]]]:
        found: dict[str, list[Given[Any]]] = {}
        for plugin in self.plugins:
            for hook, values in plugin.given.items():
                found.setdefault(hook, []).extend(Given(value, plugin) for value in values)
        return found

    @property
    def forms(self) -> tuple[Given[Form], ...]:
        """Return the forms that plugins bring."""
        return tuple(self._given("report_forms"))

    @property
    def rules(self) -> tuple[Given[Rule | ArtifactRule], ...]:
        """Return the rules written in Python, in the order of their plugins."""
        return tuple(self._given("validation_rules"))

    @property
    def readers(self) -> tuple[Given[SourceReader], ...]:
        """Return the readers of further input files."""
        return tuple(self._given("source_readers"))

    def cell_types(self) -> dict[str, Given[CellType]]:
        """Return the further cell types by name; of two the first counts, and they are a conflict."""
        types = reversed(tuple(self._given("field_types")))
        return {given.value[0]: Given(given.value[1], given.plugin) for given in types}

    def form_giver(self, form: str) -> LoadedPlugin | None:
        """Return the plugin that brings a form; of two the first counts, and they are a conflict."""
        return next((given.plugin for given in self.forms if given.value.id == form), None)

    def reader(self, suffix: str) -> Given[SourceReader] | None:
        """Return what reads files of this suffix; of two the first counts, and they are a conflict."""
        return next((given for given in self.readers if suffix in given.value.suffixes), None)

    def suffixes(self) -> tuple[str, ...]:
        """Return the suffixes of the files that plugins read."""
        return tuple(dict.fromkeys(suffix for given in self.readers for suffix in given.value.suffixes))

    def sections(self, section_id: str, form: str = "") -> tuple[Given[SectionProvider], ...]:
        """Return all that supply this section, of this form or of any; more than one of a form is a conflict."""
        return tuple(
            given
            for given in self._given("section_providers")
            if given.value.id == section_id and (not form or not given.value.forms or form in given.value.forms)
        )

    def section_ids(self) -> tuple[str, ...]:
        """Return the ids of all sections that plugins supply."""
        return tuple(dict.fromkeys(given.value.id for given in self._given("section_providers")))

    def renderers(self, name: str) -> tuple[Given[Renderer], ...]:
        """Return all renderers of that name; more than one is a conflict."""
        return tuple(given for given in self._given("renderers") if given.value.name == name)

    def renderer_names(self) -> tuple[str, ...]:
        """Return the names that may stand in `outputs:`."""
        return tuple(dict.fromkeys(given.value.name for given in self._given("renderers")))

    def profiles(self, renderer: Renderer) -> dict[str, Profile]:
        """Return the profiles of a renderer by name: its own first, then those that plugins add.

        None but the renderer's plugin describes the renderer's own; of two with one name the first counts.
        """
        own = {name: Profile(name, renderer.name) for name in renderer.profiles}
        giver = next((given.plugin for given in self._given("renderers") if given.value is renderer), None)
        added = [given for given in self._given("output_profiles") if given.value.renderer == renderer.name]
        described = {given.value.name: given.value for given in reversed(added) if given.plugin is giver}
        strange = {given.value.name: given.value for given in reversed(added) if given.plugin is not giver}
        return {**own, **{name: strange[name] for name in strange if name not in own}, **described}

    def renderers_with(self, profile: str) -> tuple[Renderer, ...]:
        """Return the renderers that have a profile, the one that counts of each name."""
        found = (self.renderers(name)[0].value for name in self.renderer_names())
        return tuple(renderer for renderer in found if profile in self.profiles(renderer))

    def brings_renderers(self, plugin: str) -> bool:
        """Tell whether a plugin brings renderers."""
        return any(given.plugin.name == plugin for given in self._given("renderers"))

    @cached_property
    def conflicts(self) -> tuple[Conflict, ...]:
        """Return every id that is given twice, by two plugins or by one; rules are compared where they are gathered."""
        claims: dict[tuple[str, str], list[Given[Any]]] = {}
        for kind, name, given in self._claims():
            claims.setdefault((kind, name), []).append(given)
        found = (Conflict(kind, name, tuple(_rivals(kind, given))) for (kind, name), given in claims.items())
        return tuple(conflict for conflict in found if len(conflict.rivals) > 1)

    def conflict(self, kind: str, name: str) -> tuple[Finding, ...]:
        """Return the finding that an id of this kind is given twice, where it is."""
        return tuple(found.finding for found in self.conflicts if (found.kind, found.name) == (kind, name))

    def _claims(self) -> Iterator[tuple[str, str, Given[Any]]]:
        """Yield the ids that plugins lay claim to, with what they are ids of."""
        for given in self._given("report_forms"):
            yield "报告种类", given.value.id, given
        for given in self._given("section_providers"):
            yield "章节", given.value.id, given
        for given in self._given("renderers"):
            yield "输出", given.value.name, given
            for name in given.value.profiles:
                yield "样式", f"{given.value.name}/{name}", given
        for given in self._given("output_profiles"):
            yield "样式", f"{given.value.renderer}/{given.value.name}", given
        for given in self._given("field_types"):
            yield "单元格类型", given.value[0], given
        for given in self.readers:
            for suffix in given.value.suffixes:
                yield "文件的读法", suffix, given

    def shown(self, path: Path) -> str:
        """Return a definition's path as it is told: an installed plugin's in full, for its author to go there."""
        return str(path) if self._bringer(path) else shown_path(path)

    def named(self, problems: Iterable[Finding], path: Path) -> tuple[Finding, ...]:
        """Return what is wrong with a definition; with one that an installed plugin brings, under its name."""
        bringer = self._bringer(path)
        if bringer is None:
            return tuple(problems)
        told = ((say("插件 {plugin}：{message}", plugin=bringer.title, message=one.message), one) for one in problems)
        return tuple(replace(problem, message=message) for message, problem in told)

    def _bringer(self, path: Path) -> LoadedPlugin | None:
        """Return the installed plugin beside whose module a definition lies."""
        strange = (plugin for plugin in self.plugins if plugin.origin == "installed" and plugin.state == "active")
        return next((plugin for plugin in strange if plugin.folder and path.is_relative_to(plugin.folder)), None)

    @property
    def quarantined(self) -> tuple[LoadedPlugin, ...]:
        """Return the plugins that could not be used."""
        return tuple(plugin for plugin in self.plugins if plugin.state == "quarantined")

    @property
    def blocked(self) -> tuple[LoadedPlugin, ...]:
        """Return the plugins that were found and not loaded."""
        return tuple(plugin for plugin in self.plugins if plugin.state == "blocked")

    def missing_section(self, section_id: str, location: Location | None, plugin: str = "") -> Finding:
        """Return the finding that no plugin supplies a section; `plugin` is the distribution named for it."""
        # the name may be right, where a plugin that is not there knows it
        known = () if self.blocked or self.quarantined else self.section_ids()
        message = say("章节“{section}”没有插件提供{near}", section=section_id, near=near(section_id, known))
        return Finding(message, section_id, "PLG-006", hint=self._how_to_get(plugin), location=location)

    def missing_renderer(self, name: str, location: Location | None) -> Finding:
        """Return the finding that no plugin makes an output the report asks for."""
        message = say("没有名为“{name}”的输出{near}", name=name, near=near(name, self.renderer_names()))
        known = listed(self.renderer_names())
        hint = say("可用的输出：{known}；{how}", known=known, how=self._how_to_get())
        return Finding(message, "", "PLG-007", hint=hint, location=location)

    def _how_to_get(self, plugin: str = "") -> Message:
        known = {found.distribution for found in self.plugins}
        if plugin and plugin not in known:
            return say("先安装插件 {plugin}（向提供它的部门索取安装包），或从 report.yaml 中去掉这一章", plugin=plugin)
        if self.quarantined:
            names = listed(plugin.title for plugin in self.quarantined)
            return say("插件 {names} 未能加载，可能正是它提供的；运行 baogao plugins 查看原因", names=names)
        local = [plugin.title for plugin in self.blocked if plugin.origin == "local"]
        if local:
            return say(
                "可能是报告自己的插件 {names} 提供的，它没有运行：去掉停用（block），成批做的加 --trust-plugins",
                names=listed(local),
            )
        if self.blocked:
            names = listed(say("{plugin}（{why}）", plugin=one.title, why=one.refused) for one in self.blocked)
            return say("停用的插件里可能有提供它的：{names}；去掉停用后再试，或安装提供它的插件", names=names)
        return say("安装提供它的插件（pip install …），或从 report.yaml 中去掉；已安装的插件见 baogao plugins")


@dataclass(frozen=True, slots=True)
class Conflict:
    """An id of some kind that is given twice; the first of the rivals counts."""

    kind: str
    name: str
    rivals: tuple[Given[Any], ...]

    @property
    def finding(self) -> Finding:
        """Return the finding that names both, and the line that settles it."""
        first, second = self.rivals[0].plugin, self.rivals[1].plugin
        what = {"kind": say(self.kind), "name": self.name, "first": first.title}
        if first is second:
            message = say("插件 {first} 两次交出{kind}“{name}”", **what)
            hint = say("去掉其中一个")
        else:
            message = say("两个插件都提供{kind}“{name}”：{first} 与 {second}", **what, second=second.title)
            hint = settling(second.name, first.name)
        place = Location(second.file, second.line) if second.file else None
        return Finding(message, self.name if self.kind == "章节" else "", "PLG-005", hint=hint, location=place)


def settling(one: str, other: str) -> Message:
    """Return the line of report.yaml that settles a conflict of two plugins, for either way."""
    return say("在 report.yaml 中写 plugins: {{block: [{one}]}} 或 plugins: {{block: [{other}]}}", one=one, other=other)


def _rivals(kind: str, claims: list[Given[Any]]) -> Iterator[Given[Any]]:
    """Yield those of the claims to one id that exclude one another."""
    first, *others = claims
    yield first
    for given in others:
        if kind == "章节":
            rival = _share_a_form(first.value, given.value)
        elif kind == "样式":
            # A renderer's plugin describes its own profiles; two renderers of one name are a conflict themselves.
            rival = type(given.value) is Profile and given.plugin is not first.plugin
        else:
            rival = True
        if rival:
            yield given


def _share_a_form(one: SectionProvider, other: SectionProvider) -> bool:
    return not one.forms or not other.forms or bool(set(one.forms) & set(other.forms))


def open_registry(selection: Selection) -> Registry:
    """Load the plugins and return what they give."""
    return Registry(load_plugins(selection))
