"""TEMPLATES: judge those that a report or a plugin brings when they are registered, not when they are used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from baogao.files.resources import SearchPath, bundled_folder
from baogao.hooks.guarding import Guard
from baogao.hooks.loading import raised, where
from baogao.hooks.registry import Given
from baogao.language import say
from baogao.model.findings import Finding, Location
from baogao.model.jobs import Job, Renderer, TemplateKeeper
from baogao.model.report import Report
from baogao.stages.outputs import Usable

__all__ = ["SHELL", "judge_template", "judge_templates", "untold"]

SHELL = "shell"
"""What people call the template of the whole; a section's is called by its id."""


def judge_templates(report: Report, outputs: Iterable[Usable], search: SearchPath) -> Iterator[Finding]:
    """Yield what is wrong with the templates in use that are not ours; a report without any loads nothing for it."""
    for usable in outputs:
        renderer = usable.given.value
        if isinstance(renderer, TemplateKeeper):
            job = Job(report, usable.output, search, report.file_title)
            for section in ("", *(section.id for section in report)):
                path = _own(job, renderer, section)
                yield from judge_template(usable.given, path, job, section) if path else ()


def _own(job: Job, keeper: TemplateKeeper, section: str) -> Path | None:
    """Return the template of a section, or the shell of the profile or of all, where it is not one of ours."""
    shell = keeper.template_shell
    names = [section] if section else [f"{shell}.{job.output.profile}", shell]
    paths = (job.resources.find("templates", f"{name}{keeper.template_suffix}", section) for name in names)
    path = next(filter(None, paths), None)
    return None if path is None or path.is_relative_to(bundled_folder() / "templates") else path


def judge_template(given: Given[Renderer], path: Path, job: Job, section: str) -> Iterator[Finding]:
    """Yield what is wrong with a template; a renderer that fails at it is a finding too."""
    keeper: Any = given.value
    found: list[Finding] = []
    with Guard(given.plugin.title) as guard:
        found.extend(keeper.check_template(path.read_bytes(), path.name, job, section))
    error = guard.error
    if isinstance(error, OSError):
        message = say("模板 {file} 打不开：{error}", file=path.name, error=error.strerror or str(error))
        found.append(Finding(message, section, "TPL-005"))
    elif error is not None:
        place = where(error)
        message = say("插件 {plugin} 检查模板时出错：{error}", plugin=given.plugin.title, error=raised(error))
        yield Finding(message, rule="PLG-003", location=Location(place[0] or given.plugin.file, place[1]))
    for finding in found:
        yield replace(finding, location=replace(finding.location or Location(""), file=str(path)))


def untold(findings: Iterable[Finding], told: Iterable[Finding]) -> Iterator[Finding]:
    """Yield the findings without those on templates that have been told before."""
    known = {(finding.rule, finding.message) for finding in told if finding.rule.startswith("TPL-")}
    return (finding for finding in findings if (finding.rule, finding.message) not in known)
