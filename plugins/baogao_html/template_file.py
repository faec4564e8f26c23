"""One HTML template: found, read, checked before it is used, and rendered in the sandbox."""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Template, TemplateRuntimeError, UndefinedError
from jinja2.meta import find_undeclared_variables
from markupsafe import Markup

from baogao.errors import TemplateError
from baogao.files.text import read_text, text_of
from baogao.language import Message, say
from baogao.model.findings import Finding, Location
from baogao.templating import ReportEnvironment, failure, faults, glued_figures
from baogao_html.outside import outside_things

if TYPE_CHECKING:
    from baogao.model.jobs import Job

__all__ = ["TemplateFile", "open_template", "read_template"]

INLINE_TAG = re.compile(r"</?(?:a|b|data|em|i|small|span|strong|sub|sup)(?:\s[^>]*)?>")
FULL_WIDTH = re.compile(r"｛[｛{%％#＃]|\{[｛％＃]|[｝}%％#＃]｝|[｝％＃]\}")
READING_RULES = {"SRC-001": "TPL-001"}


@dataclass(frozen=True, slots=True)
class TemplateFile:
    """The source of a template, and the name it has in messages; `problems` say why it could not be read."""

    file: str
    source: str = ""
    problems: tuple[Finding, ...] = ()

    def findings(self, values: Mapping[str, Any]) -> Iterator[Finding]:
        """Yield what is wrong with the template before it is used."""
        yield from self.problems
        for fault in faults(self.source, values):
            yield self.finding(fault.rule, fault.message, fault.line)
        yield from (self.finding(rule, message, line) for line, rule, message in _misused(self.source))

    def finding(self, rule: str, message: Message, line: int) -> Finding:
        """Return a finding at a line of this template."""
        said = say("模板 {file} 第 {line} 行：{message}", file=self.file, line=line, message=message)
        return Finding(said, rule=rule, location=Location(self.file, line))

    def render(self, values: Mapping[str, Any]) -> Markup:
        """Return the markup; raise TemplateError with the line of what only shows itself now."""
        try:
            return Markup(_compiled(self.source, self.file).render(values))  # noqa: S704  # the template escaped every value
        except (TemplateRuntimeError, TypeError, ValueError) as exc:
            rule = "TPL-003" if isinstance(exc, UndefinedError) else "TPL-002"
            message = say("模板无法套用：{error}", error=failure(exc))
            raise TemplateError([self.finding(rule, message, _line(exc, self.file))]) from exc

    @property
    def names(self) -> frozenset[str]:
        """Return the names the template takes from outside."""
        return _names(self.source)


def open_template(job: Job, names: tuple[str, ...], section: str = "") -> TemplateFile:
    """Return the first of these templates that exists, or one whose problem is that none does."""
    found = (job.resources.find("templates", name, section=section) for name in names)
    path = next((path for path in found if path is not None), None)
    if path is None:
        return _missing(names[-1])
    return _read(path, _shown(path, job.report.folder))


def _missing(name: str) -> TemplateFile:
    hint = say("重新安装 baogao，或在 templates/ 中放入这个文件")
    message = say("找不到模板 {file}", file=name)
    return TemplateFile(name, "", (Finding(message, rule="TPL-001", hint=hint, location=Location(name)),))


def _shown(path: Path, folder: str) -> str:
    """Return how a template is called in messages: from the report's folder on, or its bare name."""
    inside = bool(folder) and path.is_relative_to(folder)
    return path.relative_to(folder).as_posix() if inside else path.name


def _read(path: Path, file: str) -> TemplateFile:
    read = read_text(path, file)
    if not read.broken:
        return TemplateFile(file, read.text)
    return TemplateFile(file, "", tuple(_as_template_problem(problem) for problem in read.problems))


def read_template(content: bytes, file: str) -> TemplateFile:
    """Return a template of these bytes."""
    read = text_of(content, file)
    return TemplateFile(file, read.text, tuple(_as_template_problem(problem) for problem in read.problems))


def _as_template_problem(problem: Finding) -> Finding:
    return replace(problem, rule=READING_RULES.get(problem.rule, "TPL-005"))


@lru_cache(maxsize=256)
def _compiled(source: str, file: str) -> Template:
    """Compile once; a run over a thousand reports uses the same few templates."""
    environment = ReportEnvironment()
    code = environment.compile(source, name=file, filename=file)
    return Template.from_code(environment, code, environment.make_globals(None))


@lru_cache(maxsize=256)
def _names(source: str) -> frozenset[str]:
    return frozenset(find_undeclared_variables(ReportEnvironment().parse(source)))


@lru_cache(maxsize=256)
def _misused(source: str) -> tuple[tuple[int, str, Message], ...]:
    """Return what no template may hold, whatever its names mean, each with its line and the rule it breaks."""
    found: list[tuple[int, str, Message]] = []
    for number, line in enumerate(source.split("\n"), 1):
        found.extend((number, "TPL-004", glued) for glued in glued_figures(INLINE_TAG.sub("", line)))
        if FULL_WIDTH.search(line):
            found.append((number, "TPL-002", say("标记用了全角的括号，应改为半角的 {tag}", tag="{{ }}")))
    found.extend((line, "TPL-004", message) for line, message in outside_things(source))
    return tuple(sorted(found, key=lambda one: one[0]))


def _line(error: BaseException, file: str) -> int:
    """Return the line of the template an error came from; Jinja puts it into the traceback."""
    frames = traceback.extract_tb(error.__traceback__)
    return next((frame.lineno or 1 for frame in reversed(frames) if frame.filename == file), 1)
