"""TEMPLATES: judge those that a report or a plugin brings when they are registered, not when they are used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from baogao.files.resources import SearchPath
from baogao.hooks.guarding import Guard
from baogao.hooks.loading import raised, where
from baogao.hooks.plain import plain_findings
from baogao.hooks.registry import Given, Registry
from baogao.language import near, say
from baogao.model.findings import Finding, Location, Severity
from baogao.model.jobs import Job, Renderer, TemplateKeeper
from baogao.model.report import Report
from baogao.model.rules import ArtifactRule
from baogao.rules.ruleset import RuleSet
from baogao.stages.outputs import Usable
from baogao.stages.render import redrawing
from baogao.stages.trials import is_ours, try_templates

__all__ = ["SHELL", "judge_and_try", "judge_templates", "stray_templates", "untold"]

SHELL = "shell"
"""What people call the template of the whole; a section's is called by its id."""

READ_BACK = ("OUT-001", "OUT-002", "OUT-004")


def judge_templates(report: Report, outputs: Iterable[Usable], search: SearchPath, rules: RuleSet) -> Iterator[Finding]:
    """Yield what is wrong with the templates in use that are not ours; a report without any loads nothing for it."""
    for usable in outputs if search.brings("templates") else ():
        renderer = usable.given.value
        if isinstance(renderer, TemplateKeeper):
            job = Job(report, usable.output, search, report.file_title)
            own = {section: _own(job, renderer, section) for section in ("", *(section.id for section in report))}
            yield from judge_and_try(usable.given, job, search, rules, own)


def stray_templates(folder: Path, registry: Registry, sections: Iterable[str]) -> Iterator[Finding]:
    """Yield a warning for every file in a report's templates that no output ever looks for."""
    files = sorted(path for path in (folder / "templates").rglob("*") if path.is_file())
    if not files:
        return
    keepers = [one.value for name in registry.renderer_names() for one in registry.renderers(name)]
    keepers = [keeper for keeper in keepers if isinstance(keeper, TemplateKeeper)]
    suffixes = {keeper.template_suffix for keeper in keepers}
    known = dict.fromkeys(name for keeper in keepers for name in _names_of(keeper, registry, sections))
    for path in files:
        if path.name not in known and path.suffix.lower() in suffixes and not path.name.startswith(("~", ".")):
            message = say("{file} 不是任何模板的名称，没有用到{near}", file=path.name, near=near(path.name, known))
            place = Location(path.relative_to(folder).as_posix())
            yield Finding(message, "", "SRC-009", Severity.WARNING, location=place)


def _names_of(keeper: Any, registry: Registry, sections: Iterable[str]) -> Iterator[str]:
    """Yield every name a template of a renderer may have."""
    for profile in registry.profiles(keeper):
        for section in ("", *sections):
            yield from keeper.template_files(profile, section)


def _own(job: Job, keeper: TemplateKeeper, section: str) -> dict[str, Path]:
    """Return the templates in use for a section, or the shell, that are not ours, by name."""
    names = keeper.template_files(job.output.profile, section)
    found = {name: job.resources.find("templates", name, section) for name in names}
    used = {name: path for name, path in found.items() if path is not None}
    chosen = used if section else dict([*used.items()][:1])
    return {name: path for name, path in chosen.items() if not is_ours(path)}


def judge_and_try(
    given: Given[Renderer], job: Job, search: SearchPath, rules: RuleSet, own: Mapping[str, Mapping[str, Path]]
) -> Iterator[Finding]:
    """Yield what is wrong with the templates of each section, each by itself, and then in a trial print of all."""
    found: list[Finding] = []
    for section, templates in own.items():
        judged = (path for name, path in templates.items() if not section or name.startswith(f"{section}."))
        found.extend(one for path in judged for one in _judge_template(given, path, job, section))
    yield from found
    templates = {name: path for paths in own.values() for name, path in paths.items()}
    if templates and not any(_is_broken(one, rules) for one in found):
        told = {(one.rule, one.path) for one in found}
        tried = try_templates(given, job, search, rules, templates)
        yield from (one for one in tried if (one.rule, one.path) not in told)


def _is_broken(finding: Finding, rules: RuleSet) -> bool:
    """Tell whether a template cannot be used at all: what a file lacks is no hindrance to make it."""
    of_file = finding.rule in READ_BACK or isinstance(rules.rules.get(finding.rule), ArtifactRule)
    return not of_file and rules.settle(finding).severity is Severity.ERROR


def _judge_template(given: Given[Renderer], path: Path, job: Job, section: str) -> Iterator[Finding]:
    """Yield what is wrong with a template; a renderer that fails at it is a finding too."""
    keeper: Any = given.value
    found: list[Finding] = []
    with Guard(given.plugin.title) as guard:
        found.extend(plain_findings(keeper.check_template(path.read_bytes(), path.name, job, section)))
    error = guard.error
    if isinstance(error, OSError):
        message = say("模板 {file} 打不开：{error}", file=path.name, error=error.strerror or str(error))
        found.append(Finding(message, section, "TPL-005"))
    elif error is not None:
        place = where(error)
        message = say("插件 {plugin} 检查模板时出错：{error}", plugin=given.plugin.title, error=raised(error))
        yield Finding(message, rule="PLG-003", location=Location(place[0] or given.plugin.file, place[1]))
    for finding in found:
        place = replace(finding.location or Location(""), file=str(path))
        is_of_cell = section and finding.rule == "OUT-001" and not finding.hint
        hint = redrawing(job.report, path, section) if is_of_cell else finding.hint
        yield replace(finding, location=place, hint=hint)


def untold(findings: Iterable[Finding], told: Iterable[Finding]) -> Iterator[Finding]:
    """Yield the findings without those on templates that have been told before."""
    known = {(finding.rule, finding.message) for finding in told if finding.rule.startswith("TPL-")}
    return (finding for finding in findings if (finding.rule, finding.message) not in known)
