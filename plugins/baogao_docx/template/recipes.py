"""What the template of a whole report is made of: the files that were found, and the look of what is drawn."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from pathlib import Path

from baogao.errors import TemplateError
from baogao.language import Message, say
from baogao.model.findings import Finding, Location
from baogao.model.jobs import Job
from baogao.model.report import Section
from baogao_docx.drawing.fonts import font_names
from baogao_docx.drawing.sections import look_of
from baogao_docx.profiles import asked, shell_files

__all__ = ["Chapter", "Recipe", "TemplateFile", "find_shell_file", "recipe_of", "unopened"]


@dataclass(frozen=True, slots=True)
class TemplateFile:
    """A template as it was read."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A section's part in a recipe: the file of its fragment, or the look of the one that is drawn for it."""

    section: Section = field(compare=False, repr=False)
    file: TemplateFile | None
    look: Hashable
    across: bool


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a template is composed of: equal recipes make the same template."""

    shell: TemplateFile
    chapters: tuple[Chapter, ...]
    fonts: tuple[tuple[str, tuple[str, ...]], ...] = ()


def recipe_of(job: Job) -> Recipe:
    """Return the recipe of a job; raise TemplateError where a template is missing or cannot be read."""
    found: list[Finding] = []
    shell = find_shell_file(job, found)
    across = _across(job)
    chapters = tuple(_chapter(job, section, section.id in across, found) for section in job.report)
    if shell is None or found:
        raise TemplateError(found)
    fonts = font_names(job.output.options.get("fonts", {}))
    return Recipe(shell, chapters, tuple((role, tuple(names)) for role, names in fonts.items()))


def _across(job: Job) -> frozenset[str]:
    """Return the chapters with a wide table, where report.yaml wants these across the page."""
    wide = (section.id for section in job.report if any(table.spec.wide for table in section.tables))
    return frozenset(wide if asked(job, "landscape") else ())


def find_shell_file(job: Job, found: list[Finding]) -> TemplateFile | None:
    """Return the shell of a job, or None, with the finding why."""
    places = (job.resources.find("templates", name) for name in shell_files(job.output.profile))
    path = next(filter(None, places), None)
    if path is None:
        found.append(Finding(say("找不到外壳模板 shell.docx"), rule="TPL-001", location=Location("shell.docx")))
        return None
    return _read(path, "", found)


def _chapter(job: Job, section: Section, across: bool, found: list[Finding]) -> Chapter:
    path = job.resources.find("templates", f"{section.id}.docx", section=section.id)
    file = _read(path, section.id, found) if path else None
    return Chapter(section, file, section.id if file else look_of(section), across)


def _read(path: Path, section: str, found: list[Finding]) -> TemplateFile | None:
    try:
        return TemplateFile(path.name, path.read_bytes())
    except OSError as exc:
        found.append(unopened(path.name, say("读不出来（{error}）", error=exc.strerror or ""), section))
        return None


def unopened(name: str, damage: Message, section: str = "") -> Finding:
    """Return the finding that a template cannot be opened."""
    message = say("模板 {file} 打不开：{error}", file=name, error=damage)
    return Finding(message, section, "TPL-005", location=Location(name), hint=say("用 Word 或 WPS 打开后另存为 .docx"))
