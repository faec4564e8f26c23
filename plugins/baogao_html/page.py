"""The page, from the inside out: narrative and tables, the fragments of the sections, the page around them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from markupsafe import Markup

from baogao.errors import TemplateError
from baogao.model.tables import Table
from baogao.templating import report_values
from baogao_html.drawing import TABLE_NAMES, Drawing
from baogao_html.narrative import stretches
from baogao_html.template_file import TemplateFile, open_template

if TYPE_CHECKING:
    from baogao.model.findings import Finding
    from baogao.model.jobs import Job
    from baogao.model.report import Report, Section

__all__ = ["Page", "draw_page", "names_of"]

SITE = ("name", "domain", "id")


def draw_page(job: Job) -> str:
    """Return the page of a report; raise TemplateError with every fault in its templates."""
    return Page(job).draw(names_of(job))


def names_of(job: Job) -> dict[str, Any]:
    """Return all that any template of the page may name: `report`, and each section by its id."""
    names = report_values(job.report, draft=job.draft)
    head = names["report"]
    head["unit"]["website"] = _website(job.report)
    head["published"] = f"{job.report.date.isoformat()} 00:00" if job.report.date else ""
    return names


def _website(report: Report) -> dict[str, str]:
    """Return what is known of the site, "" for what is not; an id typed as a number is printed as typed."""
    website = report.unit.extra.get("website")
    known = cast("Mapping[str, object]", website if isinstance(website, Mapping) else {})
    return {**dict.fromkeys(SITE, ""), **{name: str(value) for name, value in known.items() if value is not None}}


@dataclass(frozen=True)
class Page:
    """The templates of one page, opened and checked together before any is used."""

    job: Job

    @cached_property
    def shell(self) -> TemplateFile:
        """Return the template of the page itself."""
        return open_template(self.job, ("page.html",))

    @cached_property
    def fragments(self) -> dict[str, TemplateFile]:
        """Return the template of each section: its own, or the one for any."""
        return {section.id: self._fragment(section.id) for section in self.job.report}

    @cached_property
    def tables(self) -> dict[str, TemplateFile]:
        """Return the template that draws the tables of each section."""
        return {
            section.id: open_template(self.job, ("table.html",), section.id)
            for section in self.job.report
            if section.tables
        }

    @property
    def templates(self) -> tuple[TemplateFile, ...]:
        """Return all templates, each once."""
        return tuple(dict.fromkeys((self.shell, *self.fragments.values(), *self.tables.values())))

    def _fragment(self, section_id: str) -> TemplateFile:
        return open_template(self.job, (f"{section_id}.html", "section.html"), section_id)

    def draw(self, names: Mapping[str, Any]) -> str:
        """Return the page, with these values for the names in its templates."""
        if found := tuple(dict.fromkeys(self._findings(names))):
            raise TemplateError(found)
        sections = [self._entry(section, names) for section in self.job.report]
        return self.shell.render(_with_sections(names, sections))

    def _findings(self, names: Mapping[str, Any]) -> Iterator[Finding]:
        yield from self.shell.findings(_with_sections(names, []))
        for section in self.job.report:
            yield from self.fragments[section.id].findings(_section_names(section, (), names))
        for template in self.tables.values():
            yield from template.findings({"table": dict.fromkeys(TABLE_NAMES, "")})

    def _entry(self, section: Section, names: Mapping[str, Any]) -> dict[str, str]:
        parts = tuple(self._parts(section))
        html = self.fragments[section.id].render(_section_names(section, parts, names))
        return {"id": section.id, "title": section.title, "html": html}

    def _parts(self, section: Section) -> Iterator[tuple[str, Markup]]:
        """Yield the drawn narrative and tables of a section in their order."""
        for part in stretches(section):
            if isinstance(part, Table):
                yield "table", self.tables[section.id].render({"table": Drawing(part).values(section.title)})
            else:
                yield "body", part


def _with_sections(names: Mapping[str, Any], sections: list[dict[str, str]]) -> dict[str, Any]:
    return {**names, "report": {**names["report"], "sections": sections}}


def _section_names(section: Section, parts: tuple[tuple[str, Markup], ...], names: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a fragment may name: `section`, `cells`, and all the page may."""
    drawn = {
        "id": section.id,
        "title": section.title,
        "body": _joined(parts, "body"),
        "table": _joined(parts, "table"),
        "parts": [html for _, html in parts],
    }
    return {**names, "cells": names[section.id], "section": drawn}


def _joined(parts: tuple[tuple[str, Markup], ...], kind: str) -> Markup:
    return Markup("\n").join(html for part_kind, html in parts if part_kind == kind)
