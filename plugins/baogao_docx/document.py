"""The making of a document, from the job to its bytes: find the templates, check, compose and fill them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from jinja2 import TemplateError as JinjaError
from markupsafe import Markup

from baogao.errors import TemplateError
from baogao.language import say
from baogao.model.findings import Finding, Location, Severity
from baogao.model.jobs import Job
from baogao.model.report import Report, Section
from baogao.templating import report_values
from baogao_docx.checking import Checked
from baogao_docx.composing import Composed, across_width, compose
from baogao_docx.contents import draw_contents
from baogao_docx.drawing import draw_section
from baogao_docx.filling import fill, filled_parts
from baogao_docx.fonts import font_names, renamed, with_fonts
from baogao_docx.fragments import Fragment, Shell, read_fragment, read_shell, refusals, shell_faults, untold
from baogao_docx.narrative import draw_narrative
from baogao_docx.package import PackageError
from baogao_docx.profiles import asked, shell_values
from baogao_docx.tables import TEXT_WIDTH
from baogao_docx.wordml import node, parse

__all__ = [
    "Templates",
    "draw_document",
    "find_shell",
    "find_templates",
    "made_on",
    "template_values",
    "unopened",
    "values",
]


def draw_document(job: Job) -> bytes:
    """Return the document; raise TemplateError with all faults of all templates."""
    templates = find_templates(job)
    templates.check(job)
    composed = templates.compose()
    try:
        return fill(composed.content, values(job, composed))
    except JinjaError as exc:
        raise TemplateError(templates.failures(job, exc)) from exc


def values(job: Job, composed: Composed) -> dict[str, Any]:
    """Return all the names of the templates; the narratives are set in the styles of the composed shell."""
    last = job.report.sections[-1].id if job.report.sections and composed.signed else ""
    bodies = {
        section.id: draw_narrative(section.blocks, composed.styles, kept=section.id == last) for section in job.report
    }
    texts = template_values(job)
    if asked(job, "contents"):
        texts["shell"]["contents"] = draw_contents(job.report, composed.styles)
    return {**texts, "_sections": {section.id: _section(section, bodies[section.id]) for section in job.report}}


def _section(section: Section, body: Markup) -> dict[str, str]:
    return {"id": section.id, "title": section.title, "body": body}


def template_values(job: Job) -> dict[str, Any]:
    """Return the printed texts that every template of a job may name."""
    # texts stay plain, so that filters see them as they are: the environment escapes what is printed
    told = {name: value if isinstance(value, list) else str(value) for name, value in job.output.options.items()}
    own = {"shell": shell_values(job), "output": told, "_made": made_on(job.report)}
    return {**report_values(job.report, draft=job.draft), **own}


def made_on(report: Report) -> str:
    """Return when the document was made, as far as the report says: a clock would change the bytes."""
    day = report.date.isoformat() if report.date else f"{report.year}-12-31"
    return f"{day}T00:00:00Z"


@dataclass(frozen=True, slots=True)
class Templates:
    """The shell and a fragment for each section.

    `drawn` are the sections whose fragment was drawn, `landscape` those laid across the page.
    """

    shell: Shell
    fragments: tuple[Fragment, ...]
    drawn: frozenset[str]
    landscape: frozenset[str] = frozenset()

    def compose(self) -> Composed:
        """Return the whole template."""
        return compose(self.shell, self.fragments, self.landscape)

    def check(self, job: Job) -> None:
        """Raise TemplateError with every fault; what was drawn has none."""
        found = [
            *shell_faults(self.shell),
            *untold(self.shell, job.output.options),
            *(fault for fragment in self._own() for fault in refusals(fragment, self.shell)),
        ]
        found.extend(fault for part in self._parts(job) for fault in part.findings())
        if any(fault.severity is Severity.ERROR for fault in found):
            raise TemplateError(dict.fromkeys(found))

    def failures(self, job: Job, error: JinjaError) -> list[Finding]:
        """Return where filling fails; fill each template alone to find out."""
        alone = [fault for part in self._parts(job) if (fault := part.failure())]
        whole = Finding(say("模板填不出来：{error}", error=error.message or ""), rule="TPL-002")
        return alone or [whole]

    def _own(self) -> Iterator[Fragment]:
        return (fragment for fragment in self.fragments if fragment.section not in self.drawn)

    def _parts(self, job: Job) -> Iterator[Checked]:
        texts = {**template_values(job), "_sections": {}}
        package = self.shell.package
        yield Checked(self.shell.name, self.shell.root, {**texts, "sections": Markup("")})
        for part in filled_parts(package)[1:]:
            yield Checked(self.shell.name, parse(package.parts[part]), texts, part=part)
        for fragment in self._own():
            section = job.report.section(fragment.section)
            assert section is not None, "a fragment is of a section of the report"
            own = {"section": _section(section, Markup("")), "cells": texts[section.id]}
            yield Checked(fragment.name, fragment.body, {**texts, **own}, section.id)


def find_templates(job: Job) -> Templates:
    """Return the templates of a job; raise TemplateError where one is missing or cannot be opened."""
    found: list[Finding] = []
    shell = find_shell(job, found)
    fragments = {section.id: _find_fragment(job, section, found) for section in job.report}
    if shell is None or found:
        raise TemplateError(found)
    drawn = frozenset(section.id for section in job.report if fragments[section.id] is None)
    across = _across(job)
    chosen = tuple(fragments[section.id] or _drawn(section, section.id in across) for section in job.report)
    return _with_fonts(Templates(shell, chosen, drawn, across), font_names(job.output.options.get("fonts", {})))


def _drawn(section: Section, across: bool) -> Fragment:
    drawn = draw_section(section, across_width() if across else TEXT_WIDTH)
    return Fragment("", section.id, node("body", *drawn))


def _across(job: Job) -> frozenset[str]:
    """Return the chapters with a wide table, where report.yaml wants these across the page."""
    wide = (section.id for section in job.report if any(table.spec.wide for table in section.tables))
    return frozenset(wide if asked(job, "landscape") else ())


def _with_fonts(templates: Templates, names: Mapping[str, list[str]]) -> Templates:
    """Return the templates in other fonts."""
    shell = templates.shell
    for root in (shell.root, *(fragment.body for fragment in templates.fragments)):
        renamed(root, names)
    return replace(templates, shell=replace(shell, package=with_fonts(shell.package, names)))


def find_shell(job: Job, found: list[Finding]) -> Shell | None:
    """Return the shell of a job, or None, with the finding why."""
    profile = job.output.profile
    own = job.resources.find("templates", f"shell.{profile}.docx") if profile else None
    path = own or job.resources.find("templates", "shell.docx")
    if path is None:
        found.append(Finding(say("找不到外壳模板 shell.docx"), rule="TPL-001", location=Location("shell.docx")))
        return None
    try:
        return read_shell(path)
    except PackageError as exc:
        found.append(unopened(path.name, exc.args[0]))
        return None


def _find_fragment(job: Job, section: Section, found: list[Finding]) -> Fragment | None:
    path = job.resources.find("templates", f"{section.id}.docx", section=section.id)
    if path is None:
        return None
    try:
        return read_fragment(path, section.id)
    except PackageError as exc:
        found.append(unopened(path.name, exc.args[0], section.id))
        return None


def unopened(name: str, damage: str, section: str = "") -> Finding:
    """Return the finding that a template cannot be opened."""
    message = say("模板 {file} 打不开：{error}", file=name, error=damage)
    return Finding(message, section, "TPL-005", location=Location(name), hint=say("用 Word 或 WPS 打开后另存为 .docx"))
