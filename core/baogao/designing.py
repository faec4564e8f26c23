"""Templates for people to edit: what the engine itself would use, and what is wrong with what they made of it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from baogao import pipeline
from baogao.definitions.defaults import read_defaults
from baogao.errors import InputError
from baogao.hooks.loading import Selection
from baogao.hooks.registry import Given, Registry, open_registry
from baogao.language import Message, listed, near, say
from baogao.model.findings import Finding
from baogao.model.jobs import Job, Output, Renderer, TemplateKeeper
from baogao.samples import Data, read_sample, sample_document, with_section
from baogao.stages.load import project_of
from baogao.stages.survey import NOWHERE, Surveyed, survey
from baogao.stages.templates import SHELL, judge_and_try

__all__ = [
    "Desk",
    "drawn_template",
    "judged_plugins",
    "judged_template",
    "kept_as",
    "open_desk",
    "sample_of",
    "section_of",
    "surveyed_edition",
]


class Desk:
    """Where templates are drawn and judged: a report, and the plugins."""

    def __init__(self, opened: pipeline.Opened) -> None:
        """Take a report that has been opened."""
        self.opened = opened

    def keeper(self, file: Path) -> Given[Any]:
        """Return the renderer whose templates have the suffix of a file; raise InputError where there is none."""
        registry = self.opened.registry
        given = [found for name in registry.renderer_names() for found in registry.renderers(name)]
        keepers = [found for found in given if isinstance(found.value, TemplateKeeper)]
        suffixes = [cast("TemplateKeeper", found.value).template_suffix for found in keepers]
        if file.suffix.lower() in suffixes:
            return keepers[suffixes.index(file.suffix.lower())]
        known = listed(dict.fromkeys(suffixes))
        raise _refused(say("没有哪个输出用“{suffix}”这样的模板；可用：{known}", suffix=file.suffix, known=known))

    @property
    def shells(self) -> dict[str, str]:
        """Return the profile of each file of a shell, by its name without the suffix."""
        registry = self.opened.registry
        given = (found.value for name in registry.renderer_names() for found in registry.renderers(name))
        keepers = [keeper for keeper in given if isinstance(keeper, TemplateKeeper)]
        kept = ((keeper, profile) for keeper in keepers for profile in reversed(registry.profiles(cast("Any", keeper))))
        return {Path(keeper.template_files(profile, "")[0]).stem: profile for keeper, profile in kept}

    def job(self, renderer: Renderer, profile: str) -> Job:
        """Return the job a template is for; raise InputError for a profile there is not."""
        profiles = self.opened.registry.profiles(renderer)
        if profile and profile not in profiles:
            meant = near(profile, profiles)
            message = say(
                "输出“{name}”没有 {profile} 这种样式{near}；可用：{known}",
                name=renderer.name,
                profile=profile,
                near=meant,
                known=listed(profiles),
            )
            raise _refused(message)
        report = self.opened.report
        asked = (output for output in self.opened.project.outputs if output.renderer == renderer.name)
        chosen = profile or renderer.profiles[0]
        fitting = (output for output in asked if (output.profile or renderer.profiles[0]) == chosen)
        options = next((output.options for output in fitting), {})
        return Job(report, Output(renderer.name, chosen, options), self.opened.plan.search, report.file_title)


def open_desk(
    selection: Selection, *, report: Path | None = None, form: str = "", edition: str = "", section: str = ""
) -> Desk:
    """Return the desk of a report, or of the sample of a form with a section put in; raise InputError for none."""
    if report is not None:
        return Desk(pipeline.open_report(report, selection))
    surveyed = surveyed_edition(open_registry(selection), form, edition)
    known = {planned.id: planned.schema for planned in surveyed.plan.sections}
    data = with_section(sample_of(surveyed), known.get(section))
    if section in known and not data["sections"][section].get("text", "-"):
        data["sections"][section]["text"] = say("无。")  # an optional chapter without words would be left out
    return Desk(pipeline.open_project(project_of(NOWHERE, sample_document(data)), selection))


def surveyed_edition(registry: Registry, form: str, edition: str = "", year: int | None = None) -> Surveyed:
    """Return an edition of a form, by default its newest, or the one for a year; raise InputError for none."""
    every = list(survey(registry))
    forms = {surveyed.edition.form for surveyed in every}
    editions = {surveyed.edition.id: surveyed for surveyed in every if surveyed.edition.form == form}
    fitting = [name for name, found in editions.items() if year is not None and _is_for(found, year)]
    edition = edition or next(iter(fitting), "")
    if not editions:
        raise _refused(say("没有名为“{form}”的报告种类{near}", form=form, near=near(form, forms)))
    if edition and edition not in editions:
        known = listed(editions)
        raise _refused(say("“{form}”没有 {edition} 版；可用：{known}", form=form, edition=edition, known=known))
    return editions[edition] if edition else list(editions.values())[-1]


def _is_for(surveyed: Surveyed, year: int) -> bool:
    first, last = surveyed.edition.years
    return first <= year <= last


def sample_of(surveyed: Surveyed) -> Data:
    """Return the clean sample of an edition, or the least there can be of a report."""
    edition = surveyed.edition
    least = {"form": edition.form, "edition": edition.id, "year": edition.years[0], "sections": {}}
    return read_sample(surveyed.plan.search) or {**least, "unit": {"name": say("某某单位"), "kind": "other"}}


def _refused(message: Message, hint: str = "") -> InputError:
    return InputError([Finding(message, rule="SRC-010", hint=hint)])


def section_of(desk: Desk, name: str) -> str:
    """Return the section a template is called by, "" for the shell; raise InputError for one there is not."""
    known = [section.id for section in desk.opened.report]
    if name.partition(".")[0] in (SHELL, *desk.shells):
        return ""
    if name in known:
        return name
    supplied, usable = (SHELL, *known, *desk.opened.registry.section_ids()), listed((SHELL, *known))
    hint = say("报告自己的章，加 --report 报告文件夹") if desk.opened.project.folder == NOWHERE else ""
    message = say("没有“{name}”这一章{near}；可用：{known}", name=name, near=near(name, supplied), known=usable)
    raise _refused(message, hint)


def drawn_template(desk: Desk, file: Path, section: str, profile: str) -> bytes:
    """Return the template the engine would use, in the format the file's name asks for."""
    renderer = desk.keeper(file).value
    job = desk.job(renderer, profile)
    return cast("TemplateKeeper", renderer).new_template(job, section)


