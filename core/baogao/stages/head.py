"""HEAD: what is known of a report before any of its sections is read."""

from __future__ import annotations

from dataclasses import replace

from jinja2 import TemplateError

from baogao.errors import InputError
from baogao.language import say, spoken
from baogao.model.findings import Finding, Location
from baogao.model.forms import Edition
from baogao.model.report import Head
from baogao.stages.load import Project
from baogao.stages.plan import Plan
from baogao.templating import fill_text

__all__ = ["head_of"]


def head_of(project: Project, edition: Edition, plan: Plan) -> Head:
    """Return the report's head; its title is the typed one, or the form's heading filled in.

    Raise InputError where what form.yaml says of it cannot be filled in.
    """
    head = Head(
        form=edition.form,
        edition=edition.id,
        year=project.year,
        title=edition.title,
        unit=project.unit,
        date=project.date,
        basis=edition.basis,
        form_title=edition.title,
        chapters=edition.chapters,
        years=edition.years,
        due=edition.due,
        not_comparable=plan.not_comparable,
        extends=edition.extends,
    )
    try:
        heading = fill_text(edition.heading, head)
        column = {key: fill_text(text, head) for key, text in edition.column.items()}
    except TemplateError as exc:
        message = say("form.yaml 的 heading 或 column 有误：{error}", error=spoken(exc))
        raise InputError([Finding(message, rule="SRC-010", location=Location("form.yaml"))]) from exc
    return replace(head, title=project.title or heading, heading=heading, column=column)
