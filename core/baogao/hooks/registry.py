"""The registry: what the loaded plugins give, by name, with every conflict named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from baogao.hooks.loading import LoadedPlugin, Selection, load_plugins
from baogao.language import Message, listed, near, say
from baogao.model.cells import CellType
from baogao.model.findings import Finding, Location
from baogao.model.forms import Form
from baogao.model.jobs import Profile, Renderer
from baogao.model.rules import ArtifactRule, Rule
from baogao.model.sections import SectionProvider, SourceReader

__all__ = ["Given", "Registry", "conflict", "open_registry"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Given(Generic[T]):
    """Something a plugin gives, with the plugin."""

    value: T
    plugin: LoadedPlugin


@dataclass(frozen=True, slots=True)
class Registry:
    """What the plugins of a run give; built for the run and passed on, never global."""

    plugins: tuple[LoadedPlugin, ...]

    def _given(self, hook: str) -> Iterator[Given[Any]]:
        for plugin in self.plugins:
            for value in plugin.given.get(hook, ()):
                yield Given(value, plugin)

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

    def cell_types(self) -> dict[str, CellType]:
        """Return the further cell types by name."""
        return {given.value[0]: given.value[1] for given in reversed(tuple(self._given("field_types")))}

    def sections(self, section_id: str, form: str) -> tuple[Given[SectionProvider], ...]:
        """Return all that supply this section of this form; more than one is a conflict."""
        return tuple(
            given
            for given in self._given("section_providers")
            if given.value.id == section_id and (not given.value.forms or form in given.value.forms)
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
        """Return the profiles of a renderer by name: its own first, then those that plugins add."""
        own = {name: Profile(name, renderer.name) for name in renderer.profiles}
        added = [given.value for given in self._given("output_profiles") if given.value.renderer == renderer.name]
        return {**own, **{profile.name: profile for profile in reversed(added)}}

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
        message = say(
            "章节“{section}”没有插件提供{near}", section=section_id, near=near(section_id, self.section_ids())
        )
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
        if self.blocked:
            names = listed(plugin.title for plugin in self.blocked)
            return say("插件 {names} 已被停用（block），去掉停用后再试；或安装提供它的插件", names=names)
        return say("安装提供它的插件（pip install …），或从 report.yaml 中去掉；已安装的插件见 baogao plugins")


def conflict(kind: str, name: str, rivals: tuple[Given[Any], ...]) -> Finding:
    """Return the finding that several plugins supply one id."""
    first, second = rivals[0].plugin, rivals[1].plugin
    message = say(
        "两个插件都提供{kind}“{name}”：{first} 与 {second}",
        kind=say(kind),
        name=name,
        first=first.title,
        second=second.title,
    )
    hint = say(
        "在 report.yaml 中写 plugins: {{block: [{one}]}} 或 plugins: {{block: [{other}]}}",
        one=second.name,
        other=first.name,
    )
    path = name if kind == "章节" else ""
    return Finding(
        message, path, "PLG-005", hint=hint, location=Location(second.file, second.line) if second.file else None
    )


def open_registry(selection: Selection) -> Registry:
    """Load the plugins and return what they give."""
    return Registry(load_plugins(selection))
