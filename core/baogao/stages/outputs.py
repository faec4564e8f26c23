"""OUTPUTS: which renderer makes what report.yaml asks for, in which order, and what nobody makes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from baogao.definitions.checking import findings_each, shape_of
from baogao.files.yaml import Document
from baogao.hooks.guarding import Watch
from baogao.hooks.loading import raised
from baogao.hooks.registry import Conflict, Given, Registry
from baogao.language import Message, listed, near, say
from baogao.model.findings import Finding, Location
from baogao.model.jobs import Linker, Output, Profile, Renderer
from baogao.model.report import OptionText, PlannedOutput
from baogao.narrative.markdown import UNFILLED
from baogao.stages.load import Project

__all__ = ["Usable", "Wanted", "unfilled", "usable_outputs", "wanted_outputs", "with_profile"]

Problems = list[Finding]
Options = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Usable:
    """An output that can be made: with its renderer and profile; one that only another needs is not written."""

    output: Output
    given: Given[Renderer]
    profile: Profile
    written: bool = True

    @property
    def key(self) -> str:
        """Return what the artifact is called in `Job.made`."""
        return f"{self.output.renderer}/{self.profile.name}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a run is to make: the outputs that can be made, in their order, what they print, and why others cannot."""

    usable: tuple[Usable, ...]
    planned: tuple[PlannedOutput, ...]
    problems: tuple[Finding, ...] = ()

    @property
    def renderers(self) -> frozenset[str]:
        """Return the names of the renderers that make them."""
        return frozenset(made.output.renderer for made in self.usable)


def wanted_outputs(project: Project, registry: Registry, to: tuple[str, ...] = ()) -> Wanted:
    """Return what a run is to make of a report: the outputs of these names, by default those of report.yaml."""
    outputs = _named(project.outputs, to)
    usable, problems = usable_outputs(outputs, registry, project.document, project.outputs)
    return Wanted(usable, tuple(_planned(made, project.document) for made in usable), problems)


def _named(outputs: tuple[Output, ...], names: tuple[str, ...]) -> tuple[Output, ...]:
    """Return the outputs of these names, as report.yaml describes them or else plain; without names all of them."""
    if not names:
        return outputs
    described = {name: [output for output in outputs if output.renderer == name] for name in names}
    return tuple(output for name in dict.fromkeys(names) for output in described[name] or [Output(name)])


def with_profile(project: Project, registry: Registry, profile: str, to: tuple[str, ...] = ()) -> Project:
    """Return the project with the outputs of these names, and one in a profile from every renderer that has it.

    What is added takes the options that report.yaml gives the renderer's usual profile.
    """
    outputs = _named(project.outputs, to)
    for renderer in registry.renderers_with(profile):
        usual = renderer.profiles[0]
        if not _in_profile(outputs, renderer.name, profile, usual):
            like = _in_profile(project.outputs, renderer.name, usual, usual) or [Output(renderer.name)]
            outputs = (*outputs, replace(like[0], profile=profile))
    return replace(project, outputs=outputs)


def _in_profile(outputs: tuple[Output, ...], name: str, profile: str, usual: str) -> list[Output]:
    return [output for output in outputs if (output.renderer, output.profile or usual) == (name, profile)]


def usable_outputs(
    outputs: tuple[Output, ...], registry: Registry, document: Document, described: tuple[Output, ...] = ()
) -> tuple[tuple[Usable, ...], tuple[Finding, ...]]:
    """Return the outputs with their renderers, those first that others need; and the outputs nobody makes.

    `described` are all outputs of report.yaml: one that is needed and was not asked for is made as it stands there.
    """
    usable: list[Usable] = []
    problems: Problems = []
    for output in outputs:
        made = _usable(output, registry, _entry(output, document), problems)
        usable.extend([made] if made else [])
    usable.extend(_needed(usable, described, registry, document, problems))
    return _in_order(usable), tuple(problems)