def kept_as(desk: Desk, file: Path, section: str, profile: str) -> str:
    """Return the name a template must have to be used for a section, or as the shell of a profile."""
    renderer = desk.keeper(file).value
    return cast("TemplateKeeper", renderer).template_files(desk.job(renderer, profile).output.profile, section)[0]


def judged_template(desk: Desk, file: Path, section: str, profile: str) -> Iterator[Finding]:
    """Yield what is wrong with a template, as the rules of the report have it."""
    given, opened = desk.keeper(file), desk.opened
    job = desk.job(given.value, profile)
    own = {section: {kept_as(desk, file, section, profile): file}}
    for finding in judge_and_try(given, job, opened.plan.search, opened.rules, own):
        yield opened.rules.settle(finding)


def judged_plugins(registry: Registry, selection: Selection) -> Iterator[Finding]:
    """Yield what is wrong with the templates that plugins bring for their sections, in the newest edition of each."""
    own = [known for known in registry.plugins if known.origin != "bundled" and known.folder]
    for plugin, provider in ((one, given) for one in own for given in one.given.get("section_providers", ())):
        for file in sorted((Path(plugin.folder or "") / "templates").rglob(f"{provider.id}.*")):
            form = next(iter(provider.forms), read_defaults().form)
            with contextlib.suppress(InputError):  # a template of an output that does not judge them
                desk = open_desk(selection, form=form, section=provider.id)
                yield from judged_template(desk, file, section_of(desk, provider.id), "")
