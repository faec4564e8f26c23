"""The making of a document, from the job to its bytes: the recipe, the template made of it once, the values."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from functools import lru_cache
from typing import Any

from jinja2 import TemplateError as JinjaError
from markupsafe import Markup

from baogao.errors import TemplateError
from baogao.model.findings import Finding, Severity
from baogao.model.jobs import Job
from baogao.model.report import Report, Section
from baogao.templating import report_values
from baogao_docx.compiling.report_template import ReportTemplate, compile_package
from baogao_docx.drawing.contents import draw_contents
from baogao_docx.drawing.narrative import draw_narrative
from baogao_docx.drawing.signing import closing_indents, enclosure_indents
from baogao_docx.profiles import asked, is_sealed, shell_values
from baogao_docx.template.collecting import Templates, find_templates
from baogao_docx.template.composing import Composed
from baogao_docx.template.recipes import Recipe, recipe_of

__all__ = ["draw_document", "made_on", "template_of", "template_values", "values"]

MOST_KEPT = 32
"""How many templates are kept ready; so memory is the same for ten reports and ten thousand."""


def draw_document(job: Job) -> bytes:
    """Return the document; raise TemplateError with all faults of all templates."""
    recipe = recipe_of(job)
    texts = template_values(job)
    faults = _faults(recipe, _names(texts))
    if any(fault.severity is Severity.ERROR for fault in faults):
        raise TemplateError(faults)
    composed, template = template_of(recipe)
    try:
        return template.fill(values(job, composed))
    except JinjaError as exc:
        raise TemplateError(find_templates(recipe).failures(texts, exc)) from exc


@lru_cache(maxsize=MOST_KEPT)
def template_of(recipe: Recipe) -> tuple[Composed, ReportTemplate]:
    """Return the whole template of a recipe, composed and compiled once for all reports that are laid out so."""
    composed = find_templates(recipe).compose()
    return composed, compile_package(composed.package)


@lru_cache(maxsize=MOST_KEPT)
def _faults(recipe: Recipe, names: Hashable) -> tuple[Finding, ...]:
    """Return every fault of the templates of a recipe, where such names have a value."""
    templates: Templates = find_templates(recipe)
    found = [*templates.faults(), *templates.unnamed(_as_values(names))]
    return tuple(dict.fromkeys(found))


def _names(texts: Any) -> Hashable:
    """Return the names of values, without the values: what is found by its name is found in every report alike."""
    return tuple((name, _names(text)) for name, text in texts.items()) if isinstance(texts, Mapping) else None


def _as_values(names: Any) -> Any:
    return "" if names is None else {name: _as_values(inner) for name, inner in names}


def values(job: Job, composed: Composed) -> dict[str, Any]:
    """Return all the names of the templates; the narratives are set in the styles of the composed shell."""
    last = job.report.sections[-1].id if job.report.sections and composed.signed else ""
    bodies = {
        section.id: draw_narrative(section.blocks, composed.styles, kept=section.id == last) for section in job.report
    }
    texts = template_values(job)
    if asked(job, "contents"):
        texts["shell"]["contents"] = draw_contents(job.report, composed.styles)
    shell = texts["shell"]
    closing: dict[str, Any] = closing_indents(shell["signature"], shell["date"], sealed=is_sealed(job))
    closing["enclosures"] = enclosure_indents(shell["enclosures"])
    sections = {section.id: _section(section, bodies[section.id]) for section in job.report}
    return {**texts, "_closing": closing, "_sections": sections}


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