def _planned(usable: Usable, document: Document) -> PlannedOutput:
    """Return an output with the texts that its options give it to print, each where it is written."""
    entry = _entry(usable.output, document)
    options = {"schema": usable.profile.options}
    return PlannedOutput(usable.output, tuple(_texts(usable.output.options, options, entry)), entry.locate())


def unfilled(outputs: tuple[PlannedOutput, ...]) -> Iterator[Finding]:
    """Yield the gaps that were left in what outputs print."""
    for text in (text for output in outputs for text in output.texts):
        for found in UNFILLED.finditer(text.text):
            message = say("还有“{gap}”没有填", gap=found.group())
            yield Finding(message, rule="NAR-105", quote=found.group(), location=text.location)


def _texts(value: Any, rules: Options, entry: Document, keys: tuple[str | int, ...] = ()) -> Iterator[OptionText]:
    """Yield the texts of an option; `printed: false` and `prose: false` stand in the `meta` of its Cerberus rules."""
    meta, inner = rules.get("meta") or {}, rules.get("schema") or {}
    if value is None or not meta.get("printed", True):
        return
    if isinstance(value, Mapping):
        for name, item in cast("Options", value).items():
            yield from _texts(item, inner.get(name) or rules.get("valuesrules") or {}, entry, (*keys, name))
    elif isinstance(value, list):
        for number, item in enumerate(cast("list[Any]", value)):
            yield from _texts(item, inner, entry, (*keys, number))
    else:
        yield OptionText(".".join(map(str, keys)), str(value), entry.locate(*keys), meta.get("prose", True))


def _entry(output: Output, document: Document) -> Document:
    """Return what report.yaml says of an output: the entry with its options and, at best, its profile."""
    written = cast("list[Any]", document.at("outputs").data or [])
    alike = {number: _profile(data) for number, data in enumerate(written) if _describes(data, output)}
    order = sorted(alike, key=lambda number: (alike[number] != output.profile, alike[number] != ""))
    return document.at("outputs", *order[:1])


def _describes(data: str | Options, output: Output) -> bool:
    if isinstance(data, str):
        return data == output.renderer and not output.options
    options = {name: value for name, value in data.items() if name not in ("renderer", "profile")}
    return data.get("renderer") == output.renderer and options == output.options


def _profile(data: str | Options) -> str:
    return "" if isinstance(data, str) else data.get("profile", "")


def _usable(output: Output, registry: Registry, entry: Document, problems: Problems) -> Usable | None:
    found = registry.renderers(output.renderer)
    if not found:
        joined = _joined(output.renderer, entry.locate())
        problems.append(joined or registry.missing_renderer(output.renderer, entry.locate()))
        return None
    given, *rivals = found
    if rivals:
        problems.append(Conflict("输出", output.renderer, found).finding)
    renderer = given.value
    profiles = registry.profiles(renderer)
    profile = profiles.get(output.profile or renderer.profiles[0])
    if profile is None:
        problems.append(_no_profile(output, profiles, entry.locate("profile")))
        return None
    problems.extend(registry.conflict("样式", f"{renderer.name}/{profile.name}"))
    with Watch(given.plugin.title) as watch:
        problems.extend(_judged_options(output, profile, entry))
    if watch.error is not None:
        problems.append(_bad_profile(output, profile, raised(watch.error), entry.locate()))
        return None
    return Usable(replace(output, profile=profile.name), given, profile)


def _bad_profile(output: Output, profile: Profile, error: str, place: Location) -> Finding:
    """Return that a plugin describes the options of its profile in a way that cannot be used."""
    name = f"{output.renderer}/{profile.name}"
    message = say("插件给样式“{name}”写的参数（options）有误：{error}", name=name, error=error)
    return Finding(message, rule="PLG-002", location=place)


def _judged_options(output: Output, profile: Profile, entry: Document) -> Iterator[Finding]:
    """Judge the options by the profile's own Cerberus rules; a profile without any takes all but slips."""
    if profile.options:
        faults = shape_of({"schema": profile.options}).faults(output.options)
        for fault, finding in findings_each(faults, entry, "SRC-008"):
            yield replace(finding, hint=_wanted(fault.keys, output, profile))
        return
    for name in output.options:
        meant = near(name, ("renderer", "profile"))
        if meant:
            yield Finding(say("不认识“{key}”{near}", key=name, near=meant), rule="SRC-008", location=entry.locate(name))


def _wanted(keys: tuple[str | int, ...], output: Output, profile: Profile) -> Message:
    """Say what an option should be, in the words of its `meta`; for one there is not, which there are."""
    rules: Any = {"schema": profile.options}
    label = ""
    for key in keys:
        rules = rules.get("schema", {}) if isinstance(key, int) else rules.get("schema", {}).get(key, {})
        label = rules.get("meta", {}).get("label", label)
    if label:
        name = ".".join(map(str, keys))
        return say("{name} 是{label}；写法见 docs/writing.md 的 report.yaml 一节", name=name, label=label)
    known = listed(profile.options)
    return say(
        "{name} 还可以写：{known}；写法见 docs/writing.md 的 report.yaml 一节", name=output.renderer, known=known
    )


def _joined(name: str, place: Location) -> Finding | None:
    """Return the finding that several outputs are written as one, parted by full-width signs."""
    if "，" in name:
        message = say("“{name}”里的逗号是全角的“，”，应改为半角“,”，后面空一格", name=name)
    elif "、" in name:
        message = say("“{name}”里是顿号“、”，应改为半角逗号“,”，后面空一格", name=name)
    else:
        return None
    return Finding(message, rule="SRC-008", location=place)


def _no_profile(output: Output, profiles: dict[str, Profile], place: Location) -> Finding:
    message = say(
        "输出“{name}”没有 {profile} 这种样式{near}；可用：{known}",
        name=output.renderer,
        profile=output.profile,
        near=near(output.profile, profiles),
        known=listed(profiles),
    )
    return Finding(message, rule="SRC-008", location=place)


def _needed(
    usable: list[Usable], described: tuple[Output, ...], registry: Registry, document: Document, problems: Problems
) -> list[Usable]:
    """Return what renderers need and nobody asked for: it is made for them, in their profile, and not written."""
    known = {(made.output.renderer, made.profile.name) for made in usable}
    needed: list[Usable] = []
    waiting = list(usable)
    while waiting:
        one = waiting.pop()
        for name in one.given.value.needs:
            output = _alike(name, one.profile.name, known, described, registry)
            if output is None or (name, output.profile) in known:
                continue
            known.add((name, output.profile))
            made = _usable(output, registry, _entry(output, document), problems)
            needed.extend([replace(made, written=False)] if made else [])
            waiting.extend([made] if made else [])
    return needed


def _alike(
    name: str, profile: str, known: set[tuple[str, str]], described: tuple[Output, ...], registry: Registry
) -> Output | None:
    """Return what a renderer is to make for another in a profile; None where it lacks that and makes some other."""
    given = next(iter(registry.renderers(name)), None)
    if given is None:
        return Output(name)
    default = given.value.profiles[0]
    if profile not in registry.profiles(given.value):
        profile = default
        if any(renderer == name for renderer, _ in known):
            return None
    same = (output for output in described if (output.renderer, output.profile or default) == (name, profile))
    return replace(next(same, Output(name)), profile=profile)


def _in_order(usable: list[Usable]) -> tuple[Usable, ...]:
    """Put each output after those its renderer needs or uses; a circle of them stays as it is written."""
    waiting, ordered = list(usable), list[Usable]()
    while waiting:
        missing = {made.output.renderer for made in waiting}
        ready = [made for made in waiting if not missing.intersection(_before(made.given.value))] or waiting
        ordered.extend(ready)
        waiting = [made for made in waiting if made not in ready]
    return tuple(ordered)


def _before(renderer: Renderer) -> tuple[str, ...]:
    return (*renderer.needs, *(renderer.uses if isinstance(renderer, Linker) else ()))
